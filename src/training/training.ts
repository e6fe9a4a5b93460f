import { StorageError, SulcusError } from "../kinds/errors.ts";
import type { Library } from "../kinds/library.ts";
import { wordsOfMetrics } from "../plasticity/objectives/metric.ts";
import { ruleInWords } from "../plasticity/rules/rule-in-words.ts";
import type { Evaluation, RunSummary } from "../records/learning-record.ts";
import { keyedMetrics, type MetricSource, metricIn } from "../records/metrics.ts";
import { BatchSequence, sequentialBatches } from "../tasks/batches.ts";
import type { Task } from "../tasks/task.ts";
import type { Batch } from "../tasks/trials.ts";
import type { RunListener } from "./events.ts";
import { InterruptedError, requestedBy } from "./interrupted.ts";
import type { Learner } from "./learner.ts";
import { takeMeasures } from "./measures.ts";
import { checkParameters } from "./parameter-constraints.ts";
import { beginPhase, counting } from "./phase.ts";
import { rateCourse } from "./rate-course.ts";
import { noTiming, type Recorder, type Timing } from "./recorder.ts";
import type { RunDescription } from "./run-description.ts";
import { addTally, emptyTally, meansOf, type Tally } from "./tally.ts";
import { sittingClock, speedometer } from "./training-clock.ts";
import { refuseOverflow, unsoundEvaluation } from "./unsound-evaluation.ts";

interface TrainingJob {
  readonly label: string;
  readonly description: RunDescription;
  /** Made with the same signal, for which it stops before its next step. */
  readonly learner: Learner;
  readonly library: Library;
  readonly task: Task;
  readonly recorder: Recorder;
  /** Whether to go on from the recorder's checkpoint (or from the start, if it was killed before the first one). */
  readonly resume: boolean;
  readonly onEvent: RunListener;
  readonly signal: AbortSignal;
}

/** What training carries from step to step besides the learner's state. */
interface Progress {
  step: number;
  /** Over the training batches since the last evaluation. */
  sinceEvaluation: Tally;
  /** Step of the last evaluation; 0 before the first. */
  evaluatedAt: number;
  /** Over the training batches of the epoch that the latest step belongs to. */
  inEpoch: Tally;
}

/**
 * Trains to the last epoch, or to the first that leaves nothing to learn, such as no wrong decision, where the description
 * asks for that: composes batches, evaluates, logs and saves. A run that is killed at any moment goes on from its last
 * checkpoint and leaves the same checkpoint.npz and metrics.jsonl, bit for bit, as one that was not: batches depend on the step
 * alone, and nothing in those files depends on the clock or on when checkpoints were written.
 *
 * @throws InterruptedError after saving, when the signal aborts; SulcusError when the loss is no longer a number;
 * StorageError when another process has taken the folder over
 */
export async function trainToEnd(job: TrainingJob): Promise<RunSummary> {
  const { label, description, learner, task, recorder, onEvent, signal } = job;
  const metrics = wordsOfMetrics(learner.objective);
  const { place: folder } = recorder;
  const sequence = new BatchSequence(task.training, description.batch, description.seed, task.presentations);
  const totalSteps = sequence.stepsPerEpoch * description.epochs;
  const { progress, partial } = await startingPoint(job);
  const timing = job.resume ? await recorder.timing() : noTiming;
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
    await recorder.check();
    const last = isOver();
    const arrays = await learner.readState();
    refuseOverflow(arrays, { label, step, description, folder });
    const spared = learner.optimiserState.reduce((bytes, name) => bytes + arrays[name]!.data.byteLength, 0);
    const whole = !last || description.finalCheckpoint === "full";
    if (!whole) for (const name of learner.optimiserState) delete arrays[name];
    const bytes = await recorder.saveCheckpoint({ step, arrays, identity: learner.identity, state });
    await recorder.keepTiming(clock.read());
    savedStep = step;
    const file = recorder.checkpointName;
    onEvent({ type: "saved", run: label, step, file, bytes, optimiserBytes: whole ? spared : 0, last });
  };
  const evaluateNow = async (epoch: number) => {
    const evaluation = await evaluate(job, progress, epoch, isOver());
    await recorder.check();
    await keepSnapshot(job, progress.step);
    await recorder.addEvaluation(evaluation);
    progress.sinceEvaluation = emptyTally();
    progress.evaluatedAt = progress.step;
    const { unit: lossUnit } = learner.objective;
    onEvent({ type: "evaluated", run: label, lossUnit, metrics, ...evaluation });
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
    if (step === totalSteps) return true;
    if (!description.stopWhenLearned || step === 0 || step % sequence.stepsPerEpoch !== 0) return false;
    return learner.objective.learned?.(inEpoch) ?? false;
  };
  if (partial && !isOver())
    throw new StorageError(
      `${recorder.checkpointName} holds weights without the optimiser's state, as finalCheckpoint "weights" leaves them at step ${progress.step}, and the run is to go on to step ${totalSteps}; start a new run from these weights (from: ${folder})`,
    );
  const boundaryAt = (step: number) =>
    nextEvaluation(step, sequence.stepsPerEpoch, description.evaluations, task.presentations);
  const rateFactor = rateCourse({ ...description, stepsPerEpoch: sequence.stepsPerEpoch, totalSteps });
  let savedAt = performance.now();
  let savedStep = progress.step;
  const speed = speedometer(progress.step);

  const trainAll = async () => {
    // A run that was stopped as it evaluated has that evaluation still to do.
    if (progress.step > progress.evaluatedAt && progress.step === boundaryAt(progress.step - 1)) {
      await evaluateNow(progress.step / sequence.stepsPerEpoch);
      if (isOver()) await save();
    }
    while (!isOver()) {
      if (progress.step % sequence.stepsPerEpoch === 0) progress.inEpoch = emptyTally();
      const boundary = boundaryAt(progress.step);
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
      const { loss, metrics: values } = meansOf(tally, learner.objective.metrics);
      const place = { run: label, step, totalSteps, epoch };
      onEvent({ type: "progress", ...place, loss, ...values, metrics, stepsPerSecond, secondsLeft });

      if (step === boundary) await evaluateNow(epoch);
      const due = performance.now() - savedAt >= 1000 * description.checkpointSeconds;
      if (isOver() || due) {
        await save();
        savedAt = performance.now();
      }
    }
    // A run that trains nothing is evaluated once.
    if (totalSteps === 0 && !(await recorder.hasEvaluations())) {
      await evaluateNow(0);
      await save();
    }
  };
  try {
    await trainAll();
    const { step } = progress;
    const summary = summarise(
      job,
      { step, epochs: step / sequence.stepsPerEpoch },
      await recorder.evaluations(),
      clock.read(),
    );
    await takeMeasures({ ...job, folder }, recorder);
    await recorder.check();
    await recorder.finish(summary);
    onEvent({ type: "finished", run: label, folder, summary });
    return summary;
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    if (progress.step > savedStep) await save();
    throw new InterruptedError({ folder, step: progress.step, by: requestedBy(signal) });
  }
}

/**
 * Puts the learner where the run stands, and drops what the log says of later steps; `partial` where the checkpoint is
 * without the optimiser's state.
 */
async function startingPoint(job: TrainingJob): Promise<{ readonly progress: Progress; readonly partial: boolean }> {
  const beginning: Progress = { step: 0, sinceEvaluation: emptyTally(), evaluatedAt: 0, inEpoch: emptyTally() };
  const fresh = { progress: beginning, partial: false };
  if (!job.resume) return fresh;
  const { learner, recorder } = job;
  if (!(await recorder.hasCheckpoint())) {
    await recorder.dropEvaluationsAfter(0);
    return fresh;
  }
  const { identity, readIdentity, shapes, optimiserState: dispensable } = learner;
  const { step, state, arrays, partial } = await recorder.loadCheckpoint({
    identity,
    readIdentity,
    shapes,
    dispensable,
  });
  const values = Object.entries(arrays).map(([name, { data }]): [string, Float32Array] => [name, data]);
  checkParameters(recorder.checkpointName, learner.network, new Map(values));
  await learner.writeState(arrays);
  const kept = state as Omit<Progress, "step">;
  // An evaluation of this very step that the checkpoint does not know of was made after it.
  await recorder.dropEvaluationsAfter(kept.evaluatedAt < step ? step - 1 : step);
  return { progress: { step, ...kept }, partial };
}

async function evaluate(job: TrainingJob, progress: Progress, epoch: number, last: boolean): Promise<Evaluation> {
  const { description, learner, task } = job;
  const useTest = last || task.validation.count === 0;
  const all = useTest ? task.test : task.validation;
  const { batch, seed } = description;
  const limit = last ? all.count : description.evaluationStimuli;
  const phase = beginPhase(job, "evaluation", Math.ceil(Math.min(limit, all.count) / batch));
  const shown = counting(sequentialBatches(all, { batch, seed, limit }), phase);
  const tally = await learner.evaluate(shown);
  if (!Number.isFinite(tally.loss)) throw await unsoundEvaluation(job, progress.step, tally.loss);
  const [first] = sequentialBatches(all, { batch, seed, limit: batch });
  const { metrics } = learner.objective;
  const train = meansOf(progress.sinceEvaluation, metrics);
  const means = meansOf(tally, metrics);
  return {
    step: progress.step,
    epoch,
    trainLoss: train.loss,
    ...keyedMetrics(train.metrics, "train"),
    set: useTest ? "test" : "validation",
    count: tally.count,
    ...(learner.presentations > 1 ? { stimuli: Math.min(limit, all.count) } : {}),
    loss: means.loss,
    ...keyedMetrics(means.metrics, "evaluation"),
    alignment: await learner.align(first!),
  };
}

/** Keeps the parameters as they are, where this evaluation is one of those at which that was asked for. */
async function keepSnapshot(
  { description: { snapshots }, recorder, learner }: TrainingJob,
  step: number,
): Promise<void> {
  if (snapshots === undefined) return;
  const before = (await recorder.hasEvaluations()) ? (await recorder.evaluations()).length : 0;
  if ((before + 1) % snapshots !== 0) return;
  const state = await learner.readState();
  const parameters = learner.network.parameters.map(({ name }) => [name, state[name]!]);
  await recorder.keepSnapshot(step, Object.fromEntries(parameters));
}

/** The first step after `step` at which an evaluation is due: none while a batch is still to be presented again. */
export function nextEvaluation(step: number, stepsPerEpoch: number, evaluations: number, presentations = 1): number {
  const start = Math.floor(step / stepsPerEpoch) * stepsPerEpoch;
  const due = (part: number) =>
    start + presentations * Math.round((part * stepsPerEpoch) / (evaluations * presentations));
  // Where the part lies whose boundary rounds to the next batch; it is looked for beside, as the quotient is rounded too.
  const batch = Math.floor((step - start) / presentations) + 1;
  const near = Math.floor(((batch - 0.5) * evaluations * presentations) / stepsPerEpoch);
  for (let part = Math.max(1, near - 1); part <= evaluations; part++) if (due(part) > step) return due(part);
  return start + stepsPerEpoch;
}

function summarise(
  job: TrainingJob,
  done: { step: number; epochs: number },
  evaluations: readonly Evaluation[],
  timing: Timing,
): RunSummary {
  const last = evaluations.at(-1)!;
  const metrics = wordsOfMetrics(job.learner.objective);
  const ofLast = (source: MetricSource, from: MetricSource) =>
    keyedMetrics(Object.fromEntries(Object.keys(metrics).map((name) => [name, metricIn(last, name, from)])), source);
  const times = [...timing.stepMilliseconds].sort((a, b) => a - b);
  return {
    label: job.label,
    rule: ruleInWords(job.description.rule),
    steps: done.step,
    epochs: done.epochs,
    ...ofLast("test", "evaluation"),
    testLoss: last.loss,
    ...ofLast("train", "train"),
    metrics,
    alignment: last.alignment,
    seconds: timing.seconds,
    stepMilliseconds: times[Math.floor(times.length / 2)] ?? null,
  };
}

function diverged(label: string, step: number, tally: Tally, description: RunDescription, folder: string): SulcusError {
  return new SulcusError(
    `run "${label}" diverged: the loss is ${tally.loss} at step ${step}; try a learning rate below ${description.optimiser.rate} (${folder} keeps what was saved before)`,
  );
}
