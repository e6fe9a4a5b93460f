import type { Condition } from "../../../report/conditions.ts";
import type { RunRecord } from "../../../report/report-data.ts";
import { type Spread, spread } from "../../../report/spread.ts";
import type { AttentionRecord } from "../attention-record.ts";

/** A run whose attention was analysed. */
export type AttendedRun = RunRecord & { attention: AttentionRecord };

/** A condition of such runs alone. */
export type AttendedCondition = Omit<Condition, "runs"> & { runs: readonly AttendedRun[] };

/** The runs of a condition whose attention was analysed, in their order. */
function attendedRuns(condition: Condition): AttendedRun[] {
  return condition.runs.flatMap((run) => (run.attention ? [{ ...run, attention: run.attention }] : []));
}

/** The conditions that have such runs, with these alone. */
export function attendedConditions(conditions: readonly Condition[]): AttendedCondition[] {
  return conditions.flatMap((condition) => {
    const runs = attendedRuns(condition);
    return runs.length > 0 ? [{ ...condition, runs }] : [];
  });
}

/** All their records of attention. */
export function recordsOf(conditions: readonly AttendedCondition[]): AttentionRecord[] {
  return conditions.flatMap(({ runs }) => runs.map(({ attention }) => attention));
}

/** A quantity of attention over the seeds of a condition that have it. */
export function overAttended(condition: Condition, value: (attention: AttentionRecord) => number): Spread {
  return spread(attendedRuns(condition).map(({ attention }) => value(attention)));
}

/** The attention strength that a run was trained with, from its configuration, where it is told. */
export function trainedStrength({ config }: RunRecord): number | undefined {
  const { objective } = config;
  if (typeof objective !== "object" || objective === null || !("strength" in objective)) return undefined;
  return typeof objective.strength === "number" ? objective.strength : undefined;
}
