import { distinct } from "./distinct.ts";
import { inert } from "./inert.ts";
import type { RunRecord } from "./run-record.ts";
import { type Spread, spread } from "./spread.ts";

/** Runs that differ in nothing but their seed; figures draw them as one curve, tables as one column. */
export interface Condition<Run extends RunRecord = RunRecord> {
  /** Unique among the conditions of a report and not empty. */
  name: string;
  /** At least one, no two of the same seed, in the order they were given. */
  runs: readonly Run[];
}

/**
 * The runs by condition, in order of first appearance. A run without a condition goes by its label, without that by its
 * rule. A second run of a condition and seed is no further seed: it opens a condition of its own, whose name is counted
 * ("GEVB", "GEVB (2)"), so that no mean counts a run twice.
 */
export function conditionsOf<Run extends RunRecord>(runs: readonly Run[]): Condition<Run>[] {
  const found: { name: string; runs: Run[] }[] = [];
  runs.forEach((run, index) => {
    const name = run.condition?.trim() || run.label.trim() || run.rule.trim() || `run ${index + 1}`;
    const free = found.find((each) => each.name === name && each.runs.every(({ seed }) => seed !== run.seed));
    if (free) free.runs.push(run);
    else found.push({ name, runs: [run] });
  });
  const names = distinct(found.map(({ name }) => name));
  return found.map(({ runs }, index) => ({ name: names[index] as string, runs }));
}

/** The same under names that figures can draw, whatever they are. */
export const shownConditions = <Run extends RunRecord>(runs: readonly Run[]): Condition<Run>[] =>
  conditionsOf(runs).map((condition) => ({ ...condition, name: inert(condition.name) }));

/** Whether a run learned anything, as one of 0 epochs did not. */
export const isTrained = ({ summary }: RunRecord): boolean => summary.steps > 0;

/** "after training", or what stands in its place where no run learned anything. */
export const whenMeasured = (conditions: readonly Pick<Condition, "runs">[]): string =>
  conditions.some(({ runs }) => runs.some(isTrained)) ? "after training" : "without training";

/** A quantity over the runs of a condition. */
export function overSeeds<Run extends RunRecord>({ runs }: Condition<Run>, value: (run: Run) => number | null): Spread {
  return spread(runs.map(value));
}
