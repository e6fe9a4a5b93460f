import { expectShape, type Shape, sizeOf } from "../shape.ts";

/**
 * Shape rule of kernels whose element i of `result` depends on element i of each input: all inputs are of one shape.
 *
 * @param operations floating-point operations an element; a transcendental function counts as 1
 * @throws ShapeError naming the first input that has another shape than the first of all
 */
export function inferElementwise(
  name: string,
  operations: number,
  shapes: Readonly<Record<string, Shape>>,
  constants: Readonly<Record<string, number>> = {},
) {
  const [[, result], ...others] = Object.entries(shapes) as [[string, Shape], ...[string, Shape][]];
  for (const [input, shape] of others) expectShape(name, input, shape, result);
  return { shapes: { result }, constants, flops: operations * sizeOf(result) };
}
