// Exponentials and a logarithm of four lanes, within 2e-7 of their magnitude. NaN stays NaN.

/** 2^k of whole k from -126 to 127, by its exponent alone; 0 of k = -127 */
@inline
function powerOfTwo(k: v128): v128 {
  return i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23);
}

/** e^r - 1 for |r| <= log(2) / 2, by its series up to r^7 / 7! */
@inline
function seriesMinusOne(r: v128): v128 {
  let sum = f32x4.splat(1.0 / 5040.0);
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 720.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 120.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 24.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 6.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(0.5));
  return f32x4.add(f32x4.mul(f32x4.mul(sum, r), r), r);
}

/** k of x = k log(2) + r */
@inline
function wholePart(x: v128): v128 {
  return f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)));
}

/** r of x = k log(2) + r; log(2) is 355 / 512, whose products with k are exact, and a small rest */
@inline
function rest(x: v128, k: v128): v128 {
  const rough = f32x4.sub(x, f32x4.mul(k, f32x4.splat(0.693359375)));
  return f32x4.sub(rough, f32x4.mul(k, f32x4.splat(-0.00021219444005469057)));
}

/** e^x - 1; infinite where it is beyond the largest number */
@inline
export function exponentialMinusOne(x: v128): v128 {
  const within = f32x4.max(f32x4.min(x, f32x4.splat(89)), f32x4.splat(-87));
  const k = wholePart(within);
  // Half of it, since 2^k itself may be one power too large.
  const power = powerOfTwo(f32x4.sub(k, f32x4.splat(1)));
  const half = f32x4.add(f32x4.mul(power, seriesMinusOne(rest(within, k))), f32x4.sub(power, f32x4.splat(0.5)));
  return f32x4.add(half, half);
}

/** e^x for x up to 0; 0 where it would be below 2^-126 */
@inline
export function exponential(x: v128): v128 {
  const lowest = f32x4.splat(-87.33654);
  const within = f32x4.max(x, lowest);
  const k = wholePart(within);
  const power = powerOfTwo(k);
  const grown = f32x4.add(f32x4.mul(power, seriesMinusOne(rest(within, k))), power);
  return v128.andnot(grown, f32x4.lt(x, lowest));
}

/** log(1 + x) for x from 0 to 1: 2 artanh(x / (2 + x)), by its series up to the 13th power */
@inline
export function logarithmOfOnePlus(x: v128): v128 {
  const s = f32x4.div(x, f32x4.add(x, f32x4.splat(2)));
  const square = f32x4.mul(s, s);
  let sum = f32x4.splat(1.0 / 13.0);
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(1.0 / 11.0));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(1.0 / 9.0));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(1.0 / 7.0));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(0.2));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(1.0 / 3.0));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(1));
  return f32x4.mul(f32x4.add(s, s), sum);
}
