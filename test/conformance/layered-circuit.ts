import { buildNetwork } from "../../src/built-in.ts";
import { circuit, type PopulationHandle } from "../../src/circuits/circuit.ts";
import {
  isWeighted,
  type Network,
  type Population,
  stimuliName,
  type WeightedProjection,
} from "../../src/circuits/network.ts";
import { dense } from "../../src/circuits/topologies/dense.ts";
import { averagePool } from "../../src/circuits/topologies/pooling.ts";
import { convolutional, local } from "../../src/circuits/topologies/windowed.ts";
import { gated } from "../../src/neurons/gains/gated.ts";
import { biasesInOrder, channelsLast, weightsInOrder } from "./case-order.ts";
import {
  entrance,
  isWeightedLayer,
  type Layer,
  type Parameters,
  type Place,
  placesOf,
  type WeightedLayer,
} from "./layers.ts";
import type { CaseTensor } from "./tensor.ts";

/** What cases of both kinds of networks have. */
export interface LayeredCase {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly nonnegative: boolean;
  readonly input: CaseTensor;
  readonly labels: readonly number[];
}

/** A layer with weights and the parts of the network that stand for it. */
export interface LayerParts {
  readonly layer: WeightedLayer;
  readonly before: Place;
  readonly behind: Place;
  readonly population: Population;
  readonly projection: WeightedProjection;
  /** Components with weights of their own. */
  readonly components: number;
}

/** Name of the population that a layer leads to. */
export const populationOf = (index: number) => `layer${index}`;

const layoutOf = ({ map, channels, height, width }: Place) =>
  map ? { map: { channels, height, width } } : { units: channels * height * width };

/** A population for each layer with weights and each pool; gates and gain functions belong to the population before them. */
export function networkOf(reference: LayeredCase, dimension: number): Network {
  const { layers, nonnegative, input } = reference;
  const places = placesOf(layers, input);
  const description = circuit(reference.name, (c) => {
    let pre: PopulationHandle = c.input("input", layoutOf(entrance(input)));
    let first = true;
    layers.forEach((layer, index) => {
      const name = populationOf(index);
      const layout = { ...layoutOf(places[index]!.behind), dimension };
      if (layer.type === "avgpool") {
        const pool = c.population(name, { ...layout, bias: "none" });
        c.project(pre, pool, { topology: averagePool({ size: layer.size }) });
        pre = pool;
      }
      if (!isWeightedLayer(layer)) return;
      const next = layers[index + 1]?.type;
      const gain = next === "gate" ? gated() : next === "alternating-relu" ? "alternating-relu" : "linear";
      const bias = layer.type === "local" ? "unit" : "channel";
      const gates = next === "gate" ? ({ gates: "unit" } as const) : {};
      const post = c.population(name, { ...layout, gain, bias, ...gates });
      c.project(pre, post, { topology: topologyOf(layer), sign: nonnegative && !first ? "excitatory" : "mixed" });
      pre = post;
      first = false;
    });
  });
  return buildNetwork(description);
}

function topologyOf(layer: WeightedLayer) {
  if (layer.type === "dense") return dense();
  const { stride, padding, weight } = layer;
  const window = { kernel: weight.shape.at(-1)!, stride, padding };
  return layer.type === "conv" ? convolutional(window) : local(window);
}

/** The layers with weights, in order, with their parts of the network. */
export function partsOf({ layers, input }: LayeredCase, network: Network, dimension: number): LayerParts[] {
  const places = placesOf(layers, input);
  return layers.flatMap((layer, index): LayerParts[] => {
    if (!isWeightedLayer(layer)) return [];
    const population = network.populations.find(({ name }) => name === populationOf(index))!;
    const projection = population.incoming.find(isWeighted)!;
    const components = projection.pre === network.inputs[0]!.name ? dimension : 1;
    return [{ layer, ...places[index]!, population, projection, components }];
  });
}

/** Weights, biases and gating vectors of a case under the names of the network's residents. */
export function startValues(reference: LayeredCase, parts: readonly LayerParts[]): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const { layer, ...rest } of parts)
    for (const [name, data] of Object.entries(inOrder({ layer, ...rest }, layer))) values.set(name, data);
  const places = placesOf(reference.layers, reference.input);
  reference.layers.forEach((layer, index) => {
    if (layer.type === "gate")
      values.set(`${populationOf(index - 1)}/gatingVectors`, channelsLast(layer.t, places[index]!.behind));
  });
  return values;
}

/** Values of a layer's weights and biases by the names of their residents, in the residents' order. */
export function inOrder(parts: LayerParts, { weight, bias }: Parameters): Record<string, Float32Array> {
  const { layer, before, behind, projection, population, components } = parts;
  return {
    [projection.weight]: weightsInOrder(layer, weight.data, before, components),
    [population.bias!]: biasesInOrder(layer, bias, behind),
  };
}

/** The batch of a case as feeds; weights of the mean, and ones. */
export function batchOf({ input, labels }: LayeredCase) {
  const batch = labels.length;
  return {
    batch,
    feeds: {
      [stimuliName("input")]: channelsLast(input, entrance(input)),
      labels: Float32Array.from(labels),
      weights: new Float32Array(batch).fill(1 / batch),
    },
    ones: new Float32Array(batch).fill(1),
  };
}
