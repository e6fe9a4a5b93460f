import type { MetricWords, RunSummary } from "./learning-record.ts";

/** Where the value of a metric comes from: an evaluation, the test at the end, or the training stimuli. */
export type MetricSource = "evaluation" | "test" | "train";

/** Key of a metric in a record: "error" of an evaluation, "testError" and "trainError". */
export const metricKey = (metric: string, source: MetricSource): string =>
  source === "evaluation" ? metric : `${source}${metric[0]!.toUpperCase()}${metric.slice(1)}`;

/** The value of a metric in a record; null where it was undefined, or the record does not have it. */
export function metricIn(
  record: Readonly<Record<string, unknown>>,
  metric: string,
  source: MetricSource,
): number | null {
  const value = record[metricKey(metric, source)];
  return typeof value === "number" ? value : null;
}

/** Values of metrics by the keys of a record. */
export const keyedMetrics = (
  values: Readonly<Record<string, number | null>>,
  source: MetricSource,
): Record<string, number | null> =>
  Object.fromEntries(Object.entries(values).map(([metric, value]) => [metricKey(metric, source), value]));

/** Share of wrong decisions, the metric of every classification. */
const error: MetricWords = { unit: "share", better: "less", of: "wrong decisions", ofSamples: true };

/** Metrics of a run by name, the most important first. */
export const metricsOf = ({ metrics }: Pick<RunSummary, "metrics">): Readonly<Record<string, MetricWords>> =>
  metrics ?? { error };

/** What tables and figures call a metric: "absolute error" of absoluteError. */
export const metricLabel = (name: string, { label }: Pick<MetricWords, "label">): string =>
  label ??
  name.replace(/([a-z0-9])([A-Z])/g, (_, before: string, capital: string) => `${before} ${capital.toLowerCase()}`);
