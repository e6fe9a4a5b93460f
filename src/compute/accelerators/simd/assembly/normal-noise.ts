// Normal noise, eight numbers at a time. The definition is ../../../normal-noise.ts, operation by operation: the bits are the same.

@inline
function rotateLeft(word: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(word, bits), i32x4.shr_u(word, 32 - bits));
}

/** -2 log(x / 2^31) of whole x from 1 to 2^31 */
@inline
function squaredRadius(x: v128): v128 {
  const rootOfHalf = i32x4.splat(0x3f3504f3);
  const beyond = i32x4.sub(x, i32x4.splat(0x4eb504f3));
  const exponent = f32x4.convert_i32x4_s(i32x4.shr_s(beyond, 23));
  const mantissa = i32x4.add(v128.and(beyond, i32x4.splat(0x007fffff)), rootOfHalf);
  const f = f32x4.sub(mantissa, f32x4.splat(1));
  const s = f32x4.div(f, f32x4.add(f, f32x4.splat(2)));
  const square = f32x4.mul(s, s);
  let sum = f32x4.add(f32x4.mul(f32x4.splat(-0.8258981704711914), square), f32x4.splat(-1.3330453634262085));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(-4));
  return f32x4.add(f32x4.mul(exponent, f32x4.splat(-1.3862943649291992)), f32x4.mul(sum, s));
}

/** sin(pi y) of |y| <= 1 / 2 and the square of y */
@inline
function sine(y: v128, square: v128): v128 {
  let sum = f32x4.add(f32x4.mul(f32x4.splat(-0.5594350099563599), square), f32x4.splat(2.5440001487731934));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(-5.167405605316162));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(3.1415903568267822));
  return f32x4.mul(sum, y);
}

/** cos(pi y) of the square of y, at most 1 / 4 */
@inline
function cosine(square: v128): v128 {
  let sum = f32x4.add(f32x4.mul(f32x4.splat(0.22275356948375702), square), f32x4.splat(-1.333313226699829));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(4.058614730834961));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(-4.9348015785217285));
  return f32x4.add(f32x4.mul(sum, square), f32x4.splat(1));
}

/** Writes the first `count` of a vector, at most 4. */
@inline
function storeFirst(target: usize, values: v128, count: usize): void {
  if (count > 0) store<f32>(target, f32x4.extract_lane(values, 0));
  if (count > 1) store<f32>(target + 4, f32x4.extract_lane(values, 1));
  if (count > 2) store<f32>(target + 8, f32x4.extract_lane(values, 2));
  if (count > 3) store<f32>(target + 12, f32x4.extract_lane(values, 3));
}

/** result[step, sample, i] of trials[sample], for the first `count` of `samples` samples */
export function normalNoise(
  trials: usize,
  result: usize,
  count: usize,
  samples: usize,
  steps: usize,
  width: usize,
  deviation: f32,
  key0: i32,
  key1: i32,
  key2: i32,
  key3: i32,
): void {
  const row = width << 2;
  const whole = row & ~31;
  const deviations = f32x4.splat(deviation);
  const sign = i32x4.splat(0x80000000);
  for (let sample: usize = 0; sample < count; sample++) {
    let a = i32x4.splat(key0);
    let b = i32x4.splat(key1);
    let c = i32x4.splat(key2);
    let d = i32x4.splat(key3);
    // The trial, the lane, and four steps without a word, as `stateAfter` in ../../../random-state.ts takes them.
    let word = v128.load32_splat(trials + (sample << 2));
    for (let taken = 0; taken < 6; taken++) {
      if (taken == 1) word = i32x4(0, 1, 2, 3);
      if (taken == 2) word = i32x4.splat(0);
      a = v128.xor(i32x4.mul(v128.xor(a, word), i32x4.splat(0xcc9e2d51)), b);
      b = v128.xor(i32x4.mul(v128.xor(v128.xor(b, word), i32x4.shr_u(a, 15)), i32x4.splat(0x1b873593)), c);
      c = v128.xor(i32x4.mul(v128.xor(v128.xor(c, word), i32x4.shr_u(b, 13)), i32x4.splat(0x85ebca6b)), d);
      d = v128.xor(
        i32x4.mul(v128.xor(v128.xor(d, word), i32x4.shr_u(c, 16)), i32x4.splat(0xc2b2ae35)),
        i32x4.shr_u(a, 14),
      );
      a = v128.xor(a, i32x4.shr_u(d, 16));
    }
    for (let step: usize = 0; step < steps; step++) {
      const target = result + (step * samples + sample) * row;
      for (let i: usize = 0; i < row; i += 32) {
        const distance = i32x4.add(a, d);
        let shifted = i32x4.shl(b, 9);
        c = v128.xor(c, a);
        d = v128.xor(d, b);
        b = v128.xor(b, c);
        a = v128.xor(a, d);
        c = v128.xor(c, shifted);
        d = rotateLeft(d, 11);
        const direction = i32x4.add(a, d);
        shifted = i32x4.shl(b, 9);
        c = v128.xor(c, a);
        d = v128.xor(d, b);
        b = v128.xor(b, c);
        a = v128.xor(a, d);
        c = v128.xor(c, shifted);
        d = rotateLeft(d, 11);

        const odd = v128.or(i32x4.shr_u(distance, 1), i32x4.splat(1));
        const radius = f32x4.mul(f32x4.sqrt(squaredRadius(f32x4.convert_i32x4_s(odd))), deviations);
        const y = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shl(direction, 1)), f32x4.splat(2.3283064365386963e-10));
        const square = f32x4.mul(y, y);
        const turned = v128.and(direction, sign);
        const first = v128.xor(f32x4.mul(radius, cosine(square)), turned);
        const second = f32x4.mul(radius, sine(y, square));
        if (i < whole) {
          v128.store(target + i, first);
          v128.store(target + i, second, 16);
        } else {
          const rest = (row - i) >> 2;
          storeFirst(target + i, first, min<usize>(rest, 4));
          if (rest > 4) storeFirst(target + i + 16, second, rest - 4);
        }
      }
    }
  }
}
