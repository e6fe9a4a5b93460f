import { settingsIn } from "../../../kinds/kind.ts";
import type { Library } from "../../../kinds/library.ts";
import { digitScenes } from "../../../tasks/scenes/digit-scenes.ts";
import type { Task } from "../../../tasks/task.ts";
import type { RunDescription } from "../../../training/run-description.ts";
import type { TrainedRun } from "../../../training/trained-run.ts";
import type { AttentionAnalysisSettings } from "../analysis-settings.ts";
import type { AttentionRecord, TuningRecord } from "../attention-record.ts";
import { accuracyCount } from "./accuracy.ts";
import { type AttentionObserver, attentionParts, observedParts } from "./attention-parts.ts";
import { barScenes } from "./bar-scenes.ts";
import { barTuning } from "./bar-tuning.ts";
import { exampleScenes } from "./examples.ts";
import { gatingCount } from "./gating.ts";
import { observeGlimpses } from "./observe-glimpses.ts";
import { scenesOf } from "./scene-glimpses.ts";
import { modulationCount } from "./stage-modulation.ts";
import { accuracyByStrength } from "./strengths.ts";

/** Analyses what attention does in a trained run. */
export async function measureAttention(
  settings: AttentionAnalysisSettings,
  { description, learner, library, task, begin }: TrainedRun,
): Promise<AttentionRecord> {
  const { objective, seed, batch } = description;
  const { network, executor } = learner;
  const phase = begin(glimpsesAt(task, settings, batch));
  const state = await learner.readState();
  const observer = {
    network,
    executor,
    parameters: Object.fromEntries(network.parameters.map(({ name }) => [name, state[name]!.data])),
    objective: library.build("objective", objective, undefined),
    batch,
    seed,
    parts: attentionParts(network)!,
    onGlimpse: () => phase.advance(),
  };
  return analyseAttention(observer, description, task, settings, library);
}

/** Glimpses at batches that an analysis takes at most. */
function glimpsesAt(task: Task, settings: AttentionAnalysisSettings, batch: number): number {
  const { scenes, strengths, strengthScenes, angles, distractors } = settings;
  const { count } = task.test;
  const batches = (trials: number) => Math.ceil(trials / batch);
  const seen = batches(Math.min(scenes, count)) + strengths.length * batches(Math.min(strengthScenes, count));
  return task.presentations * seen + 2 * batches(2 * angles * Math.min(distractors, count));
}

/** What attention does in a trained circuit, on test scenes and on bars beside digits. */
async function analyseAttention(
  observer: AttentionObserver,
  { objective, task: taskDescription }: Pick<RunDescription, "objective" | "task">,
  task: Task,
  settings: AttentionAnalysisSettings,
  library: Library,
): Promise<AttentionRecord> {
  const { network, parts } = observer;
  const glimpses = task.presentations;
  const scenes = Math.min(settings.scenes, task.test.count);
  const accuracy = accuracyCount(task.classes, network.steps);
  const gating = gatingCount(parts.strength, settings.bins);
  const modulation = modulationCount(parts);
  const examples = exampleScenes(settings.examples, task.classNames);
  const observation = { glimpses, observed: observedParts(parts), limit: scenes };
  for await (const batch of observeGlimpses(observer, task.test, observation))
    for (const scene of scenesOf(batch, parts))
      for (const analysis of [accuracy, gating, modulation, examples]) analysis.see(scene);
  return {
    scenes,
    ...accuracy.result(),
    ...gating.result(),
    examples: examples.result(),
    tuning: await tuningIn(observer, taskDescription, task, settings),
    modulation: modulation.result(),
    strengths: await accuracyByStrength(observer, objective, library, task.test, {
      strengths: settings.strengths,
      glimpses,
      limit: settings.strengthScenes,
    }),
  };
}

/** Tuning for bars beside digits; none where scenes are of something else, or of one digit. */
async function tuningIn(
  observer: AttentionObserver,
  description: RunDescription["task"],
  task: Task,
  { angles, distractors, curves }: AttentionAnalysisSettings,
): Promise<TuningRecord[]> {
  if (description.kind !== digitScenes.kind || distractors === 0) return [];
  const { digits, noise } = digitScenes.settings.parse(settingsIn(description));
  if (digits < 2) return [];
  const bars = barScenes(task.test, { angles, distractors, noise, seed: observer.seed });
  return barTuning(observer, bars, angles, curves);
}
