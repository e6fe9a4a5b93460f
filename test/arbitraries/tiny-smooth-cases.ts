import fc from "fast-check";
import { circuit } from "../../src/circuits/circuit.ts";
import type { CircuitDescription } from "../../src/circuits/description.ts";
import { averagePool } from "../../src/circuits/topologies/pooling.ts";
import { convolutional, local } from "../../src/circuits/topologies/windowed.ts";
import { randomStream } from "../../src/compute/random.ts";
import { unitsOf } from "../oracles/circuit-layout.ts";
import { type CircuitCase, circuitCase } from "./circuit-cases.ts";

/** Circuits of 5 to 9 drives with gain functions that have a slope everywhere. */
const describers: readonly ((gain: string, second: string) => CircuitDescription)[] = [
  (gain, second) =>
    circuit("chain", (c) => {
      const first = c.population("first", { units: 3, gain });
      const next = c.population("second", { units: 2, gain: second });
      c.project(c.input("input", { units: 2 }), first);
      c.project(first, next);
      c.project(next, c.population("report", { units: 2 }));
    }),
  (gain) =>
    circuit("vector, with a short cut", (c) => {
      const input = c.input("input", { units: 2 });
      const first = c.population("first", { units: 2, dimension: 2, gain, bias: "none" });
      const report = c.population("report", { units: 1, dimension: 2 });
      c.project(input, first);
      c.project(first, report);
      c.project(input, report);
    }),
  (gain) =>
    circuit("convolution", (c) => {
      const map = c.population("map", { map: { height: 2, width: 2, channels: 1 }, gain });
      const window = convolutional({ kernel: 2, stride: 2, padding: 1 });
      c.project(c.input("input", { map: { height: 2, width: 3, channels: 1 } }), map, { topology: window });
      c.project(map, c.population("report", { units: 2 }));
    }),
  (gain) =>
    circuit("local, pooled", (c) => {
      const map = { height: 2, width: 2, channels: 1 };
      const v1 = c.population("v1", { map, gain, bias: "unit" });
      const pool = c.population("pool", { map: { height: 1, width: 1, channels: 1 }, bias: "none" });
      c.project(c.input("input", { map }), v1, { topology: local({ kernel: 1 }) });
      c.project(v1, pool, { topology: averagePool({ size: 2 }) });
      c.project(pool, c.population("report", { units: 2 }));
    }),
];

const gains = fc.constantFrom("linear", "tanh", "sigmoid", "softplus");

/** One of these circuits with values and one stimulus. */
export const tinySmoothCases: fc.Arbitrary<CircuitCase> = fc
  .tuple(fc.constantFrom(...describers), gains, gains, fc.nat())
  .map(([describe, gain, second, seed]) => {
    const description = describe(gain, second);
    const random = randomStream(seed, "stimulus");
    return circuitCase(description, seed, {
      stimuli: Float32Array.from({ length: unitsOf(description.inputs[0]!) }, () => random.normal()),
      labels: Float32Array.of(random.integer(0, 1)),
    });
  });

/** The case's stimulus once for each pattern of signs that the noise of all its drives can have, with those patterns. */
export function withAllNoise(drawn: CircuitCase): { drawn: CircuitCase; noise: Map<string, Float32Array> } {
  const { populations } = drawn.network;
  const drives = populations.reduce((sum, { dimension, units }) => sum + dimension * units, 0);
  const batch = 2 ** drives;
  const repeat = (values: Float32Array) =>
    Float32Array.from({ length: batch * values.length }, (_, at) => values[at % values.length]!);
  const noise = new Map<string, Float32Array>();
  let first = 0;
  for (const { name, dimension, units } of populations) {
    const count = dimension * units;
    const start = first;
    const sign = (at: number) => ((Math.floor(at / count) >> (start + (at % count))) & 1 ? 1 : -1);
    noise.set(
      name,
      Float32Array.from({ length: batch * count }, (_, at) => sign(at)),
    );
    first += count;
  }
  return { drawn: { ...drawn, batch, stimuli: repeat(drawn.stimuli), labels: repeat(drawn.labels) }, noise };
}
