/** A place on an image: x from left to right, y from top to bottom, each from 0 to 1. */
export type Point = readonly [x: number, y: number];

/**
 * Draws polylines in white over a square grey image: a pixel is white where its middle is within half the thickness of a
 * stroke, and fades to what it was over the width of one pixel.
 *
 * @param levels from 0 (black) to 1 (white), [size, size], row-major; changed in place
 * @param strokes the corners of each polyline
 * @param thickness of every stroke, as a share of the image
 */
export function drawStrokes(
  levels: Float32Array,
  size: number,
  strokes: readonly (readonly Point[])[],
  thickness: number,
): void {
  // Beyond its reach a stroke changes no pixel.
  const reach = thickness / 2 + 0.5 / size;
  const pixelsAbout = (a: number, b: number) => [
    Math.max(0, Math.floor((Math.min(a, b) - reach) * size - 0.5)),
    Math.min(size - 1, Math.ceil((Math.max(a, b) + reach) * size - 0.5)),
  ];
  const segments = strokes.flatMap((corners) => corners.slice(1).map((to, index) => [corners[index]!, to] as const));
  for (const [from, to] of segments) {
    const [left, right] = pixelsAbout(from[0], to[0]) as [number, number];
    const [top, bottom] = pixelsAbout(from[1], to[1]) as [number, number];
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const pixel: Point = [(column + 0.5) / size, (row + 0.5) / size];
        const level = 0.5 + size * (thickness / 2 - Math.sqrt(squaredDistance(pixel, from, to)));
        const place = row * size + column;
        levels[place] = Math.max(levels[place]!, Math.min(1, level));
      }
    }
  }
}

/** Squared distance of a point from the line between two others. */
function squaredDistance([x, y]: Point, [fromX, fromY]: Point, [toX, toY]: Point): number {
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const length = alongX * alongX + alongY * alongY;
  const share = length === 0 ? 0 : ((x - fromX) * alongX + (y - fromY) * alongY) / length;
  const nearest = Math.min(1, Math.max(0, share));
  return (x - fromX - nearest * alongX) ** 2 + (y - fromY - nearest * alongY) ** 2;
}
