import type { Reported } from "./chapter.ts";
import { type Condition, divergedAt } from "./conditions.ts";
import { listed, number } from "./numbers.ts";
import type { RunRecord } from "./run-record.ts";

/**
 * What somebody should know before anything else: runs that diverged, measures that failed, and what chapters warn of; plain
 * text.
 *
 * @param ofChapters warnings of each chapter
 */
export function warningsOf({ runs, conditions }: Reported, ofChapters: readonly (readonly string[])[]): string[] {
  return [...divergences(conditions), ...shortened(failures(runs)), ...ofChapters.flatMap(shortened)];
}

/** A warning for each condition of which a run lost its numbers; plain text. */
function divergences(conditions: readonly Condition[]): string[] {
  return conditions.flatMap(({ name, runs }) => {
    const lost = runs.flatMap((run) => {
      const epoch = divergedAt(run);
      return epoch === undefined ? [] : [{ seed: run.seed, epoch: number(epoch) }];
    });
    if (lost.length === 0) return [];
    if (runs.length === 1)
      return [
        `${name} diverged: its loss was no longer a finite number at epoch ${lost[0]?.epoch}. ` +
          "Its results say nothing about the learning rule; try a smaller learning rate.",
      ];
    const which = listed(lost.map(({ seed, epoch }) => `seed ${seed} at epoch ${epoch}`));
    const means =
      lost.length === runs.length
        ? "Its results say nothing about the learning rule"
        : "Diverged seeds are left out of the means, which flatters the learning rule";
    return [
      `${name} diverged with ${lost.length} of ${runs.length} seeds: the loss was no longer a finite number with ` +
        `${which}. ${means}; try a smaller learning rate.`,
    ];
  });
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
