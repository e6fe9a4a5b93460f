import { join } from "node:path";
import { SulcusError } from "../compute/errors.ts";
import { ruleInWords } from "../plasticity/descriptions.ts";
import type { Evaluation, RunSummary } from "../report/learning-record.ts";
import { BatchSequence, sequentialBatches } from "../tasks/batches.ts";
import type { Task } from "../tasks/task.ts";
import type { Batch } from "../tasks/trials.ts";
import { ensureAttention } from "./attention/analysis/attention-analysis.ts";
import type { RunListener } from "./events.ts";
import { InterruptedError } from "./interrupted.ts";
import type { Learner } from "./learner.ts";
import { loadCheckpoint, saveCheckpoint } from "./record/checkpoint.ts";
import { exists } from "./record/make-folder.ts";
import { appendMetrics, readMetrics, truncateAfterStep } from "./record/metrics-log.ts";
import { runFiles } from "./record/run-files.ts";
import { writeSummary } from "./record/run-folder.ts";
import { readTiming, type Timing, writeTiming } from "./record/timing.ts";
import { ensureRepresentation } from "./representation.ts";
import type { RunDescription } from "./run-description.ts";
import { ensureSpecialization } from "./specialization/specialization.ts";
import { addTally, emptyTally, meansOf, type Tally } from "./tally.ts";
import { unsoundEvaluation } from "./unsound-evaluation.ts";

export interface TrainingJob {
  readonly label: string;
  readonly description: RunDescription;
  readonly learner: Learner;
  readonly task: Task;
  readonly folder: string;
  /** Whether to go on from the folder's checkpoint (or from the start, if it was killed before the first one). */
  readonly resume: boolean;
  readonly onEvent: RunListener;
  readonly signal: AbortSignal;
}

/** What training carries from step to step besides the learner's state. */
interface Progress {
  step: number;
  /** Over the training batches since the last evaluation. */
  sinceEvaluation: Tally;
  /** Over the training batches of the epoch that the latest step belongs to. */
  inEpoch: Tally;
}

/**
 * Trains to the last epoch, or to the first without a wrong decision where the description asks for that: composes batches, evaluates, logs and saves. A run that is killed at any moment goes on from
 * its last checkpoint and leaves the same checkpoint.npz and metrics.jsonl, bit for bit, as one that was not: batches
 * depend on the step alone, and nothing in those files depends on the clock or on when checkpoints were written.
 *
 * @throws InterruptedError after saving, when the signal aborts; SulcusError when the loss is no longer a number
 */
export async function trainToEnd(job: TrainingJob): Promise<RunSummary> {
  const { label, description, learner, task, folder, onEvent, signal } = job;
  const sequence = new BatchSequence(task.training, description.batch, description.seed, task.presentations);
  const totalSteps = sequence.stepsPerEpoch * description.epochs;
  const metricsFile = join(folder, runFiles.metrics);
  const progress = await startingPoint(job, metricsFile);
  const timing: Timing = job.resume ? await readTiming(folder) : { seconds: 0, stepMilliseconds: [] };
  const clock = sittingClock(timing);
  const { device, provider } = learner.executor;
  const { notes } = task;
  onEvent({
    type: "started",
    run: label,
    folder,
    step: progress.step,
    totalSteps,
    device,
    provider,
    ...(notes && notes.length > 0 ? { notes } : {}),
  });

  const save = async () => {
    const { step, ...state } = progress;
    const arrays = await learner.readState();
    const file = await saveCheckpoint(folder, { step, arrays, identity: learner.identity, state });
    await writeTiming(folder, clock.read());
    onEvent({ type: "saved", run: label, step, file });
  };
  const pool: Batch[] = [];
  const composeFrom = (step: number, count: number) =>
    Array.from({ length: count }, (_, index) => {
      const batch = sequence.compose(step + index, pool[index]);
      pool[index] = batch;
      return batch;
    });
  // The count of an epoch stays until the next one begins, so that a run resumed here sees what ended it.
  const isOver = () => {
    const { step, inEpoch } = progress;
    const learned = step > 0 && step % sequence.stepsPerEpoch === 0 && inEpoch.asked > 0 && inEpoch.wrong === 0;
    return step === totalSteps || (description.stopWhenLearned && learned);
  };
  const rateFactor = (step: number) => description.rateDecay ** Math.floor(step / sequence.stepsPerEpoch);
  let savedAt = performance.now();
  const speed = speedometer(progress.step);

  while (!isOver()) {
    if (progress.step % sequence.stepsPerEpoch === 0) progress.inEpoch = emptyTally();
    const boundary = nextEvaluation(progress.step, sequence.stepsPerEpoch, description.evaluations, task.presentations);
    const count = Math.min(learner.executor.stepsPerCall, boundary - progress.step);
    const batches = composeFrom(progress.step, count);
    const started = performance.now();
    const tally = await learner.train(batches, progress.step, rateFactor);
    clock.note((performance.now() - started) / count);
    if (!Number.isFinite(tally.loss)) throw diverged(label, progress.step + count, tally, description, folder);
    progress.step += count;
    addTally(progress.sinceEvaluation, tally);
    addTally(progress.inEpoch, tally);
    const { stepsPerSecond, secondsLeft } = speed(progress.step, totalSteps);
    const { step } = progress;
    const epoch = step / sequence.stepsPerEpoch;
    const means = meansOf(tally);
    onEvent({ type: "progress", run: label, step, totalSteps, epoch, ...means, stepsPerSecond, secondsLeft });

    if (step === boundary) {
      const evaluation = await evaluate(job, progress, epoch, isOver());
      await appendMetrics(metricsFile, evaluation);
      progress.sinceEvaluation = emptyTally();
      onEvent({ type: "evaluated", run: label, lossUnit: learner.lossUnit, ...evaluation });
    }
    const due = performance.now() - savedAt >= 1000 * description.checkpointSeconds;
    if (isOver() || due || signal.aborted) {
      await save();
      savedAt = performance.now();
    }
    if (signal.aborted && !isOver()) throw new InterruptedError(folder);
  }

  // A run that trains nothing is evaluated once.
  if (totalSteps === 0 && !(await exists(metricsFile))) {
    const evaluation = await evaluate(job, progress, 0, true);
    await appendMetrics(metricsFile, evaluation);
    onEvent({ type: "evaluated", run: label, lossUnit: learner.lossUnit, ...evaluation });
    await save();
  }
  const { step } = progress;
  const summary = summarise(
    job,
    { step, epochs: step / sequence.stepsPerEpoch },
    await readMetrics(metricsFile),
    clock.read(),
  );
  await ensureRepresentation(job);
  await ensureSpecialization(job);
  await ensureAttention(job);
  await writeSummary(folder, summary);
  onEvent({ type: "finished", run: label, folder, summary });
  return summary;
}

/** Puts the learner where the run stands, and drops what the log says of later steps. */
async function startingPoint(job: TrainingJob, metricsFile: string): Promise<Progress> {
  const fresh: Progress = { step: 0, sinceEvaluation: emptyTally(), inEpoch: emptyTally() };
  if (!job.resume) return fresh;
  const { learner, folder } = job;
  if (!(await exists(join(folder, runFiles.checkpoint)))) {
    await truncateAfterStep(metricsFile, 0);
    return fresh;
  }
  const { step, state, arrays } = await loadCheckpoint(folder, { identity: learner.identity, shapes: learner.shapes });
  await learner.writeState(arrays);
  await truncateAfterStep(metricsFile, step);
  return { step, ...(state as Omit<Progress, "step">) };
}

async function evaluate(job: TrainingJob, progress: Progress, epoch: number, last: boolean): Promise<Evaluation> {
  const { description, learner, task } = job;
  const useTest = last || task.validation.count === 0;
  const all = useTest ? task.test : task.validation;
  const { batch, seed } = description;
  const limit = last ? all.count : description.evaluationStimuli;
  const tally = await learner.evaluate(sequentialBatches(all, { batch, seed, limit }));
  if (!Number.isFinite(tally.loss)) throw await unsoundEvaluation(job, progress.step, tally.loss);
  const [first] = sequentialBatches(all, { batch, seed, limit: batch });
  const train = meansOf(progress.sinceEvaluation);
  return {
    step: progress.step,
    epoch,
    trainLoss: train.loss,
    trainError: train.error,
    set: useTest ? "test" : "validation",
    count: tally.asked,
    ...meansOf(tally),
    alignment: await learner.align(first!),
  };
}

/** The first step after `step` at which an evaluation is due: none while a batch is still to be presented again. */
export function nextEvaluation(step: number, stepsPerEpoch: number, evaluations: number, presentations = 1): number {
  const epoch = Math.floor(step / stepsPerEpoch);
  for (let part = 1; part <= evaluations; part++) {
    const due =
      epoch * stepsPerEpoch + presentations * Math.round((part * stepsPerEpoch) / (evaluations * presentations));
    if (due > step) return due;
  }
  return (epoch + 1) * stepsPerEpoch;
}

function summarise(
  job: TrainingJob,
  done: { step: number; epochs: number },
  evaluations: readonly Evaluation[],
  timing: Timing,
): RunSummary {
  const last = evaluations.at(-1)!;
  const times = [...timing.stepMilliseconds].sort((a, b) => a - b);
  return {
    label: job.label,
    rule: ruleInWords(job.description.rule),
    steps: done.step,
    epochs: done.epochs,
    testError: last.error,
    testLoss: last.loss,
    trainError: last.trainError,
    alignment: last.alignment,
    seconds: timing.seconds,
    stepMilliseconds: times[Math.floor(times.length / 2)] ?? 0,
  };
}

function diverged(label: string, step: number, tally: Tally, description: RunDescription, folder: string): SulcusError {
  return new SulcusError(
    `run "${label}" diverged: the loss is ${tally.loss} at step ${step}; try a learning rate below ${description.optimiser.rate} (${folder} keeps what was saved before)`,
  );
}

/** Adds up the seconds of this sitting and keeps a sample of step times. */
function sittingClock(before: Timing) {
  const started = performance.now();
  const samples = [...before.stepMilliseconds];
  const largestSample = 1000;
  return {
    note(milliseconds: number) {
      if (samples.length >= largestSample) samples.shift();
      samples.push(milliseconds);
    },
    read: (): Timing => ({
      seconds: before.seconds + (performance.now() - started) / 1000,
      stepMilliseconds: samples,
    }),
  };
}

/** Steps per second of this sitting, evaluations included, and the time that the rest will take. */
function speedometer(first: number) {
  const started = performance.now();
  return (step: number, totalSteps: number) => {
    const seconds = Math.max(1e-3, (performance.now() - started) / 1000);
    const stepsPerSecond = (step - first) / seconds;
    return { stepsPerSecond, secondsLeft: (totalSteps - step) / stepsPerSecond };
  };
}
