// Errors and losses of readouts, a row of scores for each sample. Sizes are elements.
import { exponential } from "./exponential";

/** the largest value of a row; NaN where one is NaN */
@inline
function largestOf(row: usize, bytes: usize): f32 {
  let largest = load<f32>(row);
  for (let i: usize = 4; i < bytes; i += 4) largest = max(largest, load<f32>(row + i));
  return largest;
}

/** exp(values[i] - largest) of one value */
@inline
function shareOf(value: usize, largest: f32): f32 {
  return f32x4.extract_lane(exponential(f32x4.splat(load<f32>(value) - largest)), 0);
}

/** error[b, c] = weights[b] (exp(scores[b, c]) / sum_i exp(scores[b, i]) - [labels[b] = c]) */
export function softmaxError(
  scores: usize,
  labels: usize,
  weights: usize,
  error: usize,
  batch: usize,
  classes: usize,
): void {
  const row = classes << 2;
  const whole = (classes & ~3) << 2;
  for (let b: usize = 0; b < batch; b++) {
    const from = scores + b * row;
    const to = error + b * row;
    const largest = largestOf(from, row);
    const largestLanes = f32x4.splat(largest);
    for (let i: usize = 0; i < whole; i += 16)
      v128.store(to + i, exponential(f32x4.sub(v128.load(from + i), largestLanes)));
    for (let i = whole; i < row; i += 4) store<f32>(to + i, shareOf(from + i, largest));
    const label = load<f32>(labels + (b << 2));
    // The others are added up by themselves: where the decision is sure, they are what the label's share lacks.
    let own: f32 = 0;
    let others: f32 = 0;
    for (let c: usize = 0; c < classes; c++) {
      const share = load<f32>(to + (c << 2));
      if (abs<f32>(label - f32(c)) < 0.5) own = share;
      else others += share;
    }
    const total = own + others;
    const weight = load<f32>(weights + (b << 2));
    for (let c: usize = 0; c < classes; c++) {
      const at = to + (c << 2);
      const apart = abs<f32>(label - f32(c)) < 0.5 ? -others : load<f32>(at);
      store<f32>(at, weight * (apart / total));
    }
  }
}

/** loss[b] = log(1 + r) + largest - scores[b, labels[b]], r = sum of exp(score - largest) over all but the largest */
export function crossEntropy(scores: usize, labels: usize, loss: usize, batch: usize, classes: usize): void {
  const row = classes << 2;
  for (let b: usize = 0; b < batch; b++) {
    const from = scores + b * row;
    let largest = load<f32>(from);
    let first: usize = 0;
    for (let i: usize = 4; i < row; i += 4)
      if (load<f32>(from + i) > largest) {
        largest = load<f32>(from + i);
        first = i;
      }
    let others: f64 = 0;
    for (let i: usize = 0; i < row; i += 4) if (i != first) others += f64(shareOf(from + i, largest));
    const label = usize(load<f32>(labels + (b << 2)) + 0.5);
    const above = f64(largest) - f64(load<f32>(from + (label << 2)));
    store<f32>(loss + (b << 2), f32(Math.log1p(others) + above));
  }
}

/** wrong[b] = 0 where the first largest score is the label's, else 1; no number is above NaN */
export function wrongDecision(scores: usize, labels: usize, wrong: usize, batch: usize, classes: usize): void {
  const row = classes << 2;
  for (let b: usize = 0; b < batch; b++) {
    const from = scores + b * row;
    const own = usize(load<f32>(labels + (b << 2)) + 0.5) << 2;
    const score = load<f32>(from + own);
    let wins = true;
    for (let i: usize = 0; wins && i < row; i += 4) {
      const rival = load<f32>(from + i);
      wins = i < own ? score > rival : score >= rival;
    }
    store<f32>(wrong + (b << 2), wins ? 0 : 1);
  }
}
