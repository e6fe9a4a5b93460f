import type { Evaluation } from "../records/learning-record.ts";
import { distinct } from "./distinct.ts";
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

/** Whether a run learned anything, as one of 0 epochs did not. */
export const isTrained = ({ summary }: RunRecord): boolean => summary.steps > 0;

/** "after training", or what stands in its place where no run learned anything. */
export const whenMeasured = (conditions: readonly Pick<Condition, "runs">[]): string =>
  conditions.some(({ runs }) => runs.some(isTrained)) ? "after training" : "without training";

/** The first evaluation after which a run has no finite loss; that nothing was trained before it is no divergence. */
export function divergence(run: RunRecord): Evaluation | undefined {
  return run.evaluations.find((each) => isLost(each.loss) || Number.isNaN(each.trainLoss));
}

/** Epoch of the first evaluation whose loss is no longer a number, if the run diverged. */
export function divergedAt(run: RunRecord): number | undefined {
  const lost = divergence(run);
  if (lost) return lost.epoch;
  return isLost(run.summary.testLoss) ? run.summary.epochs : undefined;
}

/** A loss that is no longer a number; one that is undefined, since nothing was asked, is not lost. */
const isLost = (loss: number | null): boolean => loss !== null && !Number.isFinite(loss);

/** The runs whose results count: those that did not diverge, or all of them where every one did. */
export function soundRuns<Run extends RunRecord>({ runs }: Condition<Run>): readonly Run[] {
  const sound = runs.filter((run) => divergedAt(run) === undefined);
  return sound.length > 0 ? sound : runs;
}

/** A quantity over the sound runs of a condition. */
export function overSeeds<Run extends RunRecord>(
  condition: Condition<Run>,
  value: (run: Run) => number | null,
): Spread {
  return spread(soundRuns(condition).map(value));
}
