import type { Library } from "../../kinds/library.ts";
import { loadTask, type Task } from "../../tasks/task.ts";
import type { RunDescription } from "../../training/run-description.ts";

/** What of a run decides which stimuli it is shown. */
type Shown = Pick<RunDescription, "task" | "seed">;

/** Loaded tasks, so that runs that share one load it once. */
export class TaskShelf {
  /** @param library which kinds of tasks there are, and of all else */
  constructor(readonly library: Library) {}

  readonly #tasks = new Map<string, Promise<Task>>();

  /** Equal for runs that share a task. */
  static keyOf({ task, seed }: Shown): string {
    return JSON.stringify([task, seed]);
  }

  /**
   * The task of a run, loaded if it is not here yet.
   *
   * @throws what `loadTask` throws
   */
  take(run: Shown): Promise<Task> {
    const key = TaskShelf.keyOf(run);
    const loaded = this.#tasks.get(key) ?? loadTask(run.task, run.seed, this.library);
    this.#tasks.set(key, loaded);
    return loaded;
  }

  /** Lets go of every task that none of these runs needs. */
  keepFor(runs: readonly Shown[]): void {
    const needed = new Set(runs.map(TaskShelf.keyOf));
    for (const key of this.#tasks.keys()) if (!needed.has(key)) this.#tasks.delete(key);
  }
}
