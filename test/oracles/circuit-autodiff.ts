import * as tf from "@tensorflow/tfjs";
import type { InputDescription, PopulationDescription, ProjectionDescription } from "../../src/circuits/description.ts";
import type { MapSize } from "../../src/compute/kernels/window.ts";
import { partOf } from "../../src/kinds/kind.ts";
import type { CircuitCase } from "../arbitraries/circuit-cases.ts";
import { mapOf, periodOf, unitsOf } from "./circuit-layout.ts";

/** Gradient of the mean loss of a batch by TensorFlow.js, on its plain cpu backend, by resident name. */
export async function autodiffGradient(circuitCase: CircuitCase): Promise<ReadonlyMap<string, Float32Array>> {
  await tf.setBackend("cpu");
  await tf.ready();
  const { network, values } = circuitCase;
  const plastic = network.parameters.filter((parameter) => parameter.plastic);
  const found = new Map<string, Float32Array>();
  tf.tidy(() => {
    const start = plastic.map(({ name, shape }) => tf.tensor(values.get(name)!, [...shape]));
    const gradients = tf.grads((...tensors: tf.Tensor[]) =>
      meanLoss(circuitCase, new Map(plastic.map(({ name }, at) => [name, tensors[at]!]))),
    )(start);
    plastic.forEach(({ name }, at) => {
      found.set(name, gradients[at]!.dataSync() as Float32Array);
    });
  });
  return found;
}

function meanLoss(
  { network, values, batch, stimuli, labels }: CircuitCase,
  parameters: ReadonlyMap<string, tf.Tensor>,
): tf.Scalar {
  const { description } = network;
  const [input] = description.inputs as [InputDescription];
  const rates = new Map<string, tf.Tensor>([[input.name, tf.tensor(stimuli, [batch, 1, unitsOf(input)])]]);
  const partOf = (wanted: string) => [input, ...description.populations].find(({ name }) => name === wanted)!;
  const ratesOf = (name: string): tf.Tensor => {
    const ready = rates.get(name);
    if (ready) return ready;
    const population = description.populations.find((candidate) => candidate.name === name)!;
    const { dimension } = population;
    const units = unitsOf(population);
    let drive: tf.Tensor = tf.zeros([batch, dimension, units]);
    if (population.bias !== "none") {
      const repeats = units / periodOf(population, population.bias);
      drive = tf.add(drive, parameters.get(`${name}/bias`)!.tile([1, repeats]));
    }
    for (const projection of description.projections.filter(({ post }) => post === name)) {
      const weight = parameters.get(`${projection.pre}->${name}/weight`);
      const maps = { pre: mapOf(partOf(projection.pre)), post: mapOf(population) };
      drive = tf.add(drive, driveThrough(projection.topology, maps, ratesOf(projection.pre), weight, dimension));
    }
    const active = activate(population, drive, values);
    rates.set(name, active);
    return active;
  };
  const { units: classes } = network.reports[0]!;
  const scores = ratesOf(description.readouts[0]!).reshape([batch, classes]);
  const targets = tf.oneHot(tf.tensor1d(labels, "int32"), classes);
  const loss = tf.neg(tf.sum(tf.mul(tf.logSoftmax(scores), targets))).div(batch);
  // TensorFlow.js refuses variables that the loss does not depend on (of populations that lead nowhere).
  const reached = [...parameters.values()].map((parameter) => tf.mul(tf.sum(parameter), 0));
  return tf.add(loss, tf.addN(reached)) as tf.Scalar;
}

interface Maps {
  readonly pre: MapSize;
  readonly post: MapSize;
}

/** Drive [batch, dimension, post units] from rates [batch, dimension or 1, pre units] in TensorFlow.js's own words. */
function driveThrough(
  topology: ProjectionDescription["topology"],
  { pre, post }: Maps,
  rates: tf.Tensor,
  weight: tf.Tensor | undefined,
  dimension: number,
): tf.Tensor {
  const { kind, kernel, size, stride, padding = 0 } = topology as { kind: string } & Record<string, number>;
  const [batch, components] = rates.shape as [number, number];
  const units = post.height * post.width * post.channels;
  if (kind === "dense") {
    // [batch, k, pre] x [k or 1, post, pre]: broadcast over components where the weight or the rate has only one.
    const sets = weight!.reshape([-1, units, weight!.shape.at(-1)!]);
    return tf.mul(rates.expandDims(2), sets.expandDims(0)).sum(3);
  }
  const images = rates.reshape([batch * components, pre.height, pre.width, pre.channels]) as tf.Tensor4D;
  if (kind === "average-pool" || kind === "max-pool") {
    const pool = kind === "max-pool" ? tf.maxPool : tf.avgPool;
    return pool(images, size!, stride ?? size!, "valid").reshape([batch, dimension, units]);
  }
  /** Components that have weights of their own, from scalar to vector units. */
  const sets = components === dimension ? 1 : dimension;
  const positions = post.height * post.width;
  const patch = kernel! * kernel! * pre.channels;
  let drive: tf.Tensor;
  if (kind === "convolutional") {
    const filters = weight!.reshape([sets * post.channels, kernel!, kernel!, pre.channels]).transpose([1, 2, 3, 0]);
    drive = tf.conv2d(images, filters as tf.Tensor4D, stride ?? 1, padding);
  } else {
    const patches = patchesOf(images, post, { kernel: kernel!, stride: stride ?? 1, padding });
    const own = weight!.reshape([sets, positions, post.channels, patch]).transpose([1, 3, 0, 2]);
    drive = tf.matMul(patches, own.reshape([positions, patch, sets * post.channels])).transpose([1, 0, 2]);
  }
  return drive
    .reshape([batch, components, positions, sets, post.channels])
    .transpose([0, 1, 3, 2, 4])
    .reshape([batch, dimension, units]);
}

/** What each position sees, [positions, images, patch]. */
function patchesOf(
  images: tf.Tensor4D,
  { height, width }: MapSize,
  { kernel, stride, padding }: { kernel: number; stride: number; padding: number },
): tf.Tensor {
  const border: [number, number] = [padding, padding];
  const padded = tf.pad(images, [[0, 0], border, border, [0, 0]]);
  const [count, , , channels] = padded.shape as [number, number, number, number];
  return tf.stack(
    Array.from({ length: height * width }, (_, position) => {
      const [row, column] = [Math.floor(position / width), position % width];
      const start = [0, row * stride, column * stride, 0];
      return tf.slice(padded, start, [count, kernel, kernel, channels]).reshape([count, kernel * kernel * channels]);
    }),
  );
}

function activate(population: PopulationDescription, drive: tf.Tensor, values: CircuitCase["values"]): tf.Tensor {
  const { name, dimension } = population;
  const { kind: gain, slope } = partOf(population.gain) as { kind: string; slope?: number };
  const units = unitsOf(population);
  const { channels } = mapOf(population);
  const closed = tf.zerosLike(drive);
  switch (gain) {
    case "linear":
      return drive;
    case "relu":
      return tf.relu(drive);
    case "leaky-relu":
      return tf.leakyRelu(drive, slope);
    case "tanh":
      return tf.tanh(drive);
    case "sigmoid":
      return tf.sigmoid(drive);
    case "softplus":
      return tf.softplus(drive);
    case "alternating-relu": {
      const direction = tf.tensor1d(Array.from({ length: units }, (_, i) => ((i % channels) % 2 === 0 ? -1 : 1)));
      return tf.where(tf.greaterEqual(tf.mul(drive, direction), 0), drive, closed);
    }
    case "gated": {
      const period = periodOf(population, population.gates);
      const vectors = tf.tensor(values.get(`${name}/gatingVectors`)!, [dimension, period]).tile([1, units / period]);
      const projected = tf.sum(tf.mul(drive, vectors), 1, true);
      return tf.where(tf.greaterEqual(tf.add(projected, closed), 0), drive, closed);
    }
    default:
      throw new Error(`the oracle has no gain function "${gain}"`);
  }
}
