import fc from "fast-check";
import { relu } from "../../../src/compute/kernels/gain.ts";
import { reluError } from "../../../src/compute/kernels/gain-error.ts";
import { addBias } from "../../../src/compute/kernels/pointwise.ts";
import { maxPoolTransport } from "../../../src/compute/kernels/pooling.ts";
import type { Shape } from "../../../src/compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../../../src/compute/trace.ts";
import { asItIs, type Called } from "./called.ts";

/** A map of rates and an error that comes back through a pool of it. */
export const drawnRectifiedMap = fc
  .record({
    samples: fc.integer({ min: 1, max: 3 }),
    channels: fc.integer({ min: 1, max: 21 }),
    kernel: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 3, max: 7 }),
    width: fc.integer({ min: 3, max: 7 }),
    alsoRead: fc.constantFrom("nothing", "nothing", "biased", "sent"),
    rates: fc.constantFrom("same", "same", "other"),
  })
  // Windows side by side of two sites each way, as most pools are, have a path of their own.
  .chain((drawn) => fc.boolean().map((usual) => (usual ? { ...drawn, kernel: 2, stride: 2 } : drawn)));
export type DrawnRectifiedMap = typeof drawnRectifiedMap extends fc.Arbitrary<infer T> ? T : never;

/** A rectified map forwards, and an error on its way back through a max pool of it. */
export function traceRectifiedMap(
  trace: Trace,
  { samples, channels, kernel, stride, height, width, alsoRead, rates }: DrawnRectifiedMap,
  called: Called = asItIs,
): void {
  const units = height * width * channels;
  const places = (size: number) => Math.floor((size - kernel) / stride) + 1;
  const input = (name: string, shape: Shape) => trace.input(called(name), shape);
  const output = (name: string, tensor: Tensor) => trace.output(called(name), tensor);
  const biased = addBias({
    drive: input("drive", [samples, 1, units]),
    bias: input("bias", [1, channels]),
  }).result;
  const rectified = relu({ values: reshape(biased, [samples * height * width, channels]) }).result;
  const map = reshape(rectified, [samples, units]);
  const error = input("error", [samples, places(height) * places(width) * channels]);
  const sent = maxPoolTransport(
    { error, rates: map },
    { map: { height, width, channels }, kernel, stride, padding: 0 },
  ).result;
  const at = rates === "same" ? map : input("other", [samples, units]);
  output("rates", rectified);
  output("result", reluError({ error: sent, rates: at }).result);
  if (alsoRead === "biased") output("also", biased);
  if (alsoRead === "sent") output("also", sent);
}
