/**
 * Row-major values of a shape with its axes in another order: result axis i is axis order[i] of the given values.
 */
export function permuteAxes(data: ArrayLike<number>, shape: readonly number[], order: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const sizes = order.map((axis) => shape[axis]!);
  const result = new Float32Array(data.length);
  for (let at = 0; at < result.length; at++) {
    let rest = at;
    let source = 0;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      source += (rest % sizes[axis]!) * strides[order[axis]!]!;
      rest = Math.floor(rest / sizes[axis]!);
    }
    result[at] = data[source]!;
  }
  return result;
}
