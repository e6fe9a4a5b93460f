import type { Reported } from "./chapter.ts";
import type { RunRecord } from "./run-record.ts";

/**
 * What somebody should know before anything else: measures that failed, and what chapters warn of; plain
 * text.
 *
 * @param ofChapters warnings of each chapter
 */
export function warningsOf({ runs }: Reported, ofChapters: readonly (readonly string[])[]): string[] {
  return [...shortened(failures(runs)), ...ofChapters.flatMap(shortened)];
}

/** A warning for each measure that failed. */
const failures = (runs: readonly RunRecord[]): string[] =>
  runs.flatMap(({ label, seed, failedMeasures = [] }) =>
    failedMeasures.map(({ measure, message }) => `${label}, seed ${seed}: measure ${measure} failed: ${message}.`),
  );

/** Warnings of one matter that a report has room for. */
const SHOWN = 5;

function shortened(warnings: readonly string[]): string[] {
  const left = warnings.length - SHOWN;
  return left > 0 ? [...warnings.slice(0, SHOWN), `${left} more warnings like the last one.`] : [...warnings];
}
