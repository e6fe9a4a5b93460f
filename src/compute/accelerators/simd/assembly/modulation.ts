// Signals that modulate rates, inhibition of return, and rates as binary messages. Counts are elements.

@inline
function modulateLanes(rates: v128, signal: v128, strength: v128): v128 {
  return f32x4.mul(rates, f32x4.sub(f32x4.splat(1), f32x4.mul(strength, signal)));
}

/** result[i] = rates[i] (1 - strength signal[i]) */
export function modulate(rates: usize, signal: usize, result: usize, count: usize, strength: f32): void {
  const whole = (count & ~3) << 2;
  const strengthLanes = f32x4.splat(strength);
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, modulateLanes(v128.load(rates + i), v128.load(signal + i), strengthLanes));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = modulateLanes(v128.load32_splat(rates + i), v128.load32_splat(signal + i), strengthLanes);
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function modulationSlopeLanes(error: v128, rates: v128, strength: v128): v128 {
  return f32x4.mul(f32x4.mul(f32x4.neg(strength), error), rates);
}

/** result[i] = -strength error[i] rates[i] */
export function modulationSlope(error: usize, rates: usize, result: usize, count: usize, strength: f32): void {
  const whole = (count & ~3) << 2;
  const strengthLanes = f32x4.splat(strength);
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, modulationSlopeLanes(v128.load(error + i), v128.load(rates + i), strengthLanes));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = modulationSlopeLanes(v128.load32_splat(error + i), v128.load32_splat(rates + i), strengthLanes);
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function inhibitReturnLanes(rates: v128, inhibition: v128): v128 {
  return f32x4.add(f32x4.mul(rates, f32x4.sub(f32x4.splat(1), inhibition)), inhibition);
}

/** result[i] = rates[i] (1 - inhibition[i]) + inhibition[i] */
export function inhibitReturn(rates: usize, inhibition: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, inhibitReturnLanes(v128.load(rates + i), v128.load(inhibition + i)));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = inhibitReturnLanes(v128.load32_splat(rates + i), v128.load32_splat(inhibition + i));
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function markAttendedLanes(inhibition: v128, signal: v128, threshold: v128): v128 {
  const one = f32x4.splat(1);
  const attended = v128.and(f32x4.lt(signal, threshold), one);
  return v128.and(f32x4.gt(f32x4.add(inhibition, attended), f32x4.splat(0.5)), one);
}

/** result[i] = 1 where inhibition[i] + (1 where signal[i] < threshold, else 0) > 0.5, else 0 */
export function markAttended(inhibition: usize, signal: usize, result: usize, count: usize, threshold: f32): void {
  const whole = (count & ~3) << 2;
  const thresholdLanes = f32x4.splat(threshold);
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, markAttendedLanes(v128.load(inhibition + i), v128.load(signal + i), thresholdLanes));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = markAttendedLanes(v128.load32_splat(inhibition + i), v128.load32_splat(signal + i), thresholdLanes);
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function binariseLanes(rates: v128, threshold: v128): v128 {
  return v128.and(f32x4.gt(rates, threshold), f32x4.splat(1));
}

/** result[i] = 1 where rates[i] > threshold, else 0 */
export function binarise(rates: usize, result: usize, count: usize, threshold: f32): void {
  const whole = (count & ~3) << 2;
  const thresholdLanes = f32x4.splat(threshold);
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, binariseLanes(v128.load(rates + i), thresholdLanes));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = binariseLanes(v128.load32_splat(rates + i), thresholdLanes);
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function binariseSlopeLanes(rates: v128, threshold: v128, sharpness: v128): v128 {
  const one = f32x4.splat(1);
  const root = f32x4.add(one, f32x4.mul(sharpness, f32x4.abs(f32x4.sub(rates, threshold))));
  return f32x4.div(one, f32x4.mul(root, root));
}

/** result[i] = 1 / (1 + sharpness |rates[i] - threshold|)^2 */
export function binariseSlope(rates: usize, result: usize, count: usize, threshold: f32, sharpness: f32): void {
  const whole = (count & ~3) << 2;
  const thresholdLanes = f32x4.splat(threshold);
  const sharpnessLanes = f32x4.splat(sharpness);
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, binariseSlopeLanes(v128.load(rates + i), thresholdLanes, sharpnessLanes));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = binariseSlopeLanes(v128.load32_splat(rates + i), thresholdLanes, sharpnessLanes);
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}
