import type { MeasuredRun } from "../../../report/chapter.ts";
import { type Condition, overSeeds } from "../../../report/conditions.ts";
import type { RunRecord } from "../../../report/run-record.ts";
import type { Spread } from "../../../report/spread.ts";
import type { AttentionRecord } from "../attention-record.ts";

/** A run whose attention was analysed. */
export type AttendedRun = MeasuredRun<AttentionRecord>;

/** A condition of such runs alone. */
export type AttendedCondition = Condition<AttendedRun>;

/** All their records of attention. */
export function recordsOf(conditions: readonly AttendedCondition[]): AttentionRecord[] {
  return conditions.flatMap(({ runs }) => runs.map(({ record }) => record));
}

/** A quantity of attention over the seeds of a condition that have it. */
export function overAttended(condition: AttendedCondition, value: (attention: AttentionRecord) => number): Spread {
  return overSeeds(condition, ({ record }) => value(record));
}

/** The attention strength that a run was trained with, from its configuration, where it is told. */
export function trainedStrength({ config }: RunRecord): number | undefined {
  const { objective } = config;
  if (typeof objective !== "object" || objective === null || !("strength" in objective)) return undefined;
  return typeof objective.strength === "number" ? objective.strength : undefined;
}
