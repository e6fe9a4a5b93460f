import { constants } from "node:os";
import { SulcusError, UsageError } from "../kinds/errors.ts";
import type { SignalName } from "../training/interrupted.ts";

/** Exit codes of the command line, but for those of signals. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

/** The shell's own code for a command that a signal ended: 128 and its number. */
const codeOfSignal = (signal: SignalName): number => 128 + constants.signals[signal as NodeJS.Signals];

/** A command that stopped because it was asked to: no fault of anyone, but not done either. */
export class InterruptedCommand extends Error {
  override name = "InterruptedCommand";
  readonly code: number;

  /**
   * @param by the signal that asked for it; absent where the reader of the output went away, which counts as a Ctrl-C
   * @param rest what is said of the work after "interrupted by SIGTERM"
   */
  constructor(by: SignalName | undefined, rest: string) {
    super(`interrupted${by === undefined ? "" : ` by ${by}`}${rest}`);
    this.code = codeOfSignal(by ?? "SIGINT");
  }
}

/** How a command that threw ends: one line for stderr and the exit code. */
export function outcomeOf(error: unknown): { line: string; code: number } {
  if (error instanceof InterruptedCommand) return { line: oneLine(error.message), code: error.code };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof SulcusError) {
    const code = error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
    return { line: oneLine(`sulcus: ${message}`), code };
  }
  const line = `sulcus: internal error: ${message} (set SULCUS_DEBUG=1 for the trace)`;
  return { line: oneLine(line), code: exitCodes.failed };
}

/** Line breaks and other control characters, which would tear the line or talk to the terminal. */
const control = /[\p{Cc}\u2028\u2029]+/gu;

function oneLine(text: string): string {
  return text.replace(control, " ").trim();
}
