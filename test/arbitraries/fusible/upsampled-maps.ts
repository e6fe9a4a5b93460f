import fc from "fast-check";
import { convolutionDrive, convolutionTransport } from "../../../src/compute/kernels/convolution.ts";
import { add, addBias } from "../../../src/compute/kernels/pointwise.ts";
import { upsampleNearest, upsampleNearestTransport } from "../../../src/compute/kernels/upsample.ts";
import { windowPositions } from "../../../src/compute/kernels/window.ts";
import { convolutionUpdate } from "../../../src/compute/kernels/window-update.ts";
import type { Shape } from "../../../src/compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../../../src/compute/trace.ts";
import { projections } from "../window-cases.ts";
import { asItIs, type Called } from "./called.ts";

/** Maps that are brought to the positions of a window, and what is made of them and of one map of errors. */
export const drawnUpsampledMaps = fc
  .record({
    projection: projections.filter(({ postUnits }) => postUnits <= 300),
    within: fc.boolean(),
    shrink: fc.record({ rows: fc.integer({ min: 1, max: 3 }), columns: fc.integer({ min: 1, max: 3 }) }),
    sources: fc.integer({ min: 1, max: 3 }),
    /** Of each source: whether its transport, or the sum up to it, has a bias. */
    biases: fc.array(fc.constantFrom("none", "none", "transport", "sum"), { minLength: 3, maxLength: 3 }),
    ownBias: fc.boolean(),
    /** Whether the errors depend on what was made of the maps, so that nothing of theirs is there before. */
    recurrent: fc.boolean(),
    /** Whether one more update is of a map that the first drive leads to, and so cannot share its step. */
    late: fc.boolean(),
    alsoRead: fc.constantFrom("nothing", "nothing", "nothing", "upsampled", "one transport", "one drive"),
  })
  .map(({ within, projection, ...rest }) => ({
    ...rest,
    projection: within ? { ...projection, attributes: { ...projection.attributes, padding: 0 } } : projection,
  }))
  .filter(
    ({ projection: { attributes } }) =>
      windowPositions(Math.min(attributes.map.height, attributes.map.width), attributes) >= 1,
  );
export type DrawnUpsampledMaps = typeof drawnUpsampledMaps extends fc.Arbitrary<infer T> ? T : never;

/** Forward sum_i transport(up(x_i), W_i) + bias; backward up^T(drive(e, W_i)) and the updates of all W_i. */
export function traceUpsampledMaps(
  trace: Trace,
  { projection, shrink, sources, biases, ownBias, recurrent, late, alsoRead }: DrawnUpsampledMaps,
  called: Called = asItIs,
): void {
  const { attributes, samples, units, patch } = projection;
  const { map, filters } = attributes;
  const [height, width] = [windowPositions(map.height, attributes), windowPositions(map.width, attributes)];
  const source = {
    height: Math.ceil(height / shrink.rows),
    width: Math.ceil(width / shrink.columns),
    channels: filters,
  };
  const larger = { map: source, height, width };
  const input = (name: string, shape: Shape) => trace.input(called(name), shape);
  const output = (name: string, tensor: Tensor) => trace.output(called(name), tensor);
  const weights = Array.from({ length: sources }, (_, index) => input(`weight${index}`, [1, filters, patch]));
  const upsampled = weights.map((_, index) => {
    const rates = input(`rates${index}`, [samples, source.height * source.width * filters]);
    return upsampleNearest({ rates }, larger).result;
  });
  const biased = (given: Tensor, name: string) => {
    const bias = input(name, [1, ownBias ? units : map.channels]);
    return reshape(addBias({ drive: reshape(given, [samples, 1, units]), bias }).result, [samples, units]);
  };
  let sum: Tensor | undefined;
  upsampled.forEach((rates, index) => {
    const error = reshape(rates, [samples, 1, height * width * filters]);
    const { result } = convolutionTransport({ error, weight: weights[index]! }, attributes);
    if (alsoRead === "one transport" && index === 0) output("also", add({ left: result, right: result }).result);
    const term = biases[index] === "transport" ? biased(result, `bias${index}`) : result;
    sum = sum ? add({ left: sum, right: term }).result : term;
    if (biases[index] === "sum") sum = biased(sum, `bias${index}`);
  });
  output("sum", sum!);
  if (alsoRead === "upsampled") output("also", upsampled[0]!);
  const rates = recurrent ? sum! : input("error", [samples, units]);
  const results = weights.map((weight, index) => {
    const { drive } = convolutionDrive({ rates, weight }, attributes);
    if (alsoRead === "one drive" && index === 0) output("also", drive);
    const error = reshape(drive, [samples, height * width * filters]);
    const { result } = upsampleNearestTransport({ error }, larger);
    output(`result${index}`, result);
    return result;
  });
  const lateMaps = late
    ? [upsampleNearest({ rates: add({ left: results[0]!, right: results[0]! }).result }, larger).result]
    : [];
  [...upsampled, ...lateMaps].forEach((map, index) => {
    const error = reshape(map, [samples, 1, height * width * filters]);
    output(`update${index}`, convolutionUpdate({ error, rates }, attributes).update);
  });
}
