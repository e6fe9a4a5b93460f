import { type Description, definer, type Part } from "../kinds/kind.ts";
import type { Library } from "../kinds/library.ts";
import { diskSources } from "./disk-sources.ts";
import type { Sources } from "./sources.ts";
import type { TrialSet } from "./trials.ts";

/** A task that is loaded: trials, and what a circuit needs to see and report them. The three sets have one shape. */
export interface Task {
  readonly name: string;
  /** Classes that labels of the task name; 0 where it has no labels. */
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
  /**
   * The description by which the task is loaded again, to the bit, once the program that began a run has ended: it names files
   * where the first one held arrays, and their checksums. Absent: it is the one that the task was loaded by.
   *
   * @param write puts arrays into a file of the run and gives its path
   */
  keep?(write: WriteArrays): Promise<Part>;
}

/** Writes named arrays as a .npz file under a name, and gives its path. */
export type WriteArrays = (
  file: string,
  arrays: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array | Uint32Array }>>,
) => Promise<string>;

/** What a kind of task is given besides its settings. */
export interface TaskContext {
  /** Name of the kind. */
  readonly name: string;
  /** The seed of the run; it decides all that is random in the trials, and which of them are set aside. */
  readonly seed: number;
  /** Where files are read. */
  readonly sources: Sources;
}

declare module "../kinds/families.ts" {
  interface Families {
    /** Throws DataError where files are missing or damaged, UsageError where more is asked for than there is. */
    task: FamilyOf<TaskContext, Task | Promise<Task>>;
  }
}

/**
 * A kind of task.
 *
 * @param definition name, summary, settings (absent: none), `refuse`, and `build`, which loads the trials or makes them, as
 *   `generated` does
 */
export const defineTask = definer("task");

/**
 * Loads what a task shows and divides it.
 *
 * @param description from `digits`, `cifar10` and the like, or the same as plain data
 * @param seed the seed of the run; it decides which training trials are used and which are set aside
 * @param library which kinds of tasks there are
 * @param sources where files are read; default: on the disk
 * @throws UsageError for a kind that is not known, DescriptionError for a setting that it does not take
 * @throws DataError where files are missing or damaged
 * @throws UsageError where more trials are asked for than there are
 */
export async function loadTask(
  description: Description,
  seed: number,
  library: Library,
  sources: Sources = diskSources(),
): Promise<Task> {
  const name = typeof description === "string" ? description : description.kind;
  return library.build("task", description, { name, seed, sources });
}
