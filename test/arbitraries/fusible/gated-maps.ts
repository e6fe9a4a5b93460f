import fc from "fast-check";
import { convolutionDrive, localDrive } from "../../../src/compute/kernels/convolution.ts";
import { applyGate, vectorGateMask } from "../../../src/compute/kernels/gate.ts";
import { add, addBias } from "../../../src/compute/kernels/pointwise.ts";
import { averagePool } from "../../../src/compute/kernels/pooling.ts";
import { windowPositions } from "../../../src/compute/kernels/window.ts";
import type { Shape } from "../../../src/compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../../../src/compute/trace.ts";
import { projections } from "../window-cases.ts";
import { asItIs, type Called } from "./called.ts";

/** Whether positions share weights, biases and gating vectors, and how the map is pooled. */
export const drawnGatedMap = fc.record({
  projection: projections.filter(({ postUnits }) => postUnits <= 500),
  from: fc.constantFrom("shared weights", "own weights", "a drive"),
  groups: fc.constantFrom("components", "one"),
  ownBias: fc.boolean(),
  ownGates: fc.boolean(),
  pool: fc.option(fc.record({ kernel: fc.integer({ min: 1, max: 3 }), gap: fc.integer({ min: -1, max: 1 }) })),
  alsoRead: fc.constantFrom("nothing", "nothing", "nothing", "drive", "biased drive", "rates"),
});
export type DrawnGatedMap = typeof drawnGatedMap extends fc.Arbitrary<infer T> ? T : never;

/** The step of a map of gated units as circuits trace it. */
export function traceGatedMap(
  trace: Trace,
  { projection, from, groups, ownBias, ownGates, pool, alsoRead }: DrawnGatedMap,
  called: Called = asItIs,
): void {
  const { attributes, samples: batch, groups: dimension, units, postUnits, patch } = projection;
  const { filters, map } = attributes;
  const [height, width] = [windowPositions(map.height, attributes), windowPositions(map.width, attributes)];
  const input = (name: string, shape: Shape) => trace.input(called(name), shape);
  const output = (name: string, tensor: Tensor) => trace.output(called(name), tensor);
  const driven = () => {
    if (from === "a drive") return input("drive", [batch, dimension, postUnits]);
    const own = from === "own weights";
    const sets = groups === "one" ? 1 : dimension;
    const rates = input("rates", [groups === "one" ? batch * dimension : batch, units]);
    const weight = input("weight", [sets, own ? postUnits : filters, patch]);
    return (own ? localDrive : convolutionDrive)({ rates, weight }, attributes).drive;
  };
  const drive = reshape(driven(), [batch, dimension, postUnits]);
  const bias = input("bias", [dimension, ownBias ? postUnits : filters]);
  const gatingVectors = input("gates", [dimension, ownGates ? postUnits : filters]);
  const biased = addBias({ drive, bias }).result;
  const { mask } = vectorGateMask({ drive: biased, gatingVectors });
  const rates = applyGate({ values: biased, mask }).result;
  output("mask", mask);
  if (alsoRead === "drive") output("also", add({ left: drive, right: drive }).result);
  if (alsoRead === "biased drive") output("also", biased);
  if (!pool || pool.kernel > Math.min(height, width)) {
    output("rates", rates);
    return;
  }
  if (alsoRead === "rates") output("also", add({ left: rates, right: rates }).result);
  const window = { kernel: pool.kernel, stride: Math.max(1, pool.kernel + pool.gap), padding: 0 };
  const pooling = { map: { height, width, channels: filters }, ...window };
  output("pooled", averagePool({ rates: reshape(rates, [batch * dimension, postUnits]) }, pooling).pooled);
}
