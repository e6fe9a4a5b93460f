import type { FailedMeasure } from "../records/failed-measures-record.ts";
import type { Evaluation, RunSummary } from "../records/learning-record.ts";

/** Values of everything that makes up a learner's state, by name, row-major. */
export type StateArrays = Record<string, { shape: readonly number[]; data: Float32Array }>;

/** State of a run between two training steps. */
export interface Checkpoint {
  /** Training steps done. */
  step: number;
  /** Weights, biases and optimiser state. */
  arrays: StateArrays;
  /** What else it takes to go on, as plain data (numbers, also NaN; strings, booleans, null, lists, records). */
  state: Record<string, unknown>;
}

export interface Identity {
  /** Circuit, rule and optimiser as canonical JSON: equal exactly when a checkpoint of one fits the other. */
  identity: string;
}

/** What a checkpoint must hold to be gone on from. */
export interface ExpectedCheckpoint extends Identity {
  /** The identity that a checkpoint holds, as kinds write it now; absent: as it is. */
  readonly readIdentity?: (written: string) => string;
  /** Shape of every array, as the circuit, rule and optimiser at hand have them. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Names of those that the checkpoint of a finished run may lack, all or none. */
  readonly dispensable?: readonly string[];
}

/** What the clock said of a run. Kept apart from the checkpoint, which must not depend on it. */
export interface Timing {
  /** Seconds of all sittings together. */
  readonly seconds: number;
  /** Milliseconds of the latest training steps. */
  readonly stepMilliseconds: readonly number[];
}

/**
 * Where a run keeps what it must not lose, such as a run folder. Training knows no other place, so that it goes on wherever
 * there is a recorder.
 *
 * All throw a StorageError where something cannot be written or read back, and a DataError where it is damaged.
 */
export interface Recorder {
  /** What messages and events call the place, such as the path of a folder. */
  readonly place: string;
  /** What messages call the checkpoint. */
  readonly checkpointName: string;
  /** @throws StorageError where another process has taken the place over */
  check(): Promise<void>;
  hasCheckpoint(): Promise<boolean>;
  /**
   * The last checkpoint, provided that it belongs to the circuit at hand, and whether it lacks what is dispensable.
   *
   * @throws StorageError where it belongs to another circuit, saying what differs
   */
  loadCheckpoint(expected: ExpectedCheckpoint): Promise<Checkpoint & { readonly partial: boolean }>;
  /**
   * Keeps a checkpoint in place of the one before, whole or not at all. The arrays are not copied before they are written: they
   * must not change until the promise is kept.
   *
   * @returns how many bytes it takes
   */
  saveCheckpoint(checkpoint: Checkpoint & Identity): Promise<number>;
  hasEvaluations(): Promise<boolean>;
  /** All evaluations, in order. */
  evaluations(): Promise<Evaluation[]>;
  addEvaluation(evaluation: Evaluation): Promise<void>;
  /** Lets go of evaluations that were made after a step; one at this very step is kept. */
  dropEvaluationsAfter(step: number): Promise<void>;
  /** Keeps parameters as they are after a step, over those that were kept of it before. */
  keepSnapshot(step: number, parameters: StateArrays): Promise<void>;
  /** What earlier sittings took; nothing where that was lost, since no result hangs on it. */
  timing(): Promise<Timing>;
  keepTiming(timing: Timing): Promise<void>;
  /** Whether the record of a measure is kept. */
  hasMeasure(measure: string): Promise<boolean>;
  /** Keeps the record of a measure. Throws a SulcusError where a number of it is not finite. */
  keepMeasure(measure: string, record: object): Promise<void>;
  /** Keeps which measures failed when they were last taken, and nothing where none did. */
  keepFailedMeasures(failed: readonly FailedMeasure[]): Promise<void>;
  /** Keeps the summary, by which a run counts as finished. */
  finish(summary: RunSummary): Promise<void>;
}

/** What a run of one sitting took before it began. */
export const noTiming: Timing = { seconds: 0, stepMilliseconds: [] };
