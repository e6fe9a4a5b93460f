import { UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import type { MetricWords } from "../../records/learning-record.ts";

/** Sums over all samples that an objective has judged: "asked", "loss", and what its metrics are made of, by name. */
export type Sums = Readonly<Record<string, number>>;

/** A number by which a circuit is judged, besides its loss. */
export interface Metric extends MetricWords {
  /**
   * The metric from sums over all samples; NaN where it is not defined. Absent: the mean, the sum of the metric's own name
   * over all that is asked.
   */
  value?(sums: Sums): number;
}

/** Metrics by name, the most important first: it stands where one is shown. */
export type Metrics = Readonly<Record<string, Metric>>;

/** Keys of a record beside those of metrics. */
const taken = ["step", "epoch", "set", "count", "stimuli", "loss", "alignment", "run", "type", "metrics"];

/** @throws UsageError where the name of a metric would hide another value of a record, or make no key of one */
export function checkMetricNames(objective: string, metrics: Metrics): void {
  if (typeof metrics !== "object" || metrics === null)
    throw new UsageError(
      `objective "${objective}": build gives metrics ${shown(metrics)}, expected a record of metrics, or {} for none`,
    );
  for (const name of Object.keys(metrics)) {
    const fault = !/^[a-z][A-Za-z0-9]*$/.test(name)
      ? "is no name that starts with a small letter and goes on with letters and digits"
      : taken.includes(name) || /^(train|test)[A-Z]/.test(name)
        ? "would hide another value of the record"
        : undefined;
    if (fault !== undefined)
      throw new UsageError(`objective "${objective}": metric ${shown(name)} ${fault}; give it another name`);
  }
}

/** What is said of metrics by name, without how they are worked out. */
export const wordsOfMetrics = ({ metrics }: { readonly metrics: Metrics }): Record<string, MetricWords> =>
  Object.fromEntries(Object.entries(metrics).map(([name, { value: _, ...words }]) => [name, words]));

/** Value of a metric; null where it is not defined, as where nothing was asked. */
export function metricValue(name: string, { value }: Metric, sums: Sums): number | null {
  const found = value ? value(sums) : meanOf(name, sums);
  return Number.isNaN(found) ? null : found;
}

/** The mean of what was summed under a name, over all that was asked; NaN where nothing was. */
export const meanOf = (name: string, sums: Sums): number => (sums.asked! > 0 ? sums[name]! / sums.asked! : Number.NaN);

/** Share of wrong decisions, of samples that are wrong or right. */
export const errorMetric: Metric = {
  unit: "share",
  better: "less",
  of: "wrong decisions",
  ofSamples: true,
  value: (sums) => meanOf("wrong", sums),
};
