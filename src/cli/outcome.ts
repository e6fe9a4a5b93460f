import { SulcusError, UsageError } from "../compute/errors.ts";

/** Exit codes of the command line. 130 is the shell's own code for a command that SIGINT ended. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** A run or download that stopped because it was asked to: no fault of anyone, but not done either. */
export class InterruptedRun extends Error {
  override name = "InterruptedRun";
}

/** How a command that threw ends: one line for stderr and the exit code. */
export function outcomeOf(error: unknown): { line: string; code: number } {
  if (error instanceof InterruptedRun) return { line: oneLine(error.message), code: exitCodes.interrupted };
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
