// Distances from targets and objects, and choices among a few. Sizes are elements.
import { copyRun } from "./copy";
import { scale } from "./pointwise";

/** sum_i (left[i] - right[i])^2, gathered in float64: images are long */
@inline
function squaredDistance(left: usize, right: usize, count: usize): f32 {
  const whole = (count & ~3) << 2;
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  for (let i: usize = 0; i < whole; i += 16) {
    const difference = f32x4.sub(v128.load(left + i), v128.load(right + i));
    const first = f64x2.promote_low_f32x4(difference);
    const second = f64x2.promote_low_f32x4(v128.shuffle<i32>(difference, difference, 2, 3, 0, 1));
    even = f64x2.add(even, f64x2.mul(first, first));
    odd = f64x2.add(odd, f64x2.mul(second, second));
  }
  const both = f64x2.add(even, odd);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (let i = whole; i < count << 2; i += 4) {
    const difference = f64(load<f32>(left + i)) - f64(load<f32>(right + i));
    sum += difference * difference;
  }
  return f32(sum);
}

/** sums[b] = sum_n (values[b, n] - target[b, n])^2 */
export function squaredError(values: usize, target: usize, sums: usize, batch: usize, units: usize): void {
  const row = units << 2;
  for (let b: usize = 0; b < batch; b++)
    store<f32>(sums + (b << 2), squaredDistance(values + b * row, target + b * row, units));
}

/** result[b, n] = factor weights[b] (values[b, n] - target[b, n]) */
export function squaredErrorGradient(
  values: usize,
  target: usize,
  weights: usize,
  result: usize,
  batch: usize,
  units: usize,
  factor: f32,
): void {
  const row = units << 2;
  const whole = (units & ~3) << 2;
  for (let b: usize = 0; b < batch; b++) {
    const at = b * row;
    const weight = factor * load<f32>(weights + (b << 2));
    const weightLanes = f32x4.splat(weight);
    for (let i: usize = 0; i < whole; i += 16) {
      const difference = f32x4.sub(v128.load(values + at + i), v128.load(target + at + i));
      v128.store(result + at + i, f32x4.mul(weightLanes, difference));
    }
    for (let i = whole; i < row; i += 4)
      store<f32>(result + at + i, weight * (load<f32>(values + at + i) - load<f32>(target + at + i)));
  }
}

/** distances[b, n] = sum_i (values[b, i] - objects[b, n, i])^2 */
export function objectDistances(
  values: usize,
  objects: usize,
  distances: usize,
  batch: usize,
  count: usize,
  units: usize,
): void {
  const row = units << 2;
  for (let b: usize = 0; b < batch; b++)
    for (let n: usize = 0; n < count; n++) {
      const object = b * count + n;
      store<f32>(distances + (object << 2), squaredDistance(values + b * row, objects + object * row, units));
    }
}

/** chosen[b, n] = 1 for the first smallest distance among those with taken[b, n] <= 0.5; no number is below NaN */
export function chooseObject(distances: usize, taken: usize, chosen: usize, batch: usize, count: usize): void {
  const row = count << 2;
  for (let b: usize = 0; b < batch; b++)
    for (let n: usize = 0; n < row; n += 4) {
      const own = load<f32>(distances + b * row + n);
      let wins = !(load<f32>(taken + b * row + n) > 0.5);
      for (let i: usize = 0; wins && i < row; i += 4) {
        if (load<f32>(taken + b * row + i) > 0.5) continue;
        const rival = load<f32>(distances + b * row + i);
        wins = i < n ? own < rival : own <= rival;
      }
      store<f32>(chosen + b * row + n, wins ? 1 : 0);
    }
}

/** result[b, i] = sum_n chosen[b, n] objects[b, n, i] */
export function pickRows(
  objects: usize,
  chosen: usize,
  result: usize,
  batch: usize,
  count: usize,
  units: usize,
): void {
  const row = units << 2;
  const whole = (units & ~3) << 2;
  for (let b: usize = 0; b < batch; b++) {
    const target = result + b * row;
    const shares = chosen + ((b * count) << 2);
    scale(objects + b * count * row, target, units, load<f32>(shares));
    for (let n: usize = 1; n < count; n++) {
      const object = objects + (b * count + n) * row;
      const share = load<f32>(shares + (n << 2));
      const shareLanes = f32x4.splat(share);
      for (let i: usize = 0; i < whole; i += 16)
        v128.store(target + i, f32x4.add(v128.load(target + i), f32x4.mul(shareLanes, v128.load(object + i))));
      for (let i = whole; i < row; i += 4)
        store<f32>(target + i, load<f32>(target + i) + share * load<f32>(object + i));
    }
  }
}

/** the row of left or right with the larger maximum, of equal ones the left; tookRight[b] = 1 or 0 */
export function largerMaximum(
  left: usize,
  right: usize,
  result: usize,
  tookRight: usize,
  batch: usize,
  columns: usize,
): void {
  const row = columns << 2;
  for (let b: usize = 0; b < batch; b++) {
    const at = b * row;
    let leftMaximum = load<f32>(left + at);
    let rightMaximum = load<f32>(right + at);
    for (let i: usize = 4; i < row; i += 4) {
      leftMaximum = max(leftMaximum, load<f32>(left + at + i));
      rightMaximum = max(rightMaximum, load<f32>(right + at + i));
    }
    const larger = rightMaximum > leftMaximum;
    copyRun((larger ? right : left) + at, result + at, row);
    store<f32>(tookRight + (b << 2), larger ? 1 : 0);
  }
}
