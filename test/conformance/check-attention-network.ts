import { attentionCircuit, inputName, reportName, stageNames } from "../../src/circuits/attention/attention-circuit.ts";
import { inhibitionName } from "../../src/circuits/inhibition-of-return.ts";
import { buildNetwork, type Network, stimuliName } from "../../src/circuits/network.ts";
import { permuteAxes } from "../../src/compute/axes.ts";
import type { Executor, Results } from "../../src/compute/executor.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { parametersOfWeights } from "../../src/experiments/attention-weights.ts";
import { alignmentProgram, traceError } from "../../src/plasticity/learning-program.ts";
import { attendedObject, objectNames } from "../../src/plasticity/objectives/attended-object.ts";
import { continuesName } from "../../src/plasticity/presentation.ts";
import { buildRule } from "../../src/plasticity/rules/registry.ts";
import type { AttentionNetworkCase, Glimpse } from "./attention-network.ts";
import type { Compared, Quantities } from "./comparison.ts";
import type { CaseTensor } from "./tensor.ts";

const bp = buildRule({ kind: "bp" });

/** Shows a case's scenes to its circuit, glimpse after glimpse, and sets what came out beside what the case expects. */
export async function checkAttentionNetwork(reference: AttentionNetworkCase, executor: Executor): Promise<Quantities> {
  const { strength, maskPenalty, input, objects, weights, expect } = reference;
  const batch = input.shape[0]!;
  const network = networkOf(reference);
  const parameters = parametersOfWeights(reference.name, network, { weights });
  const objective = attendedObject({ objects: objects.length, strength, penalty: maskPenalty });
  const learns = expect.glimpses.some(({ gradients }) => gradients !== undefined);
  const { residents } = alignmentProgram({ network, rule: bp, objective, batch });
  const measured = new Set([reportName, ...reference.channels.map((_, index) => stageNames(index + 1).attention)]);
  const measure = tracePlan("measure", residents, (trace) => {
    const { presentation, circuit } = traceError(trace, network, objective, batch);
    for (const [name, value] of Object.entries(presentation.judgement.outputs)) trace.output(name, value);
    for (const { population, step, rates } of presentation.activity.states)
      if (step < network.steps - 1 && measured.has(population.name)) trace.output(atStep(population.name, step), rates);
    for (const [name, value] of presentation.memories) {
      trace.output(name, value);
      trace.assign(name, value);
    }
    if (learns) for (const [name, update] of bp.updates(circuit)) trace.output(`gradient ${name}`, update);
  });
  const session = await executor.load({ residents, plans: { measure } });
  try {
    for (const [name, values] of parameters) await session.write(name, values);
    const quantities: Record<string, Compared> = {};
    for (const [glimpse, expected] of expect.glimpses.entries()) {
      const feeds = Object.entries(feedsOf(reference, glimpse > 0)).filter(([name]) => measure.inputs.has(name));
      const [results] = await session.run("measure", [Object.fromEntries(feeds)]);
      for (const [name, { got, expected: wanted }] of Object.entries(
        compareGlimpse(reference, network, expected, results!),
      ))
        quantities[`glimpse ${glimpse} ${name}`] = { got: Float32Array.from(got), expected: wanted };
    }
    return quantities;
  } finally {
    await session.dispose();
  }
}

function networkOf({
  strength,
  iterations,
  inputShape,
  channels,
  kernel,
  classes,
  name,
}: AttentionNetworkCase): Network {
  const [depth, height, width] = inputShape;
  return buildNetwork(
    attentionCircuit({
      name,
      image: { height, width, channels: depth },
      stages: channels.map((count) => ({ channels: count, kernel })),
      classes,
      strength,
      iterations,
    }),
  );
}

const atStep = (population: string, step: number) => `${population}@${step}`;

/** Everything that a plan may be fed of a case. */
function feedsOf(
  { input, objects, labels, strength }: AttentionNetworkCase,
  continues: boolean,
): Record<string, Float32Array> {
  const batch = input.shape[0]!;
  const constant = (length: number, value: number) => new Float32Array(length).fill(value);
  const scene = mapRows(input);
  // From the images of attention to each object, (1 - s) scene + s object.
  const images = objects.map((object) =>
    mapRows(object).map((attended, unit) => (attended - (1 - strength) * scene[unit]!) / strength),
  );
  const units = images[0]!.length / batch;
  const samples = Array.from({ length: batch }, (_, sample) => sample);
  const bySample = samples.flatMap((sample) =>
    images.flatMap((image) => [...image.subarray(sample * units, (sample + 1) * units)]),
  );
  return {
    [stimuliName(inputName)]: scene,
    [objectNames.objects]: Float32Array.from(bySample),
    [objectNames.labels]: Float32Array.from(samples.flatMap((sample) => labels.map((own) => own[sample]!))),
    [objectNames.weights]: constant(batch * objects.length, 1),
    [objectNames.present]: constant(batch * objects.length, 1),
    [continuesName]: constant(batch, continues ? 1 : 0),
    weights: constant(batch, 1 / batch),
  };
}

/** [batch, channels, height, width] with channels last. */
const mapRows = ({ data, shape }: CaseTensor) => permuteAxes(data, shape, [0, 2, 3, 1]);

function compareGlimpse(
  { maskPenalty, channels, objects }: AttentionNetworkCase,
  network: Network,
  expected: Glimpse,
  results: Results,
): Record<string, Compared> {
  const compared: Record<string, Compared> = {};
  const compare = (name: string, got: ArrayLike<number>, wanted: ArrayLike<number>) => {
    compared[name] = { got, expected: wanted };
  };
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  for (const [step, { logits, ...others }] of expected.iterations.entries()) {
    compare(`iteration ${step} logits`, results[atStep(reportName, step)]!, logits.data);
    for (const [stage] of channels.entries()) {
      const attention = others[`attentionV${stage + 1}`];
      const name = atStep(stageNames(stage + 1).attention, step);
      if (attention) compare(`iteration ${step} attentionV${stage + 1}`, results[name]!, mapRows(attention));
    }
  }
  compare("logits", results.scores!, expected.logits.data);
  compare("gatedInput", results.gated!, mapRows(expected.gatedInput));
  for (const [stage] of channels.entries()) {
    const name = `inhibitionOfReturnV${stage + 1}`;
    const population = stageNames(stage + 1).attention;
    const got = results[inhibitionName(population)]!;
    const attention = results[atStep(population, network.steps - 2)]!;
    const wanted = mapRows(expected[name] as CaseTensor);
    // Next to the threshold, rounding may decide.
    compare(
      name,
      got.map((value, unit) => (Math.abs(attention[unit]! - 0.5) < 1e-4 ? wanted[unit]! : value)),
      wanted,
    );
  }
  const count = objects.length;
  const chosenBy = (sample: number) => results.chosen!.subarray(sample * count, (sample + 1) * count).indexOf(1);
  const selected = expected.selectedObject.map((_, sample) => chosenBy(sample));
  compare("selectedObject", selected, expected.selectedObject);
  compare("selectedLabel", results.label!, expected.selectedLabel);
  compare("classLoss", [mean(results.classLoss!)], [expected.classLoss]);
  compare("maskLoss", [mean(results.maskLoss!) / maskPenalty], [expected.maskLoss]);
  compare("loss", [mean(results.classLoss!) + mean(results.maskLoss!)], [expected.loss]);
  if (expected.gradients) {
    const gradients = parametersOfWeights("gradients", network, { weights: expected.gradients });
    for (const [name, values] of gradients) compare(`gradient ${name}`, results[`gradient ${name}`]!, values);
  }
  return compared;
}
