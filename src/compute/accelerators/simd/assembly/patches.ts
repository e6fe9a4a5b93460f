// Patches of a map: what lies under a window at each position, zeros beyond the border. A row of a window is one run of
// kernel x channels values. Sizes are elements, strides and offsets bytes.
import { addRun, clearRun, copyRun } from "./copy";

/** Rows [sample, position, patch] of `count` positions from `first` on, of successive samples. */
export function gatherPatches(
  maps: usize,
  mapStride: usize,
  samples: i32,
  target: usize,
  sampleStride: usize,
  rowStride: usize,
  height: i32,
  width: i32,
  channels: i32,
  kernel: i32,
  stride: i32,
  padding: i32,
  outWidth: i32,
  first: i32,
  count: i32,
): void {
  for (let sample: i32 = 0; sample < samples; sample++)
    gatherMap(
      maps + usize(sample) * mapStride,
      target + usize(sample) * sampleStride,
      rowStride,
      height,
      width,
      channels,
      kernel,
      stride,
      padding,
      outWidth,
      first,
      count,
    );
}

function gatherMap(
  map: usize,
  target: usize,
  rowStride: usize,
  height: i32,
  width: i32,
  channels: i32,
  kernel: i32,
  stride: i32,
  padding: i32,
  outWidth: i32,
  first: i32,
  count: i32,
): void {
  const site: usize = usize(channels) << 2;
  const run: usize = usize(kernel) * site;
  const line: usize = usize(width) * site;
  let outRow = first / outWidth;
  let outColumn = first - outRow * outWidth;
  for (let index: i32 = 0; index < count; index++) {
    const top = outRow * stride - padding;
    const left = outColumn * stride - padding;
    if (++outColumn == outWidth) {
      outColumn = 0;
      outRow++;
    }
    let place = target + usize(index) * rowStride;
    if (top >= 0 && left >= 0 && top + kernel <= height && left + kernel <= width) {
      let from = map + usize(top * width + left) * site;
      for (let y: i32 = 0; y < kernel; y++) {
        copyRun(from, place, run);
        from += line;
        place += run;
      }
      continue;
    }
    const from = min(kernel, max(0, -left));
    const to = max(from, min(kernel, width - left));
    const before: usize = usize(from) * site;
    const inside: usize = usize(to - from) * site;
    for (let y: i32 = 0; y < kernel; y++) {
      const row = top + y;
      if (row < 0 || row >= height || to == from) clearRun(place, run);
      else {
        clearRun(place, before);
        copyRun(map + usize(row * width + left + from) * site, place + before, inside);
        clearRun(place + before + inside, run - before - inside);
      }
      place += run;
    }
  }
}

/** The transpose: adds rows [sample, position, patch] to the units they stand for. */
export function addPatches(
  rows: usize,
  sampleStride: usize,
  rowStride: usize,
  samples: i32,
  maps: usize,
  mapStride: usize,
  height: i32,
  width: i32,
  channels: i32,
  kernel: i32,
  stride: i32,
  padding: i32,
  outWidth: i32,
  first: i32,
  count: i32,
): void {
  for (let sample: i32 = 0; sample < samples; sample++)
    addMap(
      rows + usize(sample) * sampleStride,
      maps + usize(sample) * mapStride,
      rowStride,
      height,
      width,
      channels,
      kernel,
      stride,
      padding,
      outWidth,
      first,
      count,
    );
}

function addMap(
  rows: usize,
  map: usize,
  rowStride: usize,
  height: i32,
  width: i32,
  channels: i32,
  kernel: i32,
  stride: i32,
  padding: i32,
  outWidth: i32,
  first: i32,
  count: i32,
): void {
  const site: usize = usize(channels) << 2;
  const run: usize = usize(kernel) * site;
  const line: usize = usize(width) * site;
  let outRow = first / outWidth;
  let outColumn = first - outRow * outWidth;
  for (let index: i32 = 0; index < count; index++) {
    const top = outRow * stride - padding;
    const left = outColumn * stride - padding;
    if (++outColumn == outWidth) {
      outColumn = 0;
      outRow++;
    }
    if (top >= 0 && left >= 0 && top + kernel <= height && left + kernel <= width) {
      let from = rows + usize(index) * rowStride;
      let to = map + usize(top * width + left) * site;
      for (let y: i32 = 0; y < kernel; y++) {
        addRun(from, to, run);
        from += run;
        to += line;
      }
      continue;
    }
    const from = min(kernel, max(0, -left));
    const to = max(from, min(kernel, width - left));
    if (to == from) continue;
    const before: usize = usize(from) * site;
    const inside: usize = usize(to - from) * site;
    const start = rows + usize(index) * rowStride + before;
    for (let y: i32 = 0; y < kernel; y++) {
      const row = top + y;
      if (row >= 0 && row < height)
        addRun(start + usize(y) * run, map + usize(row * width + left + from) * site, inside);
    }
  }
}

/** Copies `count` runs of `bytes` from one stride to another. */
export function copyRows(
  source: usize,
  sourceStride: usize,
  target: usize,
  targetStride: usize,
  bytes: usize,
  count: usize,
): void {
  for (let index: usize = 0; index < count; index++)
    copyRun(source + index * sourceStride, target + index * targetStride, bytes);
}

export function clear(target: usize, count: usize): void {
  clearRun(target, count << 2);
}

/** target[i] += source[i] */
export function accumulate(source: usize, target: usize, count: usize): void {
  addRun(source, target, count << 2);
}

/** target[r, i] = source[r, i] factor[r] */
export function scaleRows(
  source: usize,
  factor: usize,
  factorStride: usize,
  target: usize,
  rows: usize,
  columns: usize,
): void {
  const stride = columns << 2;
  const whole = (columns & ~3) << 2;
  for (let row: usize = 0; row < rows; row++) {
    const scale = load<f32>(factor + row * factorStride);
    const scales = f32x4.splat(scale);
    const from = source + row * stride;
    const to = target + row * stride;
    for (let i: usize = 0; i < whole; i += 16) v128.store(to + i, f32x4.mul(v128.load(from + i), scales));
    for (let i = whole; i < stride; i += 4) store<f32>(to + i, load<f32>(from + i) * scale);
  }
}

/** Blocks [rows, columns] to blocks [columns, rows]. */
export function transposeBlocks(source: usize, target: usize, blocks: usize, rows: usize, columns: usize): void {
  const bytes = (rows * columns) << 2;
  for (let block: usize = 0; block < blocks; block++)
    for (let row: usize = 0; row < rows; row++)
      for (let column: usize = 0; column < columns; column++)
        store<f32>(
          target + block * bytes + ((column * rows + row) << 2),
          load<f32>(source + block * bytes + ((row * columns + column) << 2)),
        );
}
