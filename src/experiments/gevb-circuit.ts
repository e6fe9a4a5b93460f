import { circuit, dense, gated, he, onOff } from "../circuits/circuit.ts";
import type { CircuitDescription } from "../circuits/description.ts";
import { DescriptionError } from "../compute/errors.ts";
import type { Architecture, GateSharing, UnitKind } from "./gevb-choices.ts";

/**
 * The dense vectorized network of the gevb paper: a mixed projection from the pixels, then hidden vector populations
 * and one vector unit that reports the class, all connected under one sign constraint. In the paper excitatory circuits start
 * from ON/OFF weights, mixed ones from He's.
 * Source: Clark, Abbott & Chung 2021, sections 3 and 4; MNIST: 784-1024-512-10.
 *
 * @throws DescriptionError where architecture or kind of units cannot be built
 */
export function gevbCircuit(options: {
  /** What the input shows. */
  image: { readonly height: number; readonly width: number; readonly channels: number };
  /** Default "dense". */
  arch?: Architecture;
  /** Default "vector". */
  units?: UnitKind;
  /** Units of each hidden population. */
  hidden: readonly number[];
  classes: number;
  sign: "excitatory" | "mixed";
  /** How weights start; default "on-off" in excitatory circuits, "he" in mixed ones. */
  initial?: "on-off" | "he";
  /** Whether the positions of a channel share a gating vector; default "channel". In dense circuits every unit has its own. */
  gates?: GateSharing;
}): CircuitDescription {
  const { image, arch = "dense", units: kind = "vector", hidden, classes: dimension, sign } = options;
  if (arch !== "dense" || kind !== "vector")
    throw new DescriptionError(
      `gevb: arch "${arch}" with units "${kind}" cannot be built, only "dense" with "vector" can; choose these two`,
    );
  const pixels = image.height * image.width * image.channels;
  const { initial: start = sign === "excitatory" ? "on-off" : "he" } = options;
  const initial = start === "on-off" ? onOff() : he();
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
