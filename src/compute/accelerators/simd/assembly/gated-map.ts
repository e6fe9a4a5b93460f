// Bias, gate and average pool of vector units over some rows of a map, while their drive is in the cache. Strides are
// bytes, sizes elements; a step of 0 between positions means that all positions share a bias or gating vector.

/** mask[p, f] = 1 where sum_k gating[k, p, f] (drive[k, p, f] + bias[k, p, f]) >= 0, else 0 */
export function maskPositions(
  drive: usize,
  driveComponent: usize,
  bias: usize,
  biasComponent: usize,
  biasStep: usize,
  gating: usize,
  gatingComponent: usize,
  gatingStep: usize,
  mask: usize,
  dimension: usize,
  positions: usize,
  filters: usize,
): void {
  const row = filters << 2;
  const whole = (filters & ~3) << 2;
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  for (let p: usize = 0; p < positions; p++) {
    const driven = drive + p * row;
    const biased = bias + p * biasStep;
    const gated = gating + p * gatingStep;
    const target = mask + p * row;
    for (let i: usize = 0; i < whole; i += 16) {
      let sum = zero;
      let d = driven + i;
      let b = biased + i;
      let g = gated + i;
      for (let k: usize = 0; k < dimension; k++) {
        sum = f32x4.add(sum, f32x4.mul(f32x4.add(v128.load(d), v128.load(b)), v128.load(g)));
        d += driveComponent;
        b += biasComponent;
        g += gatingComponent;
      }
      v128.store(target + i, v128.and(f32x4.ge(sum, zero), one));
    }
    for (let i = whole; i < row; i += 4) {
      let sum: f32 = 0;
      for (let k: usize = 0; k < dimension; k++)
        sum +=
          (load<f32>(driven + k * driveComponent + i) + load<f32>(biased + k * biasComponent + i)) *
          load<f32>(gated + k * gatingComponent + i);
      store<f32>(target + i, sum >= 0 ? 1 : 0);
    }
  }
}

/** pooled[k, p, f] = mean over the window at p of (drive + bias) mask, for `outRows` rows of windows */
export function poolGated(
  drive: usize,
  driveComponent: usize,
  bias: usize,
  biasComponent: usize,
  biasStep: usize,
  mask: usize,
  pooled: usize,
  pooledComponent: usize,
  dimension: usize,
  width: usize,
  filters: usize,
  kernel: usize,
  stride: usize,
  outRows: usize,
  outWidth: usize,
): void {
  const row = filters << 2;
  const whole = (filters & ~3) << 2;
  const scale: f32 = 1 / f32(kernel * kernel);
  const scales = f32x4.splat(scale);
  for (let k: usize = 0; k < dimension; k++) {
    const driven = drive + k * driveComponent;
    const biased = bias + k * biasComponent;
    let target = pooled + k * pooledComponent;
    for (let outRow: usize = 0; outRow < outRows; outRow++)
      for (let outColumn: usize = 0; outColumn < outWidth; outColumn++) {
        const corner = outRow * stride * width + outColumn * stride;
        for (let i: usize = 0; i < whole; i += 16) {
          let sum = f32x4.splat(0);
          for (let y: usize = 0; y < kernel; y++) {
            const position = corner + y * width;
            let at = position * row + i;
            let b = biased + position * biasStep + i;
            for (let x: usize = 0; x < kernel; x++) {
              const value = f32x4.add(v128.load(driven + at), v128.load(b));
              sum = f32x4.add(sum, f32x4.mul(value, v128.load(mask + at)));
              at += row;
              b += biasStep;
            }
          }
          v128.store(target + i, f32x4.mul(sum, scales));
        }
        for (let i = whole; i < row; i += 4) {
          let sum: f32 = 0;
          for (let y: usize = 0; y < kernel; y++)
            for (let x: usize = 0; x < kernel; x++) {
              const position = corner + y * width + x;
              const at = position * row + i;
              sum += (load<f32>(driven + at) + load<f32>(biased + position * biasStep + i)) * load<f32>(mask + at);
            }
          store<f32>(target + i, sum * scale);
        }
        target += row;
      }
  }
}
