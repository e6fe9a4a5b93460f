import { shareCores } from "../../compute/threads.ts";
import { SulcusError } from "../../kinds/errors.ts";
import type { Library } from "../../kinds/library.ts";
import { InterruptedError } from "../../training/interrupted.ts";
import { withModules } from "../plugins/needed-modules.ts";
import { executeCell } from "./cell.ts";
import type { ParentMessage, WorkerAnswer, WorkerMessage, WorkerRequest } from "./cell-messages.ts";
import { onStopSignal } from "./stop-signals.ts";
import { TaskShelf } from "./task-shelf.ts";

/**
 * Makes a process a worker of `cellPool`: it runs one cell after the other, and keeps a task while cells share it.
 *
 * @param builtIn which kinds there are without plug-ins
 * @returns runs a cell and tells the parent of its events; what is thrown by mistake is thrown on
 */
export function serveCells(builtIn: Library): (request: WorkerRequest) => Promise<WorkerAnswer> {
  shareCores();
  let opened: Promise<{ library: Library; tasks: TaskShelf }> | undefined;
  let stop = new AbortController();

  // Ctrl-C reaches every process of a terminal: one that has no run at the moment waits for what its parent says.
  process.on("SIGINT", () => {});
  // Without the parent nobody hears of anything, and the folder of the collection is free for another process.
  process.on("disconnect", () => process.exit());
  process.on("message", (message: Partial<ParentMessage>) => {
    if (message.stop) stop.abort();
  });

  return async ({ placed, modules }) => {
    stop = new AbortController();
    // A cluster may send its signals to every process: each saves what it is at. One that a worker alone is sent stops
    // the whole collection, which goes on as a whole. Without a run a worker dies of them; the pool itself ends it so.
    const release = onStopSignal((request) => stop.abort(request));
    const tell = (message: WorkerMessage) => process.send!(message);
    const onEvent = (event: WorkerMessage["event"]) => void tell({ event });
    try {
      // All cells of a collection need the same.
      opened ??= withModules(builtIn, modules).then((library) => ({ library, tasks: new TaskShelf(library) }));
      const { library, tasks } = await opened;
      tasks.keepFor([placed.cell.description]);
      const control = { onEvent, signal: stop.signal, library };
      return { state: "finished", summary: await executeCell(placed, tasks, control) };
    } catch (error) {
      if (error instanceof InterruptedError) return { state: "interrupted", by: error.by };
      if (error instanceof SulcusError) return { state: "failed", message: error.message };
      throw error;
    } finally {
      release();
    }
  };
}
