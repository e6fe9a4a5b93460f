// Pools over windows of a map, channel by channel, and their transposes. Sizes are elements.
import { addRun, clearRun } from "./copy";

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
              found = largest ? f32x4.max(found, value) : f32x4.add(found, value);
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

/** result[n, site, c] = sum of the errors of the windows in which the site is the first with the largest value */
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
): void {
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
              largest = f32x4.max(largest, v128.load(maps + corner + (y * width + x) * site + i));
          let open = i32x4.splat(-1);
          const sent = v128.load(source + i);
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
          let open = true;
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

/** sums[r, c] = sum_p values[r, p, c] */
export function sumPositions(values: usize, sums: usize, rows: usize, positions: usize, channels: usize): void {
  const site = channels << 2;
  clearRun(sums, rows * site);
  let source = values;
  for (let row: usize = 0; row < rows; row++)
    for (let p: usize = 0; p < positions; p++) {
      addRun(source, sums + row * site, site);
      source += site;
    }
}
