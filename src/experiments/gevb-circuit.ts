import { circuit, dense, gated, he, onOff } from "../circuits/circuit.ts";
import type { CircuitDescription } from "../circuits/description.ts";

/**
 * The dense vectorized network of the gevb paper: a mixed projection from the pixels, then hidden vector populations
 * and one vector unit that reports the class, all connected under one sign constraint. Excitatory circuits start from
 * ON/OFF weights, mixed ones from He's.
 * Source: Clark, Abbott & Chung 2021, sections 3 and 4; MNIST: 784-1024-512-10.
 */
export function gevbCircuit(options: {
  /** Input units. */
  pixels: number;
  /** Units of each hidden population. */
  hidden: readonly number[];
  classes: number;
  sign: "excitatory" | "mixed";
}): CircuitDescription {
  const { pixels, hidden, classes: dimension, sign } = options;
  const initial = sign === "excitatory" ? onOff() : he();
  return circuit(`vector-${[pixels, ...hidden, dimension].join("-")}`, (c) => {
    let pre = c.input("pixels", { units: pixels });
    [...hidden, 1].forEach((units, index) => {
      const isReport = index === hidden.length;
      const name = isReport ? "report" : `v${index + 1}`;
      const post = c.population(name, { units, dimension, gain: isReport ? "linear" : gated() });
      c.project(pre, post, { topology: dense(), sign: index === 0 ? "mixed" : sign, initial });
      pre = post;
    });
  });
}
