// Patches of a map whose windows stand at the sites of a larger map made from a smaller one, nearest site by nearest site:
// all windows that take from one site are one row. No window lies beyond the border. Sizes are elements.
import { addRun } from "./copy";

/** First site of the larger side that takes its value from `site`. */
@inline
function firstOf(site: usize, size: usize, outSize: usize): usize {
  return (site * outSize + size - 1) / size;
}

/** rows[n, site, q] = sum of maps[n, unit under q at p] over the positions p that take from the site */
export function collectPatches(
  maps: usize,
  mapStride: usize,
  samples: usize,
  rows: usize,
  mapWidth: usize,
  channels: usize,
  kernel: usize,
  stride: usize,
  height: usize,
  width: usize,
  outHeight: usize,
  outWidth: usize,
): void {
  const step = (stride * channels) << 2;
  const line = (mapWidth * channels) << 2;
  const run = (kernel * channels) << 2;
  const whole = run & ~15;
  let target = rows;
  for (let n: usize = 0; n < samples; n++)
    for (let row: usize = 0; row < height; row++) {
      const top = firstOf(row, height, outHeight);
      const bottom = firstOf(row + 1, height, outHeight);
      for (let column: usize = 0; column < width; column++) {
        const left = firstOf(column, width, outWidth);
        const columns = (firstOf(column + 1, width, outWidth) - left) * step;
        for (let y: usize = 0; y < kernel; y++) {
          const first = maps + n * mapStride + (top * stride + y) * line + left * step;
          const end = first + (bottom - top) * stride * line;
          for (let i: usize = 0; i < whole; i += 16) {
            let sum = f32x4.splat(0);
            for (let at = first + i; at < end + i; at += stride * line)
              for (let x: usize = 0; x < columns; x += step) sum = f32x4.add(sum, v128.load(at + x));
            v128.store(target + i, sum);
          }
          for (let i = whole; i < run; i += 4) {
            let sum: f32 = 0;
            for (let at = first + i; at < end + i; at += stride * line)
              for (let x: usize = 0; x < columns; x += step) sum += load<f32>(at + x);
            store<f32>(target + i, sum);
          }
          target += run;
        }
      }
    }
}

/** The transpose: adds rows [n, site, q] to the units under every window that takes from the site. */
export function spreadPatches(
  rows: usize,
  samples: usize,
  maps: usize,
  mapStride: usize,
  mapWidth: usize,
  channels: usize,
  kernel: usize,
  stride: usize,
  height: usize,
  width: usize,
  outHeight: usize,
  outWidth: usize,
): void {
  const step = (stride * channels) << 2;
  const line = (mapWidth * channels) << 2;
  const run = (kernel * channels) << 2;
  let source = rows;
  for (let n: usize = 0; n < samples; n++)
    for (let row: usize = 0; row < height; row++) {
      const top = firstOf(row, height, outHeight);
      const bottom = firstOf(row + 1, height, outHeight);
      for (let column: usize = 0; column < width; column++) {
        const left = firstOf(column, width, outWidth);
        const columns = (firstOf(column + 1, width, outWidth) - left) * step;
        const first = maps + n * mapStride + top * stride * line + left * step;
        const end = first + (bottom - top) * stride * line;
        // Row by row of a window: what was written last is not read next, which would wait for it.
        for (let at = first; at < end; at += stride * line)
          for (let x: usize = 0; x < columns; x += step)
            for (let y: usize = 0; y < kernel; y++) addRun(source + y * run, at + x + y * line, run);
        source += kernel * run;
      }
    }
}
