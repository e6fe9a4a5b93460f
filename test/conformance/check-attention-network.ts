import { buildNetwork, buildObjective } from "../../src/built-in.ts";
import { inhibitionName } from "../../src/circuits/inhibition-of-return.ts";
import type { Network } from "../../src/circuits/network.ts";
import { attentionCircuit, reportName, stageNames } from "../../src/circuits/ready-made/attention/attention-circuit.ts";
import { parametersOfWeights } from "../../src/circuits/ready-made/attention/attention-weights.ts";
import { permuteAxes } from "../../src/compute/axes.ts";
import type { Executor, Results } from "../../src/compute/executor.ts";
import { attendedObject } from "../../src/plasticity/objectives/attended-object.ts";
import { atStep, gradientOf, type Scenes, showGlimpses } from "../circuits/show-glimpses.ts";
import type { AttentionNetworkCase, Glimpse } from "./attention-network.ts";
import type { Compared, Quantities } from "./comparison.ts";
import type { CaseTensor } from "./tensor.ts";

/** Shows a case's scenes to its circuit, glimpse after glimpse, and sets what came out beside what the case expects. */
export async function checkAttentionNetwork(reference: AttentionNetworkCase, executor: Executor): Promise<Quantities> {
  const { name: caseName, strength, maskPenalty, objects, weights, glimpses, expect } = reference;
  const network = networkOf(reference);
  const shown = await showGlimpses(
    {
      network,
      objective: buildObjective(attendedObject({ objects: objects.length, strength, penalty: maskPenalty })),
      values: parametersOfWeights(caseName, network, { weights }),
      scenes: scenesOf(reference),
      continues: Array.from({ length: glimpses }, (_, glimpse) => glimpse > 0),
      gradients: expect.glimpses.some(({ gradients }) => gradients !== undefined),
    },
    executor,
  );
  const quantities = shown.flatMap((results, glimpse) =>
    Object.entries(compareGlimpse(reference, network, expect.glimpses[glimpse]!, results)).map(
      ([name, compared]): [string, Compared] => [`glimpse ${glimpse} ${name}`, compared],
    ),
  );
  return Object.fromEntries(quantities);
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

function scenesOf({ input, objects, labels, strength }: AttentionNetworkCase): Scenes {
  const batch = input.shape[0]!;
  const stimuli = mapRows(input);
  // From the images of attention to each object, (1 - s) scene + s object.
  const alone = objects.map((object) =>
    mapRows(object).map((attended, unit) => (attended - (1 - strength) * stimuli[unit]!) / strength),
  );
  const units = stimuli.length / batch;
  const samples = Array.from({ length: batch }, (_, sample) => sample);
  const ones = new Float32Array(batch * objects.length).fill(1);
  return {
    batch,
    stimuli,
    objects: Float32Array.from(
      samples.flatMap((sample) => alone.flatMap((rows) => [...rows.subarray(sample * units, (sample + 1) * units)])),
    ),
    labels: Float32Array.from(samples.flatMap((sample) => labels.map((own) => own[sample]!))),
    weights: ones,
    present: ones,
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
    const attention = results[atStep(population, network.steps - 2)]!;
    const wanted = mapRows(expected[name] as CaseTensor);
    // Next to the threshold, rounding may decide.
    const sure = (value: number, unit: number) => (Math.abs(attention[unit]! - 0.5) < 1e-4 ? wanted[unit]! : value);
    compare(name, results[inhibitionName(population)]!.map(sure), wanted);
  }
  const count = objects.length;
  const chosenBy = (sample: number) => results.chosen!.subarray(sample * count, (sample + 1) * count).indexOf(1);
  const selected = expected.selectedObject.map((_, sample) => chosenBy(sample));
  compare("selectedObject", selected, expected.selectedObject);
  compare("selectedLabel", results.label!, expected.selectedLabel);
  compare("classLoss", [mean(results.classLoss!)], [expected.classLoss]);
  compare("maskLoss", [mean(results.maskLoss!) / maskPenalty], [expected.maskLoss]);
  compare("loss", [mean(results.loss!)], [expected.loss]);
  if (expected.gradients) {
    const gradients = parametersOfWeights("gradients", network, { weights: expected.gradients });
    for (const [name, values] of gradients) compare(`gradient ${name}`, results[gradientOf(name)]!, values);
  }
  return compared;
}
