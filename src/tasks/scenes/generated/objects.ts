import type { RandomStream } from "../../../compute/random.ts";
import { type Colour, randomColour } from "./background.ts";
import { shapes } from "./shapes.ts";
import { textures } from "./textures.ts";

/** A circle in a scene, in pixels. */
interface Circle {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

const [shapeNames, textureNames] = [Object.keys(shapes), Object.keys(textures)];

/** Every shape in every texture, named by its label: neighbours differ in both. */
export const objectClasses: readonly string[] = Array.from(
  { length: shapeNames.length * textureNames.length },
  (_, label) => `${textureNames[label % textureNames.length]} ${shapeNames[label % shapeNames.length]}`,
);

/** Radii as shares of the scene's side, for one or two objects. */
const [SMALLEST, LARGEST] = [0.15, 0.24];
/** Pixels that stay free between objects. */
const GAP = 1;
/** Places to try for all objects before they are made smaller. */
const ATTEMPTS = 50;

/** Circles within a scene that do not touch; they shrink until there is room. */
export function placeCircles(count: number, size: number, random: RandomStream): Circle[] {
  const room = size * Math.min(1, Math.sqrt(2 / count));
  const radii = Array.from({ length: count }, () => room * (SMALLEST + (LARGEST - SMALLEST) * random.uniform()));
  for (let shrink = 1; ; shrink *= 0.95) {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const circles = radii.map((full): Circle => {
        const radius = full * shrink;
        const within = () => radius + (size - 2 * radius) * random.uniform();
        return { x: within(), y: within(), radius };
      });
      if (circles.every((one, index) => circles.slice(0, index).every((other) => apart(one, other)))) return circles;
    }
  }
}

const apart = (a: Circle, b: Circle): boolean => Math.hypot(a.x - b.x, a.y - b.y) >= a.radius + b.radius + GAP;

/**
 * Paints an object of a class into a scene and alone on black, turned at random, its texture turned and shifted at random, in
 * two random colours that differ in brightness.
 *
 * @param pixels the scene, [size, size, 3]
 * @param alone the object at its place, [size, size, 3], black elsewhere
 */
export function paintObject(
  pixels: Float32Array,
  alone: Float32Array,
  size: number,
  label: number,
  { x: centreX, y: centreY, radius }: Circle,
  random: RandomStream,
): void {
  const inside = shapes[shapeNames[label % shapeNames.length]!]!;
  const isSecond = textures[textureNames[label % textureNames.length]!]!;
  const [first, second] = contrastingColours(random);
  const toShape = turned(2 * Math.PI * random.uniform(), 1 / radius);
  const toTexture = turned(2 * Math.PI * random.uniform(), 1 / (radius * (0.45 + 0.2 * random.uniform())));
  const [shiftX, shiftY] = [random.uniform(), random.uniform()];
  const last = (centre: number) => Math.min(size - 1, Math.ceil(centre + radius));
  for (let row = Math.max(0, Math.floor(centreY - radius)); row <= last(centreY); row++) {
    for (let column = Math.max(0, Math.floor(centreX - radius)); column <= last(centreX); column++) {
      const [right, down] = [column + 0.5 - centreX, row + 0.5 - centreY];
      if (!inside(...toShape(right, down))) continue;
      const [u, v] = toTexture(right, down);
      const place = 3 * (row * size + column);
      const shade = 0.1 * (random.uniform() - 0.5);
      (isSecond(u + shiftX, v + shiftY) ? second : first).forEach((level, channel) => {
        const value = Math.min(1, Math.max(0, level + shade));
        pixels[place + channel] = value;
        alone[place + channel] = value;
      });
    }
  }
}

function turned(angle: number, scale: number): (x: number, y: number) => [number, number] {
  const [cosine, sine] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return (x, y) => [cosine * x + sine * y, cosine * y - sine * x];
}

/** Two colours whose mean levels are at least a third of the range apart: else the texture could not be seen. */
function contrastingColours(random: RandomStream): [Colour, Colour] {
  for (;;) {
    const pair: [Colour, Colour] = [randomColour(random), randomColour(random)];
    const [a, b] = pair.map(([red, green, blue]) => (red + green + blue) / 3);
    if (Math.abs(a! - b!) >= 1 / 3) return pair;
  }
}
