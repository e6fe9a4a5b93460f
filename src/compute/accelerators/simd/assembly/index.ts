// AssemblyScript: memory-bound kernels four float32 lanes at a time, in place in the program's memory.
// All pointers are byte offsets; counts are elements. Tails shorter than a vector are done one by one.
// Clamps are pmin and pmax, one instruction each where min and max are six; moved values come first, so that NaN stays.
import { add, addRectified, multiply } from "./pointwise";

export * from "./alternating";
export * from "./connections";
export * from "./decision";
export * from "./direction";
export * from "./gain";
export * from "./gain-error";
export * from "./gated-map";
export * from "./modulation";
export * from "./normal-noise";
export * from "./patches";
export * from "./pointwise";
export * from "./pooling";
export * from "./resample";
export * from "./selection";
export * from "./small-products";
export * from "./transpose";
export * from "./upsampled";

/** result[b, k, p, i] = values[b, k, p, i] + bias[k, i] (0 where that is negative, if rectified), i in one period, p over its repeats */
export function addBias(
  values: usize,
  bias: usize,
  result: usize,
  batch: usize,
  dimension: usize,
  repeats: usize,
  period: usize,
  rectified: bool,
): void {
  const stride = period << 2;
  let at: usize = 0;
  for (let b: usize = 0; b < batch; b++)
    for (let k: usize = 0; k < dimension; k++) {
      const run = repeats * stride;
      // Short periods one after the other without a loop for each: their few vectors are soon added.
      if ((period & 3) == 0 && period <= 64) {
        addRepeating(values + at, bias + k * stride, stride, result + at, run, rectified);
        at += run;
        continue;
      }
      for (let p: usize = 0; p < repeats; p++) {
        if (rectified) addRectified(values + at, bias + k * stride, result + at, period);
        else add(values + at, bias + k * stride, result + at, period);
        at += stride;
      }
    }
}

/** result[i] = values[i] + bias[i mod period]; whole vectors, sizes in bytes */
function addRepeating(values: usize, bias: usize, period: usize, result: usize, run: usize, rectified: bool): void {
  const zero = f32x4.splat(0);
  let place: usize = 0;
  for (let i: usize = 0; i < run; i += 16) {
    const sum = f32x4.add(v128.load(values + i), v128.load(bias + place));
    v128.store(result + i, rectified ? f32x4.pmax(sum, zero) : sum);
    place += 16;
    place = place == period ? 0 : place;
  }
}

/** mask[b, p, i] = 1 where sum_k gating[k, i] drive[b, k, p, i] >= 0, else 0; i in one period, p over its repeats */
export function vectorGateMask(
  drive: usize,
  gating: usize,
  mask: usize,
  batch: usize,
  dimension: usize,
  repeats: usize,
  period: usize,
): void {
  const row = period << 2;
  const stride = repeats * row;
  const whole = (period & ~3) << 2;
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  for (let b: usize = 0; b < batch; b++)
    for (let p: usize = 0; p < repeats; p++) {
      const start = drive + b * dimension * stride + p * row;
      const target = mask + b * stride + p * row;
      for (let i: usize = 0; i < whole; i += 16) {
        let sum = zero;
        for (let k: usize = 0; k < dimension; k++)
          sum = f32x4.add(sum, f32x4.mul(v128.load(start + k * stride + i), v128.load(gating + k * row + i)));
        v128.store(target + i, v128.and(f32x4.ge(sum, zero), one));
      }
      for (let i = whole; i < row; i += 4) {
        let sum: f32 = 0;
        for (let k: usize = 0; k < dimension; k++)
          sum += load<f32>(start + k * stride + i) * load<f32>(gating + k * row + i);
        store<f32>(target + i, sum >= 0 ? 1 : 0);
      }
    }
}

/** result[b, k, n] = values[b, k, n] mask[b, n] */
export function applyGate(
  values: usize,
  mask: usize,
  result: usize,
  batch: usize,
  dimension: usize,
  units: usize,
): void {
  const stride = units << 2;
  for (let b: usize = 0; b < batch; b++)
    for (let k: usize = 0; k < dimension; k++) {
      const at = (b * dimension + k) * stride;
      multiply(values + at, mask + b * stride, result + at, units);
    }
}

/** result[b, k, n] = vector[b, k] scale[b, n] */
export function spreadVector(
  vector: usize,
  scale: usize,
  result: usize,
  batch: usize,
  dimension: usize,
  units: usize,
): void {
  const stride = units << 2;
  const whole = (units & ~3) << 2;
  for (let b: usize = 0; b < batch; b++)
    for (let k: usize = 0; k < dimension; k++) {
      const component = load<f32>(vector + ((b * dimension + k) << 2));
      const components = f32x4.splat(component);
      const source = scale + b * stride;
      const target = result + (b * dimension + k) * stride;
      for (let i: usize = 0; i < whole; i += 16) v128.store(target + i, f32x4.mul(v128.load(source + i), components));
      for (let i = whole; i < stride; i += 4) store<f32>(target + i, load<f32>(source + i) * component);
    }
}

/** result[b, n] = sum_k rates[b, k, n] vector[b, k] */
export function projectOnVector(
  rates: usize,
  vector: usize,
  result: usize,
  batch: usize,
  dimension: usize,
  units: usize,
): void {
  const stride = units << 2;
  const whole = (units & ~3) << 2;
  for (let b: usize = 0; b < batch; b++) {
    const start = rates + b * dimension * stride;
    const components = vector + ((b * dimension) << 2);
    const target = result + b * stride;
    for (let i: usize = 0; i < whole; i += 16) {
      let sum = f32x4.splat(0);
      for (let k: usize = 0; k < dimension; k++)
        sum = f32x4.add(
          sum,
          f32x4.mul(v128.load(start + k * stride + i), v128.load32_splat(components + (k << 2))),
        );
      v128.store(target + i, sum);
    }
    for (let i = whole; i < stride; i += 4) {
      let sum: f32 = 0;
      for (let k: usize = 0; k < dimension; k++)
        sum += load<f32>(start + k * stride + i) * load<f32>(components + (k << 2));
      store<f32>(target + i, sum);
    }
  }
}

/** w <- clamp(w - schedule[0] g) */
export function sgdStep(
  weight: usize,
  gradient: usize,
  schedule: usize,
  result: usize,
  count: usize,
  minimum: f32,
  maximum: f32,
): void {
  const whole = (count & ~3) << 2;
  const rate = load<f32>(schedule);
  const rates = f32x4.splat(rate);
  const low = f32x4.splat(minimum);
  const high = f32x4.splat(maximum);
  for (let i: usize = 0; i < whole; i += 16) {
    const moved = f32x4.sub(v128.load(weight + i), f32x4.mul(rates, v128.load(gradient + i)));
    v128.store(result + i, f32x4.pmin(f32x4.pmax(moved, low), high));
  }
  for (let i = whole; i < count << 2; i += 4)
    store<f32>(result + i, min(maximum, max(minimum, load<f32>(weight + i) - rate * load<f32>(gradient + i))));
}

/** u <- momentum u + g; w <- clamp(w - schedule[0] u) */
export function momentumStep(
  weight: usize,
  gradient: usize,
  velocity: usize,
  schedule: usize,
  newWeight: usize,
  newVelocity: usize,
  count: usize,
  momentum: f32,
  minimum: f32,
  maximum: f32,
): void {
  const whole = (count & ~3) << 2;
  const rate = load<f32>(schedule);
  const rates = f32x4.splat(rate);
  const kept = f32x4.splat(momentum);
  const low = f32x4.splat(minimum);
  const high = f32x4.splat(maximum);
  for (let i: usize = 0; i < whole; i += 16) {
    const u = f32x4.add(f32x4.mul(kept, v128.load(velocity + i)), v128.load(gradient + i));
    const moved = f32x4.sub(v128.load(weight + i), f32x4.mul(rates, u));
    v128.store(newVelocity + i, u);
    v128.store(newWeight + i, f32x4.pmin(f32x4.pmax(moved, low), high));
  }
  for (let i = whole; i < count << 2; i += 4) {
    const u = momentum * load<f32>(velocity + i) + load<f32>(gradient + i);
    const moved = load<f32>(weight + i) - rate * u;
    store<f32>(newVelocity + i, u);
    store<f32>(newWeight + i, min(maximum, max(minimum, moved)));
  }
}

/** Adam with decoupled decay and clamp; schedule = [stepSize, rootCorrection, ..., share that decays at decayIndex] */
export function adamStep(
  weight: usize,
  gradient: usize,
  firstMoment: usize,
  secondMoment: usize,
  schedule: usize,
  newWeight: usize,
  newFirst: usize,
  newSecond: usize,
  count: usize,
  decayIndex: usize,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  epsilon: f32,
  minimum: f32,
  maximum: f32,
): void {
  const whole = (count & ~3) << 2;
  const stepSize = load<f32>(schedule);
  const rootCorrection = load<f32>(schedule, 4);
  const share = load<f32>(schedule + (decayIndex << 2));
  const steps = f32x4.splat(stepSize);
  const roots = f32x4.splat(rootCorrection);
  const shares = f32x4.splat(share);
  const beta1s = f32x4.splat(beta1);
  const rest1s = f32x4.splat(rest1);
  const beta2s = f32x4.splat(beta2);
  const rest2s = f32x4.splat(rest2);
  const epsilons = f32x4.splat(epsilon);
  const low = f32x4.splat(minimum);
  const high = f32x4.splat(maximum);
  for (let i: usize = 0; i < whole; i += 16) {
    const g = v128.load(gradient + i);
    const m = f32x4.add(f32x4.mul(beta1s, v128.load(firstMoment + i)), f32x4.mul(rest1s, g));
    const v = f32x4.add(f32x4.mul(beta2s, v128.load(secondMoment + i)), f32x4.mul(f32x4.mul(rest2s, g), g));
    const divisor = f32x4.add(f32x4.mul(f32x4.sqrt(v), roots), epsilons);
    const w = v128.load(weight + i);
    const moved = f32x4.sub(w, f32x4.add(f32x4.div(f32x4.mul(steps, m), divisor), f32x4.mul(shares, w)));
    v128.store(newFirst + i, m);
    v128.store(newSecond + i, v);
    v128.store(newWeight + i, f32x4.pmin(f32x4.pmax(moved, low), high));
  }
  for (let i = whole; i < count << 2; i += 4) {
    const g = load<f32>(gradient + i);
    const m = beta1 * load<f32>(firstMoment + i) + rest1 * g;
    const v = beta2 * load<f32>(secondMoment + i) + rest2 * g * g;
    const w = load<f32>(weight + i);
    const moved = w - ((stepSize * m) / (sqrt<f32>(v) * rootCorrection + epsilon) + share * w);
    store<f32>(newFirst + i, m);
    store<f32>(newSecond + i, v);
    store<f32>(newWeight + i, min(maximum, max(minimum, moved)));
  }
}
