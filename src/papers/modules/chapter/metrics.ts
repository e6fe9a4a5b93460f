import { type Specialization, specialization } from "../../../analysis/specialization.ts";
import { number } from "../../../report/numbers.ts";
import type { ModuleByDigit, ModuleStateRecord, SpecializationRecord } from "../specialization-record.ts";
import type { ModulesRun } from "./density-points.ts";

/** A measure of what modules do, as figures and tables call it. */
export interface Metric {
  /** Begins the names of its columns in files: "bottleneck", "mask_0.1". */
  key: string;
  title: string;
  /** What its values are, which are at most 1; title of an axis. */
  quantity: string;
  valuesOf(record: SpecializationRecord): ModuleByDigit | undefined;
  /** Of metrics of states: the values at one time step. */
  valuesAt?(state: ModuleStateRecord): ModuleByDigit | undefined;
}

/**
 * The metrics that some run has: bottleneck and correlation at the last time step, the weight mask that keeps most weights
 * and the one that keeps least.
 */
export function metricsIn(runs: readonly ModulesRun[]): Metric[] {
  const records = runs.map(({ record }) => record);
  const kept = records.flatMap(({ masks }) => masks.map(({ keep }) => keep));
  const ends = kept.length === 0 ? [] : [...new Set([Math.max(...kept), Math.min(...kept)])];
  const metrics: Metric[] = [
    stateMetric("bottleneck", "accuracy above chance", ({ bottleneck }) => bottleneck),
    ...ends.map((keep) => ({
      key: `mask_${keep}`,
      title: `weight mask, ${number(100 * keep)} % kept`,
      quantity: "share of kept weights",
      valuesOf: ({ masks }: SpecializationRecord) => masks.find((mask) => mask.keep === keep)?.shares,
    })),
    stateMetric("correlation", "correlation above unrelated", ({ correlation }) => correlation),
  ];
  return metrics.filter(({ valuesOf }) => records.some((record) => valuesOf(record)));
}

function stateMetric(name: string, quantity: string, valuesAt: NonNullable<Metric["valuesAt"]>): Metric {
  const valuesOf = ({ states }: SpecializationRecord) => {
    const last = states.at(-1);
    return last && valuesAt(last);
  };
  return { key: name, title: name, quantity, valuesOf, valuesAt };
}

/** Mean specialization over modules, -1 to 1; NaN where there are no values, or one is no number. */
export function specializationOf(values: ModuleByDigit | undefined): number {
  return specializationIfKnown(values)?.mean ?? Number.NaN;
}

/** Specialization of each module, -1 to 1; undefined where there are no values, or one is no number. */
export function specializationsOf(values: ModuleByDigit | undefined): readonly number[] | undefined {
  const known = specializationIfKnown(values);
  return known && [...known.ofModules];
}

function specializationIfKnown(values: ModuleByDigit | undefined): Specialization | undefined {
  const taken = values?.flat().filter((value) => value !== null && Number.isFinite(value)) as number[] | undefined;
  if (!values || !taken || taken.length < values.flat().length) return undefined;
  const shape = [values.length, values[0]?.length ?? 0] as const;
  return specialization({ shape, data: Float64Array.from(taken) });
}

/** Of a run at the end of training; NaN where it was not measured. */
export function specializationIn({ record }: ModulesRun, { valuesOf }: Metric): number {
  return specializationOf(valuesOf(record));
}
