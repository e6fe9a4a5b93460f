// Larger maps from smaller ones, site by site with all channels, and the transposes. Sizes are elements.
import { addRun, clearRun, copyRun } from "./copy";

/** result[n, (r, s), c] = rates[n, (floor(r height / outHeight), floor(s width / outWidth)), c] */
export function upsampleNearest(
  rates: usize,
  result: usize,
  samples: usize,
  height: usize,
  width: usize,
  channels: usize,
  outHeight: usize,
  outWidth: usize,
): void {
  const site = channels << 2;
  let target = result;
  for (let n: usize = 0; n < samples; n++)
    for (let outRow: usize = 0; outRow < outHeight; outRow++) {
      const row = rates + (n * height + (outRow * height) / outHeight) * width * site;
      for (let outColumn: usize = 0; outColumn < outWidth; outColumn++) {
        copyRun(row + ((outColumn * width) / outWidth) * site, target, site);
        target += site;
      }
    }
}

/** result[n, site, c] = sum of error[n, p, c] over the sites p that take their value from it */
export function upsampleNearestTransport(
  error: usize,
  result: usize,
  samples: usize,
  height: usize,
  width: usize,
  channels: usize,
  outHeight: usize,
  outWidth: usize,
): void {
  const site = channels << 2;
  clearRun(result, samples * height * width * site);
  let source = error;
  for (let n: usize = 0; n < samples; n++)
    for (let outRow: usize = 0; outRow < outHeight; outRow++) {
      const row = result + (n * height + (outRow * height) / outHeight) * width * site;
      for (let outColumn: usize = 0; outColumn < outWidth; outColumn++) {
        addRun(source, row + ((outColumn * width) / outWidth) * site, site);
        source += site;
      }
    }
}

/** Where a site of the larger side lies on the smaller one, in halves of the larger side's sites, times both sizes. */
@inline
function placeOf(outSite: usize, size: usize, outSize: usize): f64 {
  return f64(isize((2 * outSite + 1) * size) - isize(outSize)) / f64(2 * outSize);
}

/** Weight of a source site at distance d, with a = -3/4 */
@inline
function cubicWeight(d: f64): f32 {
  return f32(d < 1 ? (1.25 * d - 2.25) * d * d + 1 : ((-0.75 * d + 3.75) * d - 6) * d + 3);
}

/** The source site that stands at a whole place, beyond the border the one at the border */
@inline
function siteAt(place: isize, size: usize): usize {
  return usize(max<isize>(0, min<isize>(place, isize(size) - 1)));
}

/** target[c] += weight source[c] */
@inline
function addWeighted(source: usize, target: usize, weight: f32, bytes: usize): void {
  const whole = bytes & ~15;
  const weights = f32x4.splat(weight);
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(target + i, f32x4.add(v128.load(target + i), f32x4.mul(weights, v128.load(source + i))));
  for (let i = whole; i < bytes; i += 4) store<f32>(target + i, load<f32>(target + i) + weight * load<f32>(source + i));
}

/**
 * Walks over the sites of the larger map and, for each, over the sixteen of the source that it takes from. Forward: large
 * gathers from small; else small gathers from large, with the same weights.
 */
export function upsampleBicubic(
  from: usize,
  to: usize,
  samples: usize,
  height: usize,
  width: usize,
  channels: usize,
  outHeight: usize,
  outWidth: usize,
  forward: bool,
): void {
  const site = channels << 2;
  clearRun(to, samples * site * (forward ? outHeight * outWidth : height * width));
  let large = forward ? to : from;
  const maps = forward ? from : to;
  for (let n: usize = 0; n < samples; n++)
    for (let outRow: usize = 0; outRow < outHeight; outRow++) {
      const rowPlace = placeOf(outRow, height, outHeight);
      const row = floor(rowPlace);
      for (let outColumn: usize = 0; outColumn < outWidth; outColumn++) {
        const columnPlace = placeOf(outColumn, width, outWidth);
        const column = floor(columnPlace);
        for (let y: isize = -1; y < 3; y++) {
          const rowWeight = cubicWeight(abs(rowPlace - row - f64(y)));
          const map = maps + (n * height + siteAt(isize(row) + y, height)) * width * site;
          for (let x: isize = -1; x < 3; x++) {
            const weight = rowWeight * cubicWeight(abs(columnPlace - column - f64(x)));
            const small = map + siteAt(isize(column) + x, width) * site;
            if (forward) addWeighted(small, large, weight, site);
            else addWeighted(large, small, weight, site);
          }
        }
        large += site;
      }
    }
}
