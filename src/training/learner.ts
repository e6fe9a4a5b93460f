import type { Matrix } from "../analysis/matrix.ts";
import { CircuitDescription } from "../circuits/description.ts";
import type { Network } from "../circuits/network.ts";
import { openDevice } from "../compute/devices/choice.ts";
import type { Executor, Feeds, Results, Session } from "../compute/executor.ts";
import type { Shape } from "../compute/shape.ts";
import { DataError, UsageError } from "../kinds/errors.ts";
import type { Library } from "../kinds/library.ts";
import { shown } from "../kinds/shown.ts";
import { readAlignment } from "../plasticity/alignment.ts";
import { learningProgram, startValues } from "../plasticity/learning-program.ts";
import type { Objective } from "../plasticity/objectives/objective.ts";
import { memoryName } from "../plasticity/optimisers/trace-step.ts";
import type { Alignment } from "../records/learning-record.ts";
import { checkStimuli } from "../tasks/stimuli.ts";
import type { TargetShape } from "../tasks/targets.ts";
import type { Task } from "../tasks/task.ts";
import type { Batch } from "../tasks/trials.ts";
import { type Feeder, feederOf } from "./feeds.ts";
import { heedingExecutor } from "./heed.ts";
import { type LearningParts, type RunDescription, resolveLearning } from "./run-description.ts";
import { networkOf } from "./run-network.ts";
import { addTally, emptyTally, type Tally, tallyOf } from "./tally.ts";

/**
 * Name under which a learner's state counts the steps of its optimiser. Float32 holds the count to 2^24; Adam, which
 * asks for it, has forgotten its beginning long before.
 */
const updatesName = "optimiser/steps";

/** A network on a device with its rule and optimiser: what remains of a run description without task and record. */
export interface Learner {
  readonly network: Network;
  readonly executor: Executor;
  /** Shapes of everything that makes up its state: what its plans keep, and how many steps its optimiser has made. */
  readonly shapes: Readonly<Record<string, Shape>>;
  /** Names of what the optimiser remembers, of which a run that is over has no need. */
  readonly optimiserState: readonly string[];
  /** Bytes that it holds, see `Session`. */
  readonly bytes: Session["bytes"];
  /** Circuit, what is done to it, objective, rule and optimiser, every default written out, as canonical JSON. */
  readonly identity: string;
  /** The identity that a checkpoint holds, as kinds write it now: what they have got since then has its default. */
  readIdentity(written: string): string;
  /** What the circuit is to achieve. */
  readonly objective: Objective;
  /** Steps for which each batch is shown; see `Task.presentations`. */
  readonly presentations: number;
  /**
   * Trains on batches in order; `step` counts the steps done before them, and `rateFactor` tells by how much the learning rate
   * has decayed after so many (default: not at all). A batch of which nothing is asked is looked at, and the optimiser
   * makes no step. This, `evaluate`, `align` and `represent` throw a DataError where a stimulus is not a finite number,
   * and then change nothing.
   */
  train(batches: readonly Batch[], step: number, rateFactor?: (step: number) => number): Promise<Tally>;
  evaluate(batches: Iterable<Batch>): Promise<Tally>;
  /** Alignment of the rule's updates with the gradient, by projection, for one batch. */
  align(batch: Batch): Promise<Record<string, Alignment>>;
  /** What the plan "evaluate" gives for one presentation of a batch. */
  look(batch: Batch, presentation: number): Promise<Results>;
  /**
   * Rates of the network's last hidden population, [samples, dimension * units], padding left out. The network must have
   * one, see `lastHiddenPopulation`.
   */
  represent(batches: Iterable<Batch>): Promise<Matrix>;
  readState(): Promise<Record<string, { shape: number[]; data: Float32Array }>>;
  /** What is not given stays as it is. */
  writeState(arrays: Readonly<Record<string, { data: Float32Array }>>): Promise<void>;
  dispose(): Promise<void>;
}

/** How a task shows and asks, as far as a learner has to know. */
export interface AskedTrials {
  /** Steps for which each batch is shown, see `Task.presentations`; default 1. */
  readonly presentations?: number;
  /** Targets as the task gives them; default: as the objective asks for them, without weights. */
  readonly targets?: readonly TargetShape[] | undefined;
}

/** How a loaded task shows and asks. */
export const shownBy = ({ presentations, training }: Task): AskedTrials => ({
  presentations,
  targets: training.shape.targets,
});

/** How a learner is made. */
export interface LearnerOptions extends AskedTrials {
  /** When it aborts, whatever the learner and its executor are asked for throws an InterruptedError. */
  readonly signal?: AbortSignal | undefined;
  /** Reads the parameters that a description starts from. Absent: none can be read here. */
  readonly readStart?: (source: string, network: Network) => Promise<ReadonlyMap<string, Float32Array>>;
  /** What was read of files that the circuit names, see `readGivenFiles`. */
  readonly given?: ReadonlyMap<string, Float32Array> | undefined;
  /** Whether `writeState` will give it all values, as a checkpoint does, so that none are drawn or read here; default false. */
  readonly begun?: boolean;
}

function readNothing(source: string): never {
  throw new UsageError(`run, from: got ${shown(source)}, and there is no disk to read it from; leave it out`);
}

const identityOf = (parts: LearningParts, library: Library): string => JSON.stringify(resolveLearning(parts, library));

function readIdentity(written: string, library: Library): string {
  try {
    const parts = JSON.parse(written) as LearningParts;
    return identityOf({ ...parts, circuit: CircuitDescription.parse(parts.circuit) }, library);
  } catch {
    // Of another version, or damaged: it is compared, and told, as it is.
    return written;
  }
}

/**
 * Builds circuit, objective, rule and optimiser and plans their steps, without a device.
 *
 * @throws UsageError, DescriptionError: as their builders do; UsageError where training is to stop when nothing is left to
 * learn, and the objective cannot tell
 */
export function planLearner(description: RunDescription, library: Library, { targets }: AskedTrials = {}) {
  const network = networkOf(description, library);
  const rule = library.build("rule", description.rule, undefined);
  const optimiser = library.build("optimiser", description.optimiser, undefined);
  const objective = library.build("objective", description.objective, undefined);
  if (description.stopWhenLearned && !objective.learned)
    throw new UsageError(
      `stopWhenLearned is true, and objective "${objective.name}" cannot tell when nothing is left to learn; set stopWhenLearned to false, and epochs to as many as it takes`,
    );
  const program = learningProgram({ network, objective, rule, optimiser, targets, batch: description.batch });
  return { network, rule, optimiser, objective, program };
}

/**
 * Builds circuit, objective, rule and optimiser and loads them on the device, at the values that the seed gives, or those that
 * parameters start from.
 *
 * @throws UsageError, DescriptionError, DeviceError: as their builders do; UsageError where parameters start from somewhere and
 * nothing can be read here; as `readStart` does
 */
export async function createLearner(
  description: RunDescription,
  library: Library,
  { presentations = 1, targets, signal, readStart = readNothing, given, begun = false }: LearnerOptions = {},
): Promise<Learner> {
  const { network, rule, optimiser, objective, program } = planLearner(description, library, { targets });
  const summed = [...program.plans.train!.outputs.keys()].filter((name) => name !== "loss" && name !== "asked");
  const executor = heedingExecutor(await openDevice(description, library), signal);
  const { from, seed } = description;
  const read = from === undefined || begun ? new Map<string, Float32Array>() : await readStart(from, network);
  const session = await executor.load(program);
  const start = begun ? [] : [...startValues(network, rule, seed, given), ...read];
  for (const [name, values] of new Map(start)) await session.write(name, values);
  const feeders = new Map<string, Feeder>();
  for (const [name, plan] of Object.entries(program.plans)) feeders.set(name, await feederOf(plan, network));
  const feed = (plan: string, batch: Batch, presentation = 0, kept = false) =>
    feeders.get(plan)!(batch, { seed, presentation, kept });
  // A circuit may be frozen altogether.
  const learns = program.plans.train!.inputs.has("schedule");
  let updates = 0;
  const look: Learner["look"] = async (batch, presentation) => {
    const feeds = [feed("evaluate", batch, presentation)];
    const [results] = await namingStimuli(["of the evaluation"], [batch], () => session.run("evaluate", feeds));
    return results!;
  };

  return {
    network,
    executor,
    shapes: { ...program.residents, [updatesName]: [1] },
    optimiserState: network.parameters.flatMap(({ name, plastic }) =>
      plastic ? optimiser.memories.map((memory) => memoryName(name, memory)) : [],
    ),
    bytes: session.bytes,
    identity: identityOf(description, library),
    readIdentity: (written) => readIdentity(written, library),
    objective,
    presentations,
    async train(batches, step, rateFactor = () => 1) {
      const tally = emptyTally();
      let next = 0;
      while (next < batches.length) {
        const presentation = (index: number) => (step + index) % presentations;
        const isIdle = (index: number) => objective.idle?.(batches[index]!, presentation(index), network) ?? false;
        const idle = isIdle(next);
        const first = next;
        while (next < batches.length && isIdle(next) === idle) next++;
        const some = batches.slice(first, next);
        const feeds = some.map((batch, index) => {
          const at = first + index;
          const kept = index < some.length - 1;
          if (idle) return feed("evaluate", batch, presentation(at), kept);
          const schedule = optimiser.schedule(updates + index + 1, rateFactor(step + at));
          const fed = feed("train", batch, presentation(at), kept);
          return learns ? { ...fed, schedule } : fed;
        });
        const names = some.map((_, index) => `of training step ${step + first + index + 1}`);
        const results = await namingStimuli(names, some, () => session.run(idle ? "evaluate" : "train", feeds));
        if (!idle) updates += some.length;
        for (const [index, { count }] of some.entries()) addTally(tally, tallyOf(results[index]!, summed, count));
      }
      return tally;
    },
    async evaluate(batches) {
      const total = emptyTally();
      for (const batch of batches)
        for (let presentation = 0; presentation < presentations; presentation++)
          addTally(total, tallyOf(await look(batch, presentation), summed, batch.count));
      return total;
    },
    look,
    async align(batch) {
      const feeds = [feed("align", batch)];
      const [results] = await namingStimuli(["to align with"], [batch], () => session.run("align", feeds));
      return readAlignment(network, results!);
    },
    represent: (batches) => represent(session, batches, (batch) => feed("represent", batch)),
    async readState() {
      const arrays: Record<string, { shape: number[]; data: Float32Array }> = {};
      for (const [name, shape] of Object.entries(program.residents))
        arrays[name] = { shape: [...shape], data: await session.read(name) };
      arrays[updatesName] = { shape: [1], data: Float32Array.of(updates) };
      return arrays;
    },
    async writeState(arrays) {
      const { [updatesName]: done, ...residents } = arrays;
      for (const [name, { data }] of Object.entries(residents)) await session.write(name, data);
      if (done) updates = done.data[0]!;
    },
    dispose: () => session.dispose(),
  };
}

/**
 * Runs plans, which refuse stimuli that are no finite numbers, and where one is refused says which batch it is in. Looking at
 * all beforehand would take a tenth of a small circuit's step.
 */
async function namingStimuli<T>(
  names: readonly string[],
  batches: readonly Batch[],
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof DataError)
      for (const [index, { stimuli }] of batches.entries())
        for (const values of stimuli.flat()) checkStimuli(values, names[index]!);
    throw error;
  }
}

async function represent(session: Session, batches: Iterable<Batch>, feed: (batch: Batch) => Feeds): Promise<Matrix> {
  const parts: Float32Array[] = [];
  let samples = 0;
  for (const batch of batches) {
    const [results] = await namingStimuli(["to represent"], [batch], () => session.run("represent", [feed(batch)]));
    const rates = results!.rates!;
    parts.push(rates.slice(0, (rates.length / batch.weights.length) * batch.count));
    samples += batch.count;
  }
  const columns = parts.reduce((sum, part) => sum + part.length, 0) / samples;
  const data = new Float32Array(samples * columns);
  let filled = 0;
  for (const part of parts) {
    data.set(part, filled);
    filled += part.length;
  }
  return { shape: [samples, columns], data };
}
