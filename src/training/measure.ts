import type * as z from "zod";
import type { Network } from "../circuits/network.ts";
import type { Settings } from "../kinds/kind.ts";
import type { Task } from "../tasks/task.ts";
import type { RunDescription } from "./run-description.ts";
import type { TrainedRun } from "./trained-run.ts";

/** The run that a measure is to be taken of, before it is trained. */
export interface MeasureContext {
  readonly network: Network;
  readonly task: Task;
  readonly description: RunDescription;
}

/** A measure with its settings. */
export interface Measure {
  /**
   * Takes the measure of a trained run. Equal runs give equal records: what is random in it comes from the seed of the run.
   *
   * @returns its record, which holds finite numbers, texts, null, lists and records of them
   */
  take(run: TrainedRun): Promise<object>;
}

/** What the engine asks of a kind of measure besides its settings. */
export interface RecordedMeasure {
  /** Schema of its record, NAME.json of a run folder. Keys that it does not list are kept. */
  readonly record: z.ZodType<object>;
  /**
   * The one setting that a run description may give instead of all settings: `representation: 1000` for
   * `representation: { stimuli: 1000 }`. Absent: none.
   */
  readonly shorthand?: string;
  /** Whether settings ask for the measure at all. Absent: they do. */
  asked?(settings: Settings): boolean;
  /** What is told of a record when it has been taken, a line each. Absent: nothing. */
  words?(record: object): readonly string[];
}
