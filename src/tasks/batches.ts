import { randomStream } from "../compute/random.ts";
import { ShapeError, UsageError } from "../kinds/errors.ts";
import { sizesOfTarget } from "./targets.ts";
import { allocateBatch, type Batch, type TrialSet, unitsOfStream } from "./trials.ts";

/**
 * The batches of training: every epoch visits each trial once, in an order of its own; of an endless set it has the next trials.
 *
 * A batch depends on the seed and the global step alone and on nothing composed before, so a run that goes on from a
 * checkpoint sees the batches it would have seen.
 */
export class BatchSequence {
  /** ceil(trials / batch) times the presentations; where it does not divide evenly the last batch of an epoch is padded. */
  readonly stepsPerEpoch: number;
  readonly trials: TrialSet;
  readonly batch: number;
  readonly seed: number;
  /** Steps for which the same batch is shown: glimpses of a scene. */
  readonly presentations: number;
  #epoch = -1;
  #order: Uint32Array = new Uint32Array(0);

  /** @throws UsageError where the batch size is not a positive integer or there are no trials */
  constructor(trials: TrialSet, batch: number, seed: number, presentations = 1) {
    checkBatchSize(trials, batch);
    this.trials = trials;
    this.batch = batch;
    this.seed = seed;
    this.presentations = presentations;
    this.stepsPerEpoch = Math.ceil(trials.count / batch) * presentations;
  }

  /**
   * The batch of a global step: in epoch e = floor(step / stepsPerEpoch), trials follow the stream "batches/epoch-e", and
   * what is random in trial i is drawn from "trials/NAME/epoch-e/i".
   *
   * @param step steps before this one since training began, an integer from 0 on
   * @param into a batch of the same shape to overwrite; absent: a new one
   * @throws UsageError where the step is not an integer from 0 on
   * @throws ShapeError where `into` has another shape
   */
  compose(step: number, into?: Batch): Batch {
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new UsageError(
        `Batches of ${this.trials.name}: step is ${step}, expected an integer from 0 on; count steps from the first batch`,
      );
    }
    const shown = Math.floor((step % this.stepsPerEpoch) / this.presentations);
    const epoch = Math.floor(step / this.stepsPerEpoch);
    const taken = this.trials.endless
      ? this.#newTrials(epoch, shown)
      : this.#orderOf(epoch).subarray(shown * this.batch, (shown + 1) * this.batch);
    return compose(this, `${this.trials.name}/epoch-${epoch}`, taken, into);
  }

  /** Places of the trials of a batch of an endless set. */
  #newTrials(epoch: number, shown: number): Uint32Array {
    const { count, name } = this.trials;
    const first = epoch * count + shown * this.batch;
    const length = Math.min(this.batch, count - shown * this.batch);
    if (first + length > mostTrials)
      throw new UsageError(
        `Batches of ${name}: ${mostTrials.toLocaleString("en")} trials have been shown, which is all that can be counted; start a new run from its weights`,
      );
    return Uint32Array.from({ length }, (_, index) => first + index);
  }

  #orderOf(epoch: number): Uint32Array {
    if (epoch !== this.#epoch) {
      this.#order = randomStream(this.seed, `batches/epoch-${epoch}`).permutation(this.trials.count);
      this.#epoch = epoch;
    }
    return this.#order;
  }
}

/** Places of trials are numbers of 32 bits. */
const mostTrials = 2 ** 32;

/** Which trials an evaluation takes. */
interface EvaluationOptions {
  /** Trials in a batch. */
  readonly batch: number;
  /** Trials to take at most, evenly spread over the set: sets are seldom in random order; absent: all. */
  readonly limit?: number;
  /** Places of the trials to take, in this order, where they are chosen one by one; absent: as the limit says. */
  readonly places?: Uint32Array;
  /** Decides what is random in the trials; default 0. */
  readonly seed?: number;
  /** A batch to overwrite at every step, so that each is gone when the next one is asked for. */
  readonly into?: Batch;
}

/**
 * The batches of an evaluation: trials in their order, each once, the last batch padded. What is random in trial i is
 * drawn from "trials/NAME/i", so that it depends neither on the size of batches nor on the limit.
 *
 * @throws UsageError at once where a count is not a positive integer or there are no trials
 * @throws ShapeError when the first batch is asked for, where `into` has another shape
 */
export function sequentialBatches(trials: TrialSet, options: EvaluationOptions): IterableIterator<Batch> {
  const { batch, limit = trials.count } = options;
  checkBatchSize(trials, batch);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new UsageError(
      `Batches of ${trials.name}: limit is ${limit}, expected an integer from 1 on; leave it out to take all ` +
        `${trials.count} trials`,
    );
  }
  return inOrder(trials, options.places ?? spreadTrials(trials.count, limit), options);
}

/** At most `limit` places of `count`, evenly spread. */
export function spreadTrials(count: number, limit: number): Uint32Array {
  const taken = Math.min(limit, count);
  return Uint32Array.from({ length: taken }, (_, index) => Math.floor((index * count) / taken));
}

function* inOrder(
  trials: TrialSet,
  order: Uint32Array,
  { batch, seed = 0, into }: EvaluationOptions,
): IterableIterator<Batch> {
  for (let start = 0; start < order.length; start += batch)
    yield compose({ trials, batch, seed }, trials.name, order.subarray(start, start + batch), into);
}

/** Fills a batch with trials of a set, drawing what is random in them from streams named after the round. */
function compose(
  { trials, batch, seed }: { readonly trials: TrialSet; readonly batch: number; readonly seed: number },
  round: string,
  taken: Uint32Array,
  into?: Batch,
): Batch {
  const filled = into ?? allocateBatch(trials.shape, batch);
  checkShape(filled, trials, batch);
  trials.fill(filled, taken, (sample) => randomStream(seed, `trials/${round}/${taken[sample]}`));
  filled.count = taken.length;
  filled.round = round;
  filled.trials.fill(0).set(taken);
  filled.weights.fill(1 / taken.length, 0, taken.length).fill(0, taken.length);
  // Padding is written too: a batch that is overwritten may hold the samples of a full one.
  const columns = [
    ...filled.stimuli.flat(),
    ...filled.targets.flatMap(({ values, weights = [] }) => [...values, ...weights]),
    ...Object.values(filled.context),
    ...Object.values(filled.factors),
  ];
  for (const values of columns) values.fill(0, (values.length / batch) * taken.length);
  return filled;
}

function checkShape(into: Batch, { shape }: TrialSet, batch: number): void {
  const lengths = (columns: readonly Float32Array[]) => columns.map(({ length }) => length);
  const found = JSON.stringify([
    into.stimuli.map(lengths),
    into.targets.map(({ values, weights = [] }) => [lengths(values), lengths(weights)]),
    into.weights.length,
  ]);
  const wanted = JSON.stringify([
    shape.streams.map((stream) => Array.from({ length: stream.steps }, () => batch * unitsOfStream(stream))),
    shape.targets.map((target) => sizesOfTarget(target, batch)),
    batch,
  ]);
  if (found !== wanted) {
    throw new ShapeError(
      `Batch to overwrite: stimuli (by stream and time step), targets (values and weights, by time step) and weights have sizes ${found}, ` +
        `expected ${wanted}; allocate it for this set of trials and batch size`,
    );
  }
}

function checkBatchSize(trials: TrialSet, batch: number): void {
  if (!Number.isInteger(batch) || batch < 1) {
    throw new UsageError(
      `Batches of ${trials.name}: the batch size is ${batch}, expected an integer from 1 on; 128 is usual`,
    );
  }
  if (trials.count === 0) {
    throw new UsageError(
      `Batches of ${trials.name}: there are 0 trials, expected at least 1; give a set that holds some`,
    );
  }
}
