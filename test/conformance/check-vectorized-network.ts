import { circuit, gated } from "../../src/circuits/circuit.ts";
import { buildNetwork, type Network } from "../../src/circuits/network.ts";
import type { Executor } from "../../src/compute/executor.ts";
import { crossEntropy, softmaxError } from "../../src/compute/kernels/decision.ts";
import { addBias } from "../../src/compute/kernels/pointwise.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { adam } from "../../src/plasticity/descriptions.ts";
import { learningProgram, residentShapes, traceError } from "../../src/plasticity/learning-program.ts";
import { buildOptimiser } from "../../src/plasticity/optimisers/registry.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { gevb } from "../../src/plasticity/rules/gevb.ts";
import type { Compared, Quantities } from "./comparison.ts";
import type { VectorizedNetworkCase } from "./vectorized-network.ts";

/** The settings that the cases were made with. */
const optimiser = buildOptimiser(adam({ rate: 3e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }));

/** Builds the network of a case, runs it on a device, and sets what came out beside what the case expects. */
export async function checkVectorizedNetwork(
  reference: VectorizedNetworkCase,
  executor: Executor,
): Promise<Quantities> {
  const network = networkOf(reference);
  const { batch, feeds } = batchOf(reference);
  const learning = learningProgram({ network, rule: gevb, optimiser, batch });
  const plans = { ...learning.plans, measure: measurePlan(network, batch) };
  const session = await executor.load({ residents: learning.residents, plans });
  try {
    for (const [name, values] of startValues(reference, network)) await session.write(name, values);
    const ones = new Float32Array(batch).fill(1);
    const [results] = await session.run("measure", [{ ...feeds, ones }]);
    const measured = Object.fromEntries(Object.entries(results!).map(([name, values]) => [name, values.slice()]));
    for (const step of [1, 2, 3]) await session.run("train", [{ ...feeds, schedule: optimiser.schedule(step) }]);
    const trained: Record<string, Float32Array> = {};
    for (const { name, plastic } of network.parameters) if (plastic) trained[name] = await session.read(name);
    return compare(reference, network, measured, trained);
  } finally {
    await session.dispose();
  }
}

type DenseLayer = Extract<VectorizedNetworkCase["layers"][number], { type: "dense" }>;

const denseLayers = ({ layers }: VectorizedNetworkCase) =>
  layers.filter((layer): layer is DenseLayer => layer.type === "dense");

/** A population for each dense layer, gated where a gate follows. */
function networkOf(reference: VectorizedNetworkCase): Network {
  const { layers, vectorDim: dimension, nonnegative, input } = reference;
  const description = circuit(reference.name, (c) => {
    let pre = c.input("input", { units: input.shape[1]! });
    layers.forEach((layer, index) => {
      if (layer.type !== "dense") return;
      const gain = layers[index + 1]?.type === "gate" ? gated() : "linear";
      const post = c.population(`layer${index}`, { units: layer.weight.shape[0]!, dimension, gain });
      c.project(pre, post, { sign: nonnegative && index > 0 ? "excitatory" : "mixed" });
      pre = post;
    });
  });
  return buildNetwork(description);
}

function batchOf({ input, labels }: VectorizedNetworkCase) {
  const batch = labels.length;
  const weights = new Float32Array(batch).fill(1 / batch);
  return { batch, feeds: { stimuli: Float32Array.from(input.data), labels: Float32Array.from(labels), weights } };
}

/** Everything that a case expects before training, under the names that `compare` reads. */
function measurePlan(network: Network, batch: number) {
  return tracePlan("measure", residentShapes(network, optimiser), (trace) => {
    const { circuit: plastic, scores, labels, activity } = traceError(trace, network, batch);
    trace.output("output", scores);
    trace.output("loss", crossEntropy({ scores, labels }).loss);
    // The case's error is not weighted: each sample counts 1.
    trace.output("error", softmaxError({ scores, labels, weights: trace.input("ones", [batch]) }).error);
    for (const { name, incoming, bias } of network.populations) {
      const [projection] = incoming;
      const drive = projection!.drive(trace.resident(projection!.weight), activity.rates.get(projection!.pre)!);
      trace.output(`drive ${name}`, addBias({ drive, bias: trace.resident(bias!) }).result);
      trace.output(`rates ${name}`, activity.rates.get(name)!);
    }
    for (const rule of [gevb, bp])
      for (const [name, update] of rule.updates(plastic)) trace.output(`${rule.name} ${name}`, update);
  });
}

/** Weights, biases and gating vectors of the case under the names of the network's residents. */
function startValues(reference: VectorizedNetworkCase, network: Network): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  denseLayers(reference).forEach((layer, index) => {
    const { incoming, bias } = network.populations[index]!;
    values.set(incoming[0]!.weight, weightValues(reference, index, layer.weight.data));
    values.set(bias!, Float32Array.from(layer.bias.data));
  });
  reference.layers.forEach((layer, index) => {
    if (layer.type === "gate") values.set(`layer${index - 1}/gatingVectors`, Float32Array.from(layer.t.data));
  });
  return values;
}

/** Weights of a dense layer in the network's order: those of the first are [K, units, n_in] there. */
function weightValues(reference: VectorizedNetworkCase, index: number, data: readonly number[]): Float32Array {
  if (index > 0) return Float32Array.from(data);
  const inputs = reference.input.shape[1]!;
  const dimension = reference.vectorDim;
  const units = data.length / (dimension * inputs);
  return Float32Array.from(data, (_, at) => {
    const [k, i, j] = [Math.floor(at / (units * inputs)), Math.floor(at / inputs) % units, at % inputs];
    return data[i * dimension * inputs + k * inputs + j]!;
  });
}

function compare(
  reference: VectorizedNetworkCase,
  network: Network,
  measured: Readonly<Record<string, Float32Array>>,
  trained: Readonly<Record<string, Float32Array>>,
): Quantities {
  const { expect, layers, labels } = reference;
  const quantities: Record<string, Compared> = {
    output: { got: measured.output!, expected: expect.output.data },
    loss: { got: [measured.loss!.reduce((sum, loss) => sum + loss, 0) / labels.length], expected: [expect.loss] },
    error: { got: measured.error!, expected: expect.error.data },
  };
  layers.forEach(({ type }, index) => {
    const got = type === "gate" ? measured[`rates layer${index - 1}`]! : measured[`drive layer${index}`]!;
    quantities[`layerOutputs ${index}`] = { got, expected: expect.layerOutputs[index]!.data };
  });
  network.populations.forEach(({ incoming, bias }, index) => {
    const weight = incoming[0]!.weight;
    const pairs = (
      name: string,
      got: (parameter: string) => Float32Array,
      key: "gevb" | "bp" | "afterThreeAdamStepsGevb",
    ) => {
      const expected = weightValues(reference, index, expect[key][index]!.weight.data);
      quantities[`${name} weight ${index}`] = { got: got(weight), expected };
      quantities[`${name} bias ${index}`] = { got: got(bias!), expected: expect[key][index]!.bias.data };
    };
    pairs("gevb", (parameter) => measured[`gevb ${parameter}`]!, "gevb");
    pairs("bp", (parameter) => measured[`bp ${parameter}`]!, "bp");
    pairs("adam", (parameter) => trained[parameter]!, "afterThreeAdamStepsGevb");
  });
  return quantities;
}
