import { costOf } from "../compute/plan.ts";
import { sizeOf } from "../compute/shape.ts";
import type { Library } from "../kinds/library.ts";
import { BatchSequence, sequentialBatches } from "../tasks/batches.ts";
import type { Task } from "../tasks/task.ts";
import { createLearner, type Learner, planLearner, shownBy } from "../training/learner.ts";
import { type RunDescription, seedlessKey } from "../training/run-description.ts";
import { readCircuitFiles } from "./circuit-files.ts";
import type { Collection } from "./collection.ts";
import { readParameters } from "./read-parameters.ts";
import { checkRun } from "./run.ts";

/** What a run will take, found out before it starts. */
export interface Forecast {
  /** Its name, or those of several that differ in the seed alone. */
  readonly runs: readonly string[];
  readonly device: string;
  readonly provider: string;
  /** Training steps of each run. */
  readonly steps: number;
  /** Floating-point operations of a training step. */
  readonly flops: number;
  /** Bytes of weights, moments, rates and errors that are held at a time. */
  readonly memory: number;
  /** Bytes of the checkpoint that each run keeps. */
  readonly disk: number;
  /** Seconds of a training step on this machine now, see `pace`; undefined where nothing is trained. */
  readonly secondsPerStep?: number;
  /** Expected seconds of training and evaluations of each run; measures after training are not among them. */
  readonly seconds: number;
}

/**
 * Tries every different run of a collection: a few training steps and evaluations on the device, from which the whole is
 * reckoned. Nothing is written.
 *
 * @throws UsageError, DescriptionError, DataError, DeviceError where a run could not start
 */
export async function forecastCollection({ cells, tasks }: Collection): Promise<Forecast[]> {
  const alike = new Map<string, { description: RunDescription; runs: string[] }>();
  for (const { name, description } of cells) {
    const key = seedlessKey(description);
    alike.set(key, { description, runs: [...(alike.get(key)?.runs ?? []), name] });
  }
  const forecasts: Forecast[] = [];
  for (const { description, runs } of alike.values())
    forecasts.push({ runs, ...(await forecastRun(description, await tasks.take(description), tasks.library)) });
  return forecasts;
}

/** @throws as `forecastCollection` does */
export async function forecastRun(
  description: RunDescription,
  task: Task,
  library: Library,
): Promise<Omit<Forecast, "runs">> {
  await checkRun(description, task, library);
  const { batch, seed, epochs, evaluations, evaluationStimuli } = description;
  const { program } = planLearner(description, library, shownBy(task));
  const sequence = new BatchSequence(task.training, batch, seed, task.presentations);
  const steps = sequence.stepsPerEpoch * epochs;
  const learner = await createLearner(description, library, {
    ...shownBy(task),
    readStart: readParameters,
    given: (await readCircuitFiles(description, library)).values,
  });
  try {
    const { device, provider, stepsPerCall } = learner.executor;
    const calls = async (call: number) => {
      const first = call * stepsPerCall;
      const batches = Array.from({ length: stepsPerCall }, (_, index) => sequence.compose(first + index));
      await learner.train(batches, first);
    };
    const during = task.validation.count > 0 ? task.validation : task.test;
    const [shown] = sequentialBatches(task.test, { batch, seed, limit: batch });
    const step = steps > 0 ? (await pace(calls)) / stepsPerCall : 0;
    const look = await pace(async () => void (await learner.evaluate([shown!])));
    const align = await pace(async () => void (await learner.align(shown!)));
    // No more than one after every batch.
    const perEpoch = Math.min(evaluations, sequence.stepsPerEpoch / task.presentations);
    const looks = Math.max(0, epochs * perEpoch - 1);
    const batches =
      looks * Math.ceil(Math.min(evaluationStimuli, during.count) / batch) + Math.ceil(task.test.count / batch);
    return {
      device,
      provider,
      steps,
      flops: costOf(program.plans.train!).flops,
      memory: learner.bytes.residents + learner.bytes.values,
      disk: 4 * keptNumbers(description, learner),
      ...(steps > 0 ? { secondsPerStep: step } : {}),
      seconds: steps * step + batches * look + (looks + 1) * align,
    };
  } finally {
    await learner.dispose();
  }
}

/** Calls after which, or milliseconds for which, the pace of a call is known well enough. */
const enough = { calls: 20, milliseconds: 1000 };

/**
 * Lower quartile of the seconds of a call, since what else a machine does makes calls slower and never faster; the first one, which
 * compiles and warms up, does not count.
 */
async function pace(call: (index: number) => Promise<void>): Promise<number> {
  await call(0);
  const started = performance.now();
  const times: number[] = [];
  do {
    const before = performance.now();
    await call(times.length + 1);
    times.push(performance.now() - before);
  } while (times.length < enough.calls && performance.now() - started < enough.milliseconds);
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 4)]! / 1000;
}

/** Numbers that the last checkpoint holds. */
function keptNumbers({ finalCheckpoint }: RunDescription, { shapes, optimiserState }: Learner): number {
  const kept = Object.entries(shapes).filter(([name]) => finalCheckpoint === "full" || !optimiserState.includes(name));
  return kept.reduce((sum, [, shape]) => sum + sizeOf(shape), 0);
}
