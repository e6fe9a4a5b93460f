import { permuteAxes } from "../../src/compute/axes.ts";
import type { Place, WeightedLayer } from "./layers.ts";
import type { CaseTensor } from "./tensor.ts";

/** A tensor that ends in a place, [..., channels, height, width], with channels last, as circuits order the units of a map. */
export function channelsLast({ shape, data }: CaseTensor, { map }: Place): Float32Array {
  if (!map) return Float32Array.from(data);
  const leading = shape.slice(0, -3).reduce((product, size) => product * size, 1);
  return permuteAxes(data, [leading, ...shape.slice(-3)], [0, 2, 3, 1]);
}

/**
 * Weights of a layer in the order of a circuit's resident.
 *
 * @param components K where this is the first layer of a vectorized network, whose components have weights of their own
 */
export function weightsInOrder(
  { type, weight: { shape: layerShape } }: WeightedLayer,
  data: readonly number[],
  before: Place,
  components: number,
): Float32Array {
  const [channels, K] = [layerShape[0]!, components];
  if (type === "dense") {
    const { channels: C, height: H, width: W, order } = before;
    // A flattened map: its columns, channels first, go to channels last.
    return order === "chw"
      ? permuteAxes(data, [channels, K, C, H, W], [1, 0, 3, 4, 2])
      : permuteAxes(data, [channels, K, C * H * W], [1, 0, 2]);
  }
  const side = layerShape.at(-1)!;
  if (type === "conv") return permuteAxes(data, [channels, K, before.channels, side, side], [1, 0, 3, 4, 2]);
  const [, rows, columns] = layerShape as [number, number, number];
  return permuteAxes(data, [channels, rows, columns, K, before.channels, side, side], [3, 1, 2, 0, 5, 6, 4]);
}

/** Biases of a layer in the order of a circuit's resident: [K, channels], of a local layer [K, height, width, channels]. */
export function biasesInOrder({ type }: WeightedLayer, bias: CaseTensor, behind: Place): Float32Array {
  return type === "local" ? channelsLast(bias, behind) : Float32Array.from(bias.data);
}
