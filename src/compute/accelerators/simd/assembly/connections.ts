// Which weights take part, and the signs that presynaptic units give them. Counts are elements.

/** result[i] = values[i] where scores[i] >= threshold[0], else 0 */
export function keepAbove(values: usize, scores: usize, threshold: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  const least = load<f32>(threshold);
  const leastLanes = f32x4.splat(least);
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, v128.and(v128.load(values + i), f32x4.ge(v128.load(scores + i), leastLanes)));
  for (let i = whole; i < count << 2; i += 4)
    store<f32>(result + i, load<f32>(scores + i) >= least ? load<f32>(values + i) : 0);
}

/** result[row, j] = max(weight[row, j], 0) for j < inhibitoryFrom, min(weight[row, j], 0) from there on */
export function restoreDale(weight: usize, result: usize, count: usize, pre: usize, inhibitoryFrom: usize): void {
  const row = pre << 2;
  const excitatory = inhibitoryFrom << 2;
  const zero = f32x4.splat(0);
  for (let start: usize = 0; start < count << 2; start += row) {
    const from = weight + start;
    const to = result + start;
    let i: usize = 0;
    for (; i + 16 <= excitatory; i += 16) v128.store(to + i, f32x4.max(v128.load(from + i), zero));
    for (; i < excitatory; i += 4) store<f32>(to + i, max<f32>(load<f32>(from + i), 0));
    for (; i + 16 <= row; i += 16) v128.store(to + i, f32x4.min(v128.load(from + i), zero));
    for (; i < row; i += 4) store<f32>(to + i, min<f32>(load<f32>(from + i), 0));
  }
}
