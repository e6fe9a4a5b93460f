import type { MetricWords } from "../records/learning-record.ts";
import { type MetricSource, metricIn, metricLabel, metricsOf } from "../records/metrics.ts";
import type { Condition } from "./conditions.ts";
import { MISSING, number, orNaN, percent } from "./numbers.ts";
import type { RunRecord } from "./run-record.ts";

/** A metric as a report shows it. */
export interface ShownMetric extends MetricWords {
  readonly name: string;
  /** "error", "absolute error". */
  readonly label: string;
  /** Factor from the record to what is drawn: 100 for shares. */
  readonly scale: number;
  /** "error (%)". */
  readonly axisTitle: string;
  /** The value with its unit: "1.87 %". */
  format(value: number, digits?: number): string;
}

/** Metrics of all runs, the most important first. */
export function shownMetrics(conditions: readonly Pick<Condition, "runs">[]): ShownMetric[] {
  const found = new Map<string, MetricWords>();
  for (const { runs } of conditions)
    for (const { summary } of runs)
      for (const [name, words] of Object.entries(metricsOf(summary))) if (!found.has(name)) found.set(name, words);
  return [...found].map(([name, words]) => shownMetric(name, words));
}

function shownMetric(name: string, words: MetricWords): ShownMetric {
  const share = words.unit === "share";
  const unit = share ? "%" : words.unit;
  const label = metricLabel(name, words);
  return {
    ...words,
    name,
    label,
    scale: share ? 100 : 1,
    axisTitle: unit === "" ? label : `${label} (${unit})`,
    format(value, digits) {
      if (share) return percent(value);
      if (!Number.isFinite(value)) return MISSING;
      return `${number(value, digits)}${unit === "" ? "" : `\u00a0${unit}`}`;
    },
  };
}

/** The value of a metric at the end of a run; NaN where there is none. */
export const finalValue = ({ summary }: RunRecord, { name }: Pick<ShownMetric, "name">, source: MetricSource): number =>
  orNaN(metricIn(summary, name, source));
