import type * as z from "zod";
import type { Manipulation } from "../../circuits/manipulations/description.ts";
import { manipulate } from "../../circuits/manipulations/manipulate.ts";
import type { Network } from "../../circuits/network.ts";
import { type DeviceChoice, openDevice } from "../../compute/devices/choice.ts";
import type { Executor, Results } from "../../compute/executor.ts";
import { DataError, UsageError } from "../../kinds/errors.ts";
import type { Library } from "../../kinds/library.ts";
import { shown } from "../../kinds/shown.ts";
import type { Objective } from "../../plasticity/objectives/objective.ts";
import { sequentialBatches, spreadTrials } from "../../tasks/batches.ts";
import type { Task } from "../../tasks/task.ts";
import type { Batch, TrialSet } from "../../tasks/trials.ts";
import { feederOf } from "../feeds.ts";
import { heedingExecutor } from "../heed.ts";
import { factorsOf } from "./factors.ts";
import { type GivenStimuli, givenTrials } from "./given-trials.ts";
import type { Probe } from "./probe.ts";
import { isState, probedArrays, type StateArray } from "./probed-arrays.ts";
import { layoutOfArray, type RecordingLayout } from "./recording-layout.ts";
import { outputName, recordingProgram } from "./recording-program.ts";

/** The sets of a task. */
export const setNames = ["test", "validation", "training"] as const;
export type SetName = (typeof setNames)[number];

/** What the circuit is shown: trials of a task, by default those of its test set, other trials, or stimuli of one's own. */
export type ShownTrials = { readonly task: Task; readonly set?: SetName } | { readonly shown: TrialSet } | GivenStimuli;

/** How a circuit is recorded. */
export interface RecordingOptions {
  readonly probes: readonly z.input<typeof Probe>[];
  /** Trials: at most so many, evenly spread over the set, or those listed by their place in it; absent: all. */
  readonly trials?: number | readonly number[];
  /** Values of the network's parameters by name; what is not given is as the seed draws it. */
  readonly parameters?: Iterable<readonly [string, Float32Array]>;
  /** Seed of all that is random in weights, trials and noise; default 1. */
  readonly seed?: number;
  /** What is done to the circuit meanwhile, besides what is done to the network already. */
  readonly manipulations?: readonly Manipulation[];
  /** Whether drives get the noise that the circuit has; default true. */
  readonly noise?: boolean;
  /** Whose gradient errors are; needed where they are recorded. */
  readonly objective?: Objective;
  /** How often each trial is shown in a row; default: as the task says, else once. */
  readonly presentations?: number;
  /** Trials that are computed at once; default 128. */
  readonly batch?: number;
  /** Device to open, see `openDevice`, or one that is open. */
  readonly device?: DeviceChoice | Executor;
  /** When it aborts, recording stops with an InterruptedError. */
  readonly signal?: AbortSignal | undefined;
}

/** Some trials of a recording. */
export interface RecordedTrials {
  readonly count: number;
  /** Rows of these trials, by the name of the array; parameters are not among them. */
  readonly arrays: Readonly<Record<string, Float32Array>>;
  /** The same of what is told of the trials. */
  readonly factors: Readonly<Record<string, Float32Array>>;
}

/** A recording that is made trial by trial; it takes the memory of one batch, however many trials there are. */
export interface RecordingStream extends RecordingLayout {
  /** Values of the parameters that are recorded, by name. */
  readonly parameters: Readonly<Record<string, Float32Array>>;
  /** All trials in order, anew at every call. */
  parts(): AsyncGenerator<RecordedTrials>;
}

/**
 * Prepares a recording; see `observe`. Trials are shown when `parts` is asked for.
 *
 * @param library which devices there are
 * @throws DescriptionError, UsageError, DataError as `observe` does
 */
export function recordingStream(
  given: Network,
  options: RecordingOptions & ShownTrials,
  library: Library,
): RecordingStream {
  const { seed = 1, noise = true, manipulations = [], objective, signal } = options;
  const manipulated = manipulate(given, manipulations);
  const network = noise ? manipulated : withoutNoise(manipulated);
  const arrays = probedArrays(network, options.probes);
  const set = trialsOf(network, options);
  const places = placesOf(set, options.trials);
  const asksErrors = arrays.some(({ what }) => what === "error");
  if (asksErrors) checkObjective(network, objective, set);
  const presentations = counted(options, "presentations") ?? ("task" in options ? options.task.presentations : 1);
  const batch = Math.min(counted(options, "batch") ?? 128, places.length);
  const { targets } = set.shape;
  const program = recordingProgram(network, arrays, { batch, targets, objective: asksErrors ? objective : undefined });
  const parameters = new Map(options.parameters);
  const values = network.initialise(seed, parameters);
  const own = new Set(network.parameters.filter((each) => !each.manipulation).map(({ name }) => name));
  for (const [name, parameter] of parameters) if (own.has(name)) values.set(name, parameter);
  const states = arrays.filter(isState);
  const told = factorsOf(set.shape, places.length);
  return {
    arrays: arrays.map((array) => layoutOfArray(array, places.length, presentations)),
    factors: told.map(({ layout }) => layout),
    trials: places.length,
    parameters: Object.fromEntries(
      arrays.filter((array) => !isState(array)).map(({ name }) => [name, values.get(name)!]),
    ),
    async *parts() {
      const { device = {} } = options;
      const executor = "load" in device ? device : await openDevice(device, library);
      const feed = await feederOf(program.plans.record!, network);
      const session = await heedingExecutor(executor, signal).load(program);
      try {
        for (const { name } of network.parameters) await session.write(name, values.get(name)!);
        for (const part of sequentialBatches(set, { batch, seed, places })) {
          const { count } = part;
          const rows = new Map(
            states.map((array) => [array, new Float32Array(rowLength(array) * presentations * count)]),
          );
          for (let presentation = 0; presentation < presentations; presentation++) {
            const [results] = await session.run("record", [feed(eachByItself(part), { seed, presentation })]);
            for (const [array, row] of rows) copyOut(results!, array, row, { count, presentation, presentations });
          }
          yield {
            count,
            arrays: Object.fromEntries([...rows].map(([{ name }, row]) => [name, row])),
            factors: Object.fromEntries(told.map(({ layout: { name }, of }) => [name, of(part)])),
          };
        }
      } finally {
        await session.dispose();
      }
    },
  };
}

/** @throws UsageError where an option is no number of things */
function counted(options: RecordingOptions, name: "presentations" | "batch"): number | undefined {
  const count = options[name];
  if (count === undefined || (Number.isSafeInteger(count) && count > 0)) return count;
  throw new UsageError(`recording, ${name}: got ${shown(count)}, expected a whole number of at least 1`);
}

/** The same network, whose drives get no noise. */
const withoutNoise = (network: Network): Network => ({
  ...network,
  propagate: (trace, given) => network.propagate(trace, { ...given, noise: () => [] }),
});

/** Samples that each count whole, so that errors are of each one's own loss. */
const eachByItself = (batch: Batch): Batch => ({
  ...batch,
  weights: batch.weights.map((_, sample) => (sample < batch.count ? 1 : 0)),
});

function trialsOf(network: Network, options: ShownTrials): TrialSet {
  if ("shown" in options) return options.shown;
  if (!("task" in options)) return givenTrials(network, options);
  const { task, set = "test" } = options;
  const trials = task[set];
  if (trials.count > 0) return trials;
  const others = setNames.filter((name) => task[name].count > 0);
  throw new UsageError(
    `task "${task.name}" has no ${set} trials to record; it has those of the set ${others.join(", ")}`,
  );
}

function placesOf({ name, count }: TrialSet, trials: number | readonly number[] = count): Uint32Array {
  if (typeof trials === "number") {
    if (Number.isInteger(trials) && trials > 0) return spreadTrials(count, trials);
    throw new UsageError(`trials to record: got ${shown(trials)}, expected a whole number of at least 1, or a list`);
  }
  const odd = trials.find((trial) => !Number.isInteger(trial) || trial < 0 || trial >= count);
  if (odd !== undefined)
    throw new UsageError(`trials to record: got ${shown(odd)}, expected places from 0 to ${count - 1} among ${name}`);
  if (trials.length === 0) throw new UsageError("trials to record: got an empty list, expected at least one");
  return Uint32Array.from(trials);
}

/** Errors are of a loss, and a loss is of targets. */
function checkObjective(network: Network, objective: Objective | undefined, { shape }: TrialSet): void {
  const owner = `circuit "${network.description.name}"`;
  if (!objective) throw new UsageError(`${owner}: errors are of a loss; give the objective whose loss it is`);
  for (const { report, kind } of objective.asks(network).targets)
    if (shape.targets[report]?.kind !== kind)
      throw new DataError(
        `${owner}: errors are of a loss, and objective "${objective.name}" asks for ${kind === "class" ? "labels" : "values"} of target ${report + 1}, which the trials do not have; give some`,
      );
}

/** Values of one trial at one presentation. */
const rowLength = ({ steps, chosen, layout: { units, dimension } }: StateArray): number =>
  steps.length * dimension * (chosen?.length ?? units);

/** Copies an array's values of one presentation of a batch; what the plan does not give is 0. */
function copyOut(
  results: Results,
  array: StateArray,
  into: Float32Array,
  { count, presentation, presentations }: { count: number; presentation: number; presentations: number },
): void {
  const { steps, chosen, layout } = array;
  const { units, dimension } = layout;
  const row = rowLength(array);
  const width = chosen?.length ?? units;
  for (const [index, step] of steps.entries()) {
    const values = results[outputName(array, step)];
    if (!values) continue;
    for (let sample = 0; sample < count; sample++)
      for (let component = 0; component < dimension; component++) {
        const from = (sample * dimension + component) * units;
        const to = (sample * presentations + presentation) * row + (index * dimension + component) * width;
        if (chosen) for (const [place, unit] of chosen.entries()) into[to + place] = values[from + unit]!;
        else into.set(values.subarray(from, from + units), to);
      }
  }
}
