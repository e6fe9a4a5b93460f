import { csvFormat } from "d3-dsv";
import type { AttendedCondition } from "./attended.ts";
import { measuresIn } from "./measures.ts";

/** Name of a measure, and what a line of it holds. */
const COLUMNS = ["condition", "rule", "seed", "measure", "at", "value", "t", "df", "p"] as const;

/**
 * A line for each measure of each run as CSV (quoted as RFC 4180 says): accuracies and shares from 0 to 1, gating as the
 * factor on activity, modulation in per cent, all in full precision. `at` is the number of the glimpse or iteration, the strength
 * or the stage that a value belongs to. t, df and p belong to the paired t-test over scenes of attended against unattended.
 * What was not measured has no line, what cannot be tested no p.
 */
export function attentionCsv(conditions: readonly AttendedCondition[]): string {
  const runs = conditions.flatMap((condition) => condition.runs.map((run) => ({ condition: condition.name, run })));
  const measures = measuresIn(runs.map(({ run }) => run.record));
  const lines = runs.flatMap(({ condition, run: { rule, seed, record } }) =>
    measures.flatMap(({ key, at, value, test }) => {
      if (!Number.isFinite(value(record))) return [];
      const result = test?.(record);
      const tested =
        result && result.test !== "none" ? { t: result.statistic, df: result.degreesOfFreedom, p: result.p } : {};
      return [{ condition, rule, seed, measure: key, at, value: value(record), ...tested }];
    }),
  );
  return `${csvFormat(lines as Record<(typeof COLUMNS)[number], string | number>[], [...COLUMNS])}\n`;
}
