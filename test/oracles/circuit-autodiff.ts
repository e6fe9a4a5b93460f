import * as tf from "@tensorflow/tfjs";
import type { PopulationDescription } from "../../src/circuits/description.ts";
import type { CircuitCase } from "../arbitraries/circuit-cases.ts";
import { unitsOf } from "./circuit-layout.ts";

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
  const rates = new Map<string, tf.Tensor>([
    [description.input.name, tf.tensor(stimuli, [batch, 1, unitsOf(description.input)])],
  ]);
  const ratesOf = (name: string): tf.Tensor => {
    const ready = rates.get(name);
    if (ready) return ready;
    const population = description.populations.find((candidate) => candidate.name === name)!;
    const { dimension } = population;
    const units = unitsOf(population);
    let drive: tf.Tensor = tf.zeros([batch, dimension, units]);
    if (population.bias !== "none") drive = tf.add(drive, parameters.get(`${name}/bias`)!);
    for (const { pre, post } of description.projections)
      if (post === name) {
        const weight = parameters.get(`${pre}->${post}/weight`)!;
        // [batch, k, pre] x [k or 1, post, pre]: broadcast over components where the weight or the rate has only one.
        const spread = tf.mul(
          ratesOf(pre).expandDims(2),
          weight.rank === 3 ? weight.expandDims(0) : weight.expandDims(0).expandDims(0),
        );
        drive = tf.add(drive, spread.sum(3));
      }
    const active = activate(population, drive, values);
    rates.set(name, active);
    return active;
  };
  const classes = network.classes;
  const scores = ratesOf(description.readout).reshape([batch, classes]);
  const targets = tf.oneHot(tf.tensor1d(labels, "int32"), classes);
  const loss = tf.neg(tf.sum(tf.mul(tf.logSoftmax(scores), targets))).div(batch);
  // TensorFlow.js refuses variables that the loss does not depend on (of populations that lead nowhere).
  const reached = [...parameters.values()].map((parameter) => tf.mul(tf.sum(parameter), 0));
  return tf.add(loss, tf.addN(reached)) as tf.Scalar;
}

function activate(population: PopulationDescription, drive: tf.Tensor, values: CircuitCase["values"]): tf.Tensor {
  const { name, gain, dimension } = population;
  const units = unitsOf(population);
  const closed = tf.zerosLike(drive);
  switch (gain) {
    case "linear":
      return drive;
    case "relu":
      return tf.relu(drive);
    case "tanh":
      return tf.tanh(drive);
    case "sigmoid":
      return tf.sigmoid(drive);
    case "softplus":
      return tf.softplus(drive);
    case "alternating-relu": {
      const direction = tf.tensor1d(Array.from({ length: units }, (_, i) => (i % 2 === 0 ? -1 : 1)));
      return tf.where(tf.greaterEqual(tf.mul(drive, direction), 0), drive, closed);
    }
    case "gated": {
      const vectors = tf.tensor(values.get(`${name}/gatingVectors`)!, [dimension, units]);
      const projected = tf.sum(tf.mul(drive, vectors), 1, true);
      return tf.where(tf.greaterEqual(tf.add(projected, closed), 0), drive, closed);
    }
    default:
      throw new Error(`the oracle has no gain function "${gain}"`);
  }
}
