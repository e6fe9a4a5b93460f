import { SulcusError } from "../kinds/errors.ts";

/** A signal of the system by its name, such as "SIGTERM"; not by Node's own type, which a user of the library may lack. */
export type SignalName = `SIG${string}`;

/** Asks a run to stop, as the reason of the AbortSignal that it listens to; names the signal that the system sent. */
export class StopRequest extends Error {
  override name = "StopRequest";
  readonly by: SignalName;

  constructor(by: SignalName) {
    super(`stopped by ${by}`);
    this.by = by;
  }
}

/** The signal of the system for which an AbortSignal has aborted, if it was one. */
export const requestedBy = (signal: AbortSignal | undefined): SignalName | undefined =>
  signal?.reason instanceof StopRequest ? signal.reason.by : undefined;

/** Where an interrupted run stands. */
interface InterruptedAt {
  /** Run folder that holds the checkpoint; absent where it was stopped before it had one. */
  readonly folder?: string | undefined;
  /** Training steps that are saved there, of a single run. */
  readonly step?: number | undefined;
  /** The signal of the system that asked for it, if it was one. */
  readonly by?: SignalName | undefined;
}

/** A run that was asked to stop, and did so after saving; it goes on from its folder. */
export class InterruptedError extends SulcusError {
  override name = "InterruptedError";
  readonly folder: string | undefined;
  readonly step: number | undefined;
  readonly by: SignalName | undefined;

  constructor({ folder, step, by }: InterruptedAt) {
    const what = by === undefined ? "interrupted" : `interrupted by ${by}`;
    super(
      folder === undefined ? `${what} before there was anything to save` : `${what}; the run goes on from ${folder}`,
    );
    this.folder = folder;
    this.step = step;
    this.by = by;
  }
}
