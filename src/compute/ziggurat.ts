import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** Layers of equal area, and where the lowest one turns into the tail; with these numbers the 256 areas close at the top. */
const layers = 256;
const tailStart = 3.6541528853610088;
const area = 0.00492867323399;

const density = (x: number): number => Math.exp(-0.5 * x * x);

/**
 * Right edges of the layers, from the lowest to 0 at the top. The lowest is a rectangle and the tail, of which the edge is
 * that of a rectangle of the same area. They are rounded to float32, so that they do not depend on the last bit of an
 * engine's logarithm.
 */
const edges = new Float64Array(layers + 1);
edges[0] = Math.fround(area / density(tailStart));
edges[1] = Math.fround(tailStart);
for (let layer = 2; layer < layers; layer++) {
  const below = edges[layer - 1]!;
  edges[layer] = Math.fround(Math.sqrt(-2 * Math.log(area / below + density(below))));
}
const heights = edges.map(density);
/** A number of 24 bits times this lies within the layer. */
const scales = edges.map((edge) => edge / 2 ** 23);

/**
 * A standard normal number by the ziggurat method. 98.5 % of them take one draw of 32 bits: its highest 8 bits choose
 * the layer, the others a place in it, so that the two do not depend on one another, and a place is one of 2^24 on
 * either side of 0.
 *
 * @param uniform uniform in [0, 1), from the same generator
 *
 * Sources: Marsaglia and Tsang, The ziggurat method for generating random variables, Journal of Statistical Software 5(8),
 * 2000; Doornik, An improved ziggurat method to generate normal random samples, 2005, for layer and place.
 */
export function drawNormal(generator: RandomGenerator, uniform: () => number): number {
  for (;;) {
    const bits = generator.next();
    const layer = bits >>> 24;
    const x = (((bits << 8) >> 8) + 0.5) * scales[layer]!;
    if (Math.abs(x) < edges[layer + 1]!) return x;
    if (layer === 0) return x < 0 ? -drawTail(uniform) : drawTail(uniform);
    const [low, high] = [heights[layer]!, heights[layer + 1]!];
    if (low + uniform() * (high - low) < density(x)) return x;
  }
}

/**
 * A normal number beyond `tailStart`. Source: Marsaglia, Generating a variable from the tail of the normal
 * distribution, 1964.
 */
function drawTail(uniform: () => number): number {
  for (;;) {
    const beyond = -Math.log(1 - uniform()) / tailStart;
    if (-2 * Math.log(1 - uniform()) >= beyond * beyond) return tailStart + beyond;
  }
}
