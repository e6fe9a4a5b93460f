import type { Library } from "../kinds/library.ts";
import type { Task } from "../tasks/task.ts";
import type { RunListener } from "./events.ts";
import type { Learner } from "./learner.ts";
import type { RunDescription } from "./run-description.ts";

/** A run whose circuit is trained, of which measures are taken. */
export interface TrainedRun {
  readonly label: string;
  readonly description: RunDescription;
  readonly learner: Learner;
  readonly library: Library;
  readonly task: Task;
  readonly folder: string;
  readonly onEvent: RunListener;
  /** When it aborts, a measure breaks off with an InterruptedError. */
  readonly signal: AbortSignal;
}
