/** Which of an object's two colours is at a point: false for the first. Textures repeat with period 1 in x and y. */
type Texture = (x: number, y: number) => boolean;

const phase = (value: number): number => value - Math.floor(value);

/** Textures of generated objects by name; half of the area, or a bit less, is in the second colour. */
export const textures: Readonly<Record<string, Texture>> = {
  striped: (x) => phase(x) < 0.5,
  chequered: (x, y) => phase(x) < 0.5 === phase(y) < 0.5,
  dotted: (x, y) => (phase(x) - 0.5) ** 2 + (phase(y) - 0.5) ** 2 < 0.35 ** 2,
};
