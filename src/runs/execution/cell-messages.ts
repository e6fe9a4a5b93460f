import type { RunSummary } from "../../records/learning-record.ts";
import type { RunEvent } from "../../training/events.ts";
import type { SignalName } from "../../training/interrupted.ts";
import type { NeededModule } from "../plugins/needed-modules.ts";
import type { PlacedCell } from "./cell.ts";

/** What a worker process is asked to do. */
export interface WorkerRequest {
  readonly placed: PlacedCell;
  /** Modules of the plug-ins that it takes. */
  readonly modules: readonly NeededModule[];
}

/** What a worker process tells its parent while it runs a cell. */
export interface WorkerMessage {
  readonly event: RunEvent;
}

/** What the parent asks of a worker that runs a cell: to save and stop. */
export interface ParentMessage {
  readonly stop: true;
}

/** How a cell ended. Errors lose their class between processes, so those that are thrown on purpose are answers. */
export type WorkerAnswer =
  | { readonly state: "finished"; readonly summary: RunSummary }
  | { readonly state: "failed"; readonly message: string }
  /** Asked to stop by its parent, or by a signal that it was sent itself. */
  | { readonly state: "interrupted"; readonly by?: SignalName | undefined };
