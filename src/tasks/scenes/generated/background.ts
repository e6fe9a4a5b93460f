import type { RandomStream } from "../../../compute/random.ts";

/** Red, green and blue from 0 to 1. */
export type Colour = readonly [number, number, number];

export const randomColour = (random: RandomStream): Colour => [random.uniform(), random.uniform(), random.uniform()];

/** Strokes of a scene whose clutter is 1. */
const STROKES = 16;

/**
 * Paints a background as natural ones are: a gradient between two colours, noise whose amplitude falls with spatial frequency
 * as 1/f, in brightness and more coarsely in colour, and strokes that are no objects.
 *
 * @param pixels [size, size, 3], overwritten
 * @param clutter 0: the gradient alone; 1: noise over the whole range and 16 strokes
 */
export function paintBackground(pixels: Float32Array, size: number, clutter: number, random: RandomStream): void {
  const [from, to] = [randomColour(random), randomColour(random)];
  const angle = 2 * Math.PI * random.uniform();
  const [alongX, alongY] = [Math.cos(angle) / size, Math.sin(angle) / size];
  const brightness = fractalNoise(size, 2, random);
  const tints = [0, 1, 2].map(() => fractalNoise(size, size / 8, random));
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const place = row * size + column;
      const mix = 0.5 + 0.5 * (alongX * (column - size / 2) + alongY * (row - size / 2));
      for (let channel = 0; channel < 3; channel++) {
        const smooth = 0.25 + 0.5 * (from[channel]! * (1 - mix) + to[channel]! * mix);
        const rough = clutter * (0.7 * brightness[place]! + 0.4 * tints[channel]![place]!);
        pixels[3 * place + channel] = Math.min(1, Math.max(0, smooth + rough));
      }
    }
  }
  for (let stroke = 0; stroke < Math.round(STROKES * clutter); stroke++) paintStroke(pixels, size, random);
}

/**
 * Noise between -1 and 1, [size, size]: of grids of random values, each half as wide as the one before and interpolated
 * between its values, weighted by the width of their cells.
 *
 * @param finest pixels between values of the finest grid
 */
function fractalNoise(size: number, finest: number, random: RandomStream): Float32Array {
  const field = new Float32Array(size * size);
  let total = 0;
  for (let cell = size / 2; cell >= finest; cell /= 2) total += cell;
  for (let cell = size / 2; cell >= finest; cell /= 2) addGrid(field, size, cell, cell / total, random);
  return field;
}

function addGrid(field: Float32Array, size: number, cell: number, amplitude: number, random: RandomStream): void {
  const across = Math.floor((size - 1) / cell) + 2;
  const values = Float32Array.from({ length: across * across }, () => amplitude * (2 * random.uniform() - 1));
  for (let row = 0; row < size; row++) {
    const above = Math.floor(row / cell);
    const down = row / cell - above;
    for (let column = 0; column < size; column++) {
      const left = Math.floor(column / cell);
      const right = column / cell - left;
      const corner = above * across + left;
      const top = values[corner]! * (1 - right) + values[corner + 1]! * right;
      const bottom = values[corner + across]! * (1 - right) + values[corner + across + 1]! * right;
      field[row * size + column]! += top * (1 - down) + bottom * down;
    }
  }
}

/** A straight stroke of one colour, one or two pixels wide and up to half of the scene long. */
function paintStroke(pixels: Float32Array, size: number, random: RandomStream): void {
  const colour = randomColour(random);
  const width = random.integer(1, 2);
  const angle = 2 * Math.PI * random.uniform();
  const length = size * (0.1 + 0.4 * random.uniform());
  const [startX, startY] = [size * random.uniform(), size * random.uniform()];
  for (let way = 0; way < length; way += 0.5) {
    const column = Math.floor(startX + way * Math.cos(angle));
    const row = Math.floor(startY + way * Math.sin(angle));
    for (let y = row; y < row + width; y++) {
      for (let x = column; x < column + width; x++) {
        if (x >= 0 && y >= 0 && x < size && y < size) pixels.set(colour, 3 * (y * size + x));
      }
    }
  }
}
