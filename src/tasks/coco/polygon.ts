/** A mask to draw into, [height, width], row-major, 1 on the object. */
interface Mask {
  readonly values: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/**
 * Sets every pixel of a mask whose centre lies in a polygon, by the even-odd rule; pixels set before stay set. Pixel (row,
 * column) has its centre at x = column + 0.5, y = row + 0.5.
 *
 * @param corners x0, y0, x1, y1, ... in pixels of the image; the last corner is joined to the first
 * @param scaleX pixels of the mask to one of the image
 */
export function fillPolygon(mask: Mask, corners: ArrayLike<number>, scaleX = 1, scaleY = 1): void {
  const { values, height, width } = mask;
  const clamped = (edge: number, end: number) => Math.min(end, Math.max(0, Math.ceil(edge - 0.5)));
  for (let row = 0; row < height; row++) {
    const crossings = crossingsOf(corners, (row + 0.5) / scaleY);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const from = clamped(crossings[pair]! * scaleX, width);
      const to = clamped(crossings[pair + 1]! * scaleX, width);
      values.fill(1, row * width + from, row * width + to);
    }
  }
}

/** Where a horizontal line crosses a polygon, from left to right. */
function crossingsOf(corners: ArrayLike<number>, y: number): number[] {
  const crossings: number[] = [];
  let [x0, y0] = [corners[corners.length - 2]!, corners[corners.length - 1]!];
  for (let corner = 0; corner < corners.length; corner += 2) {
    const [x1, y1] = [corners[corner]!, corners[corner + 1]!];
    // An end on the line belongs to the edge below it alone, so that a corner is crossed once.
    if (y0 <= y !== y1 <= y) {
      // Reckoned from the upper end, so that rounding does not tell which way the polygon turns.
      const [x, top, end, bottom] = y0 < y1 ? [x0, y0, x1, y1] : [x1, y1, x0, y0];
      crossings.push(x + ((y - top) / (bottom - top)) * (end - x));
    }
    [x0, y0] = [x1, y1];
  }
  return crossings.sort((a, b) => a - b);
}
