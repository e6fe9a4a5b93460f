// Pools over windows of a map, channel by channel, and their transposes. Sizes are elements.
import { addRun, clearRun } from "./copy";

/** The larger of both, NaN if either is; f32x4.max says the same in twice as many instructions. */
@inline
function larger(a: v128, b: v128): v128 {
  return v128.or(f32x4.pmax(a, b), f32x4.pmax(b, a));
}

/** pooled[n, p, c] = mean (or maximum) over the window at p of maps[n, site, c] */
export function pool(
  maps: usize,
  pooled: usize,
  samples: usize,
  height: usize,
  width: usize,
  channels: usize,
  kernel: usize,
  stride: usize,
  outHeight: usize,
  outWidth: usize,
  largest: bool,
): void {
  const site = channels << 2;
  const whole = (channels & ~3) << 2;
  const scale: f32 = 1 / f32(kernel * kernel);
  const scales = f32x4.splat(scale);
  let target = pooled;
  for (let n: usize = 0; n < samples; n++) {
    const map = maps + n * height * width * site;
    for (let outRow: usize = 0; outRow < outHeight; outRow++)
      for (let outColumn: usize = 0; outColumn < outWidth; outColumn++) {
        const corner = map + (outRow * stride * width + outColumn * stride) * site;
        for (let i: usize = 0; i < whole; i += 16) {
          let found = largest ? v128.load(corner + i) : f32x4.splat(0);
          for (let y: usize = 0; y < kernel; y++) {
            let at = corner + y * width * site + i;
            for (let x: usize = 0; x < kernel; x++) {
              const value = v128.load(at);
              found = largest ? larger(found, value) : f32x4.add(found, value);
              at += site;
            }
          }
          v128.store(target + i, largest ? found : f32x4.mul(found, scales));
        }
        for (let i = whole; i < site; i += 4) {
          let found: f32 = largest ? load<f32>(corner + i) : 0;
          for (let y: usize = 0; y < kernel; y++)
            for (let x: usize = 0; x < kernel; x++) {
              const value = load<f32>(corner + (y * width + x) * site + i);
              found = largest ? max(found, value) : found + value;
            }
          store<f32>(target + i, largest ? found : found * scale);
        }
        target += site;
      }
  }
}

/** result[n, site, c] = sum over the windows that see the site of error[n, p, c] / kernel^2 */
export function averagePoolTransport(
  error: usize,
  result: usize,
  samples: usize,
  height: usize,
  width: usize,
  channels: usize,
  kernel: usize,
  stride: usize,
  outHeight: usize,
  outWidth: usize,
): void {
  const site = channels << 2;
  const scale: f32 = 1 / f32(kernel * kernel);
  const total = samples * height * width * channels;
  clearRun(result, total << 2);
  let source = error;
  for (let n: usize = 0; n < samples; n++) {
    const map = result + n * height * width * site;
    for (let outRow: usize = 0; outRow < outHeight; outRow++)
      for (let outColumn: usize = 0; outColumn < outWidth; outColumn++) {
        const corner = map + (outRow * stride * width + outColumn * stride) * site;
        for (let y: usize = 0; y < kernel; y++)
          for (let x: usize = 0; x < kernel; x++) addRun(source, corner + (y * width + x) * site, site);
        source += site;
      }
  }
  const whole = (total & ~3) << 2;
  const scales = f32x4.splat(scale);
  for (let i: usize = 0; i < whole; i += 16) v128.store(result + i, f32x4.mul(v128.load(result + i), scales));
  for (let i = whole; i < total << 2; i += 4) store<f32>(result + i, load<f32>(result + i) * scale);
}

/** What a window sends to the site that won it. */
@inline
function sentLanes(error: v128, largest: v128, rectified: bool): v128 {
  return rectified ? v128.and(error, f32x4.gt(largest, f32x4.splat(0))) : error;
}

/** maxPoolTransport for windows of 2 x 2 side by side: every site under a window is written once. */
function maxPoolTransportOfFour(
  error: usize,
  maps: usize,
  result: usize,
  samples: usize,
  height: usize,
  width: usize,
  channels: usize,
  outHeight: usize,
  outWidth: usize,
  rectified: bool,
): void {
  const site = channels << 2;
  const line = width * site;
  const whole = (channels & ~3) << 2;
  const beyond = line - 2 * outWidth * site;
  let source = error;
  for (let n: usize = 0; n < samples; n++) {
    const map = n * height * line;
    for (let outRow: usize = 0; outRow < outHeight; outRow++) {
      let corner = map + 2 * outRow * line;
      for (let outColumn: usize = 0; outColumn < outWidth; outColumn++) {
        for (let i: usize = 0; i < whole; i += 16) {
          const from = maps + corner + i;
          const a = v128.load(from);
          const b = v128.load(from + site);
          const c = v128.load(from + line);
          const d = v128.load(from + line + site);
          const largest = larger(larger(a, b), larger(c, d));
          const sent = sentLanes(v128.load(source + i), largest, rectified);
          const to = result + corner + i;
          let won = f32x4.eq(a, largest);
          v128.store(to, v128.and(sent, won));
          let open = v128.andnot(sent, won);
          won = f32x4.eq(b, largest);
          v128.store(to + site, v128.and(open, won));
          open = v128.andnot(open, won);
          won = f32x4.eq(c, largest);
          v128.store(to + line, v128.and(open, won));
          open = v128.andnot(open, won);
          v128.store(to + line + site, v128.and(open, f32x4.eq(d, largest)));
        }
        for (let i = whole; i < site; i += 4) {
          const from = maps + corner + i;
          const a = load<f32>(from);
          const b = load<f32>(from + site);
          const c = load<f32>(from + line);
          const d = load<f32>(from + line + site);
          const largest = max(max(a, b), max(c, d));
          const sent: f32 = rectified && !(largest > 0) ? 0 : load<f32>(source + i);
          const to = result + corner + i;
          store<f32>(to, a == largest ? sent : 0);
          store<f32>(to + site, a != largest && b == largest ? sent : 0);
          store<f32>(to + line, a != largest && b != largest && c == largest ? sent : 0);
          store<f32>(to + line + site, a != largest && b != largest && c != largest && d == largest ? sent : 0);
        }
        corner += 2 * site;
        source += site;
      }
      clearRun(result + corner, beyond);
      clearRun(result + corner + line, beyond);
    }
    clearRun(result + map + 2 * outHeight * line, (height - 2 * outHeight) * line);
  }
}

/**
 * result[n, site, c] = sum of the errors of the windows in which the site is the first with the largest value; if rectified,
 * of those whose largest value is above 0
 */
export function maxPoolTransport(
  error: usize,
  maps: usize,
  result: usize,
  samples: usize,
  height: usize,
  width: usize,
  channels: usize,
  kernel: usize,
  stride: usize,
  outHeight: usize,
  outWidth: usize,
  rectified: bool,
): void {
  if (kernel == 2 && stride == 2)
    return maxPoolTransportOfFour(error, maps, result, samples, height, width, channels, outHeight, outWidth, rectified);
  const site = channels << 2;
  const whole = (channels & ~3) << 2;
  clearRun(result, samples * height * width * site);
  let source = error;
  for (let n: usize = 0; n < samples; n++) {
    const map = n * height * width * site;
    for (let outRow: usize = 0; outRow < outHeight; outRow++)
      for (let outColumn: usize = 0; outColumn < outWidth; outColumn++) {
        const corner = map + (outRow * stride * width + outColumn * stride) * site;
        for (let i: usize = 0; i < whole; i += 16) {
          let largest = v128.load(maps + corner + i);
          for (let y: usize = 0; y < kernel; y++)
            for (let x: usize = 0; x < kernel; x++)
              largest = larger(largest, v128.load(maps + corner + (y * width + x) * site + i));
          let open = i32x4.splat(-1);
          const sent = sentLanes(v128.load(source + i), largest, rectified);
          for (let y: usize = 0; y < kernel; y++)
            for (let x: usize = 0; x < kernel; x++) {
              const at = corner + (y * width + x) * site + i;
              const won = v128.and(open, f32x4.eq(v128.load(maps + at), largest));
              open = v128.andnot(open, won);
              v128.store(result + at, f32x4.add(v128.load(result + at), v128.and(won, sent)));
            }
        }
        for (let i = whole; i < site; i += 4) {
          let largest = load<f32>(maps + corner + i);
          for (let y: usize = 0; y < kernel; y++)
            for (let x: usize = 0; x < kernel; x++)
              largest = max(largest, load<f32>(maps + corner + (y * width + x) * site + i));
          let open = !rectified || largest > 0;
          for (let y: usize = 0; y < kernel; y++)
            for (let x: usize = 0; x < kernel; x++) {
              const at = corner + (y * width + x) * site + i;
              if (open && load<f32>(maps + at) == largest) {
                open = false;
                store<f32>(result + at, load<f32>(result + at) + load<f32>(source + i));
              }
            }
        }
        source += site;
      }
  }
}

/** sums[r, c] = sum_p values[r, p, c]; sixteen channels at a time, so that their sums stay in registers */
export function sumPositions(values: usize, sums: usize, rows: usize, positions: usize, channels: usize): void {
  const site = channels << 2;
  const zero = f32x4.splat(0);
  for (let row: usize = 0; row < rows; row++) {
    const first = values + row * positions * site;
    const last = first + positions * site;
    const target = sums + row * site;
    let i: usize = 0;
    for (; i + 64 <= site; i += 64) {
      let a = zero;
      let b = zero;
      let c = zero;
      let d = zero;
      for (let at = first + i; at < last; at += site) {
        a = f32x4.add(a, v128.load(at));
        b = f32x4.add(b, v128.load(at, 16));
        c = f32x4.add(c, v128.load(at, 32));
        d = f32x4.add(d, v128.load(at, 48));
      }
      v128.store(target + i, a);
      v128.store(target + i, b, 16);
      v128.store(target + i, c, 32);
      v128.store(target + i, d, 48);
    }
    for (; i + 16 <= site; i += 16) {
      let a = zero;
      for (let at = first + i; at < last; at += site) a = f32x4.add(a, v128.load(at));
      v128.store(target + i, a);
    }
    for (; i < site; i += 4) {
      let sum: f32 = 0;
      for (let at = first + i; at < last; at += site) sum += load<f32>(at);
      store<f32>(target + i, sum);
    }
  }
}
