import fc from "fast-check";
import { multiplyByTranspose, multiplyTransposed } from "../../../src/compute/kernels/contraction.ts";
import { convolutionTransport } from "../../../src/compute/kernels/convolution.ts";
import { relu, tanh } from "../../../src/compute/kernels/gain.ts";
import { applyGate, vectorGateMask } from "../../../src/compute/kernels/gate.ts";
import { sgdStep } from "../../../src/compute/kernels/optimiser.ts";
import { add, addBias } from "../../../src/compute/kernels/pointwise.ts";
import { upsampleNearest } from "../../../src/compute/kernels/upsample.ts";
import type { Shape } from "../../../src/compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../../../src/compute/trace.ts";
import { asItIs, type Called } from "./called.ts";
import { updateBounds } from "./updates.ts";

/** A map whose steps several rules would take: its source, its bias and what is made of the two. */
export const drawnContestedMap = fc.record({
  samples: fc.integer({ min: 1, max: 3 }),
  channels: fc.integer({ min: 1, max: 4 }),
  source: fc.constantFrom("upsampled map", "two upsampled maps", "product", "input"),
  result: fc.constantFrom("rectified", "gated", "saturated"),
  /** Whether each unit has a bias of its own, not each channel. */
  ownBias: fc.boolean(),
  /** Whether weights are learned from the result, so that a product of it ends in an optimiser's step. */
  learned: fc.boolean(),
  alsoRead: fc.constantFrom("nothing", "nothing", "source", "biased"),
});
export type DrawnContestedMap = typeof drawnContestedMap extends fc.Arbitrary<infer T> ? T : never;

const [side, kernel, filters] = [5, 2, 3];
const positions = side - kernel + 1;
const unitsOf = ({ channels }: DrawnContestedMap) => side * side * channels;

export const residentsOfContestedMap = (
  drawn: DrawnContestedMap,
  called: Called = asItIs,
): Readonly<Record<string, Shape>> => (drawn.learned ? { [called("learned")]: [unitsOf(drawn), 2] } : {});

export function traceContestedMap(trace: Trace, drawn: DrawnContestedMap, called: Called = asItIs): void {
  const { samples, channels, source, result, ownBias, learned, alsoRead } = drawn;
  const units = unitsOf(drawn);
  const input = (name: string, shape: Shape) => trace.input(called(name), shape);
  const output = (name: string, tensor: Tensor) => trace.output(called(name), tensor);
  const transported = (index: number): Tensor => {
    const larger = { map: { height: 2, width: 3, channels: filters }, height: positions, width: positions };
    const up = upsampleNearest({ rates: input(`map${index}`, [samples, 6 * filters]) }, larger).result;
    const window = { map: { height: side, width: side, channels }, kernel, stride: 1, padding: 0, filters };
    const weight = input(`filters${index}`, [1, filters, kernel * kernel * channels]);
    return convolutionTransport({ error: reshape(up, [samples, 1, positions ** 2 * filters]), weight }, window).result;
  };
  const driven = {
    "upsampled map": () => transported(0),
    "two upsampled maps": () => add({ left: transported(0), right: transported(1) }).result,
    product: () =>
      multiplyByTranspose({ left: input("rates", [samples, 4]), right: input("weight", [units, 4]) }).product,
    input: () => input("drive", [samples, units]),
  }[source]();
  const drive = reshape(driven, [samples, 1, units]);
  const biased = addBias({ drive, bias: input("bias", [1, ownBias ? units : channels]) }).result;
  if (alsoRead === "source") output("also", add({ left: driven, right: driven }).result);
  if (alsoRead === "biased") output("also", biased);
  const gated = () => {
    const { mask } = vectorGateMask({ drive: biased, gatingVectors: input("gates", [1, channels]) });
    return applyGate({ values: biased, mask }).result;
  };
  const rates = {
    rectified: () => relu({ values: biased }).result,
    gated,
    saturated: () => tanh({ values: biased }).result,
  }[result]();
  output("rates", rates);
  if (!learned) return;
  const left = reshape(rates, [samples, units]);
  const gradient = multiplyTransposed({ left, right: input("presynaptic", [samples, 2]) }).product;
  const weight = trace.resident(called("learned"));
  trace.assign(called("learned"), sgdStep({ weight, gradient, schedule: input("schedule", [1]) }, updateBounds).weight);
}
