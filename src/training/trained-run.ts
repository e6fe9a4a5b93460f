import type { Library } from "../kinds/library.ts";
import type { Task } from "../tasks/task.ts";
import type { RunListener } from "./events.ts";
import type { Learner } from "./learner.ts";
import type { Phase } from "./phase.ts";
import type { RunDescription } from "./run-description.ts";

/** A run whose circuit is trained. */
export interface LearnedRun {
  /** What it is called: "gevb-seed-2". */
  readonly label: string;
  /** Everything that it depends on, defaults filled in. */
  readonly description: RunDescription;
  /** The trained network on its device. Whoever changes its state puts it back. */
  readonly learner: Learner;
  readonly library: Library;
  readonly task: Task;
  readonly folder: string;
  readonly onEvent: RunListener;
  /** When it aborts, a measure breaks off with an InterruptedError. */
  readonly signal: AbortSignal;
}

/** A trained run as a measure sees it. */
export interface TrainedRun extends LearnedRun {
  /** Says that the measure begins, and in how many parts; what comes back is told of each part that is done. */
  begin(parts: number): Phase;
}
