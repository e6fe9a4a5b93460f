import type * as z from "zod";
import { parseDescription } from "../kinds/plain-data.ts";
import type { TrialSet } from "./trials.ts";

/** A task that is loaded: trials, and what a circuit needs to see and report them. The three sets have one shape. */
export interface Task {
  readonly name: string;
  /** Output units of each readout. */
  readonly classes: number;
  /** What each class is called, by its label. */
  readonly classNames: readonly string[];
  /** Steps of training for which a batch is shown, one after the other: glimpses of a scene. 1 for most tasks. */
  readonly presentations: number;
  readonly training: TrialSet;
  /** Set aside from the training trials; empty where the description says 0. */
  readonly validation: TrialSet;
  readonly test: TrialSet;
  /** What somebody should know of the data, such as how many images were left out and why; absent: nothing. */
  readonly notes?: readonly string[];
}

/** A kind of task: what its description may say, and how it is loaded. */
export interface TaskKind<Description extends z.ZodObject = z.ZodObject> {
  readonly summary: string;
  /** A strict object with the literal `kind`. */
  readonly description: Description;
  /**
   * @param description plain data that the schema takes
   * @param seed the seed of the run; it decides which training trials are used and which are set aside
   * @throws DataError where files are missing or damaged, UsageError where more is asked for than there is
   */
  load(description: unknown, seed: number): Promise<Task>;
}

/** A kind of task from the schema of its description and a loader that is given what the schema makes of one. */
export function defineTask<Description extends z.ZodObject>(kind: {
  readonly summary: string;
  readonly description: Description;
  load(settings: z.output<Description>, seed: number): Promise<Task>;
}): TaskKind<Description> {
  return {
    ...kind,
    load: async (description, seed) => kind.load(parseDescription("task", kind.description, description), seed),
  };
}
