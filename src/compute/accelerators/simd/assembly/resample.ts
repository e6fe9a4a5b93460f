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

/** Byte offset of the source site at a place along one side; beyond the border, that of the site at the border. */
@inline
function offsetAt(place: isize, size: usize, bytes: usize): usize {
  return siteAt(place, size) * bytes;
}

@inline
function loadLane(from: usize): v128 {
  return v128.load32_splat(from);
}

/** Sum over four sites of a row, each by its weight. */
@inline
function weighRow(a: v128, b: v128, c: v128, d: v128, wa: v128, wb: v128, wc: v128, wd: v128): v128 {
  return f32x4.add(f32x4.add(f32x4.mul(wa, a), f32x4.mul(wb, b)), f32x4.add(f32x4.mul(wc, c), f32x4.mul(wd, d)));
}

@inline
function addLanesTo(target: usize, values: v128): void {
  v128.store(target, f32x4.add(v128.load(target), values));
}

@inline
function addLaneTo(target: usize, values: v128): void {
  store<f32>(target, load<f32>(target) + f32x4.extract_lane(values, 0));
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
  const whole = site & ~15;
  const line = width * site;
  if (!forward) clearRun(to, samples * height * line);
  let large = forward ? to : from;
  const maps = forward ? from : to;
  for (let n: usize = 0; n < samples; n++) {
    const map = maps + n * height * line;
    for (let outRow: usize = 0; outRow < outHeight; outRow++) {
      const rowPlace = placeOf(outRow, height, outHeight);
      const row = isize(floor(rowPlace));
      const rowRest = rowPlace - floor(rowPlace);
      const row0 = map + offsetAt(row - 1, height, line);
      const row1 = map + offsetAt(row, height, line);
      const row2 = map + offsetAt(row + 1, height, line);
      const row3 = map + offsetAt(row + 2, height, line);
      const above = f32x4.splat(cubicWeight(rowRest + 1));
      const top = f32x4.splat(cubicWeight(rowRest));
      const bottom = f32x4.splat(cubicWeight(1 - rowRest));
      const below = f32x4.splat(cubicWeight(2 - rowRest));
      for (let outColumn: usize = 0; outColumn < outWidth; outColumn++) {
        const columnPlace = placeOf(outColumn, width, outWidth);
        const column = isize(floor(columnPlace));
        const columnRest = columnPlace - floor(columnPlace);
        const a = offsetAt(column - 1, width, site);
        const b = offsetAt(column, width, site);
        const c = offsetAt(column + 1, width, site);
        const d = offsetAt(column + 2, width, site);
        const wa = f32x4.splat(cubicWeight(columnRest + 1));
        const wb = f32x4.splat(cubicWeight(columnRest));
        const wc = f32x4.splat(cubicWeight(1 - columnRest));
        const wd = f32x4.splat(cubicWeight(2 - columnRest));
        if (forward) {
          for (let i: usize = 0; i < whole; i += 16) {
            const r0 = row0 + i;
            const r1 = row1 + i;
            const r2 = row2 + i;
            const r3 = row3 + i;
            const sum0 = weighRow(v128.load(r0 + a), v128.load(r0 + b), v128.load(r0 + c), v128.load(r0 + d), wa, wb, wc, wd);
            const sum1 = weighRow(v128.load(r1 + a), v128.load(r1 + b), v128.load(r1 + c), v128.load(r1 + d), wa, wb, wc, wd);
            const sum2 = weighRow(v128.load(r2 + a), v128.load(r2 + b), v128.load(r2 + c), v128.load(r2 + d), wa, wb, wc, wd);
            const sum3 = weighRow(v128.load(r3 + a), v128.load(r3 + b), v128.load(r3 + c), v128.load(r3 + d), wa, wb, wc, wd);
            v128.store(large + i, weighRow(sum0, sum1, sum2, sum3, above, top, bottom, below));
          }
          for (let i = whole; i < site; i += 4) {
            const r0 = row0 + i;
            const r1 = row1 + i;
            const r2 = row2 + i;
            const r3 = row3 + i;
            const sum0 = weighRow(loadLane(r0 + a), loadLane(r0 + b), loadLane(r0 + c), loadLane(r0 + d), wa, wb, wc, wd);
            const sum1 = weighRow(loadLane(r1 + a), loadLane(r1 + b), loadLane(r1 + c), loadLane(r1 + d), wa, wb, wc, wd);
            const sum2 = weighRow(loadLane(r2 + a), loadLane(r2 + b), loadLane(r2 + c), loadLane(r2 + d), wa, wb, wc, wd);
            const sum3 = weighRow(loadLane(r3 + a), loadLane(r3 + b), loadLane(r3 + c), loadLane(r3 + d), wa, wb, wc, wd);
            const sum = weighRow(sum0, sum1, sum2, sum3, above, top, bottom, below);
            store<f32>(large + i, f32x4.extract_lane(sum, 0));
          }
        } else {
          for (let i: usize = 0; i < whole; i += 16) {
            const error = v128.load(large + i);
            sendRow(row0 + i, f32x4.mul(above, error), a, b, c, d, wa, wb, wc, wd);
            sendRow(row1 + i, f32x4.mul(top, error), a, b, c, d, wa, wb, wc, wd);
            sendRow(row2 + i, f32x4.mul(bottom, error), a, b, c, d, wa, wb, wc, wd);
            sendRow(row3 + i, f32x4.mul(below, error), a, b, c, d, wa, wb, wc, wd);
          }
          for (let i = whole; i < site; i += 4) {
            const error = loadLane(large + i);
            sendLane(row0 + i, f32x4.mul(above, error), a, b, c, d, wa, wb, wc, wd);
            sendLane(row1 + i, f32x4.mul(top, error), a, b, c, d, wa, wb, wc, wd);
            sendLane(row2 + i, f32x4.mul(bottom, error), a, b, c, d, wa, wb, wc, wd);
            sendLane(row3 + i, f32x4.mul(below, error), a, b, c, d, wa, wb, wc, wd);
          }
        }
        large += site;
      }
    }
  }
}

/** Adds an error to four sites of a row, by the weight of each; at the border they may be the same. */
@inline
function sendRow(
  row: usize,
  error: v128,
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  wa: v128,
  wb: v128,
  wc: v128,
  wd: v128,
): void {
  addLanesTo(row + a, f32x4.mul(wa, error));
  addLanesTo(row + b, f32x4.mul(wb, error));
  addLanesTo(row + c, f32x4.mul(wc, error));
  addLanesTo(row + d, f32x4.mul(wd, error));
}

@inline
function sendLane(
  row: usize,
  error: v128,
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  wa: v128,
  wb: v128,
  wc: v128,
  wd: v128,
): void {
  addLaneTo(row + a, f32x4.mul(wa, error));
  addLaneTo(row + b, f32x4.mul(wb, error));
  addLaneTo(row + c, f32x4.mul(wc, error));
  addLaneTo(row + d, f32x4.mul(wd, error));
}
