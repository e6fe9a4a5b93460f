/** Whether a point of the plane lies in a shape within the unit circle around the origin. */
type Shape = (x: number, y: number) => boolean;

/** Outlines of generated objects by name. The disc is smaller than its circle, so that areas tell less about the shape. */
export const shapes: Readonly<Record<string, Shape>> = {
  disc: (x, y) => x * x + y * y <= 0.75 ** 2,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= Math.SQRT1_2,
  triangle: (x, y) => y >= -0.5 && Math.sqrt(3) * Math.abs(x) + y <= 1,
  star: star(5, 0.42),
};

/**
 * A star with a tip at angle 0: the straight lines from its tips to the inner corners between them bound it.
 *
 * @param waist distance of the inner corners from the centre
 */
function star(tips: number, waist: number): Shape {
  const half = Math.PI / tips;
  const [innerX, innerY] = [waist * Math.cos(half), waist * Math.sin(half)];
  return (x, y) => {
    const turn = Math.atan2(y, x) + 2 * Math.PI;
    const fromTip = half - Math.abs((turn % (2 * half)) - half);
    const distance = Math.hypot(x, y);
    const [along, across] = [distance * Math.cos(fromTip), distance * Math.sin(fromTip)];
    return (innerX - 1) * across - innerY * (along - 1) >= 0;
  };
}
