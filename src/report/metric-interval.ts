import { type Interval, wilsonInterval } from "../analysis/wilson-interval.ts";
import { metricIn, metricsOf } from "../records/metrics.ts";
import type { RunRecord } from "./run-record.ts";

/**
 * Confidence interval of a metric on test stimuli that is a share of them, such as the test error, from their number: what
 * another draw of as many might give. It says nothing of other seeds. Several decisions on one stimulus are no further draw,
 * and count once. Undefined for other metrics, and where the last evaluation is not the one that the run ends with.
 */
export function metricInterval({ evaluations, summary }: RunRecord, name: string): Interval | undefined {
  const last = evaluations.at(-1);
  const value = metricIn(summary, name, "test");
  if (!metricsOf(summary)[name]?.ofSamples || value === null) return undefined;
  if (last?.set !== "test" || metricIn(last, name, "evaluation") !== value) return undefined;
  return wilsonInterval(value, Math.min(last.count, last.stimuli ?? last.count));
}
