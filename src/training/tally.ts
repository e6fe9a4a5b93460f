import type { Results } from "../compute/executor.ts";
import { type Metrics, metricValue } from "../plasticity/objectives/metric.ts";

/** Sums over samples, each counted as often as something is asked of it. */
export interface Tally {
  /** Samples of which something was asked. */
  count: number;
  /** How much was asked of them: as many, unless the task weights its targets. */
  asked: number;
  /** Sum of their losses times what was asked of each, in the unit of the objective. */
  loss: number;
  /** Sums that the metrics of an objective are made of, by name. */
  [sum: string]: number;
}

export const emptyTally = (): Tally => ({ count: 0, asked: 0, loss: 0 });

export function addTally(total: Tally, part: Readonly<Tally>): void {
  for (const [name, value] of Object.entries(part)) total[name] = (total[name] ?? 0) + value;
}

/**
 * Sums over the real samples of a batch, which come before the padding, from what a plan gave of it (`outputVerdict`).
 *
 * @param sums names of what metrics are made of, [batch] or [batch, n] each
 * @param count of real samples
 */
export function tallyOf(results: Results, sums: readonly string[], count: number): Tally {
  const total = emptyTally();
  const { loss, asked } = results;
  for (let sample = 0; sample < count; sample++) {
    const weight = asked?.[sample] ?? 1;
    if (weight > 0) total.count++;
    total.asked += weight;
    total.loss += weight * loss![sample]!;
  }
  for (const name of sums) {
    const values = results[name]!;
    const columns = values.length / loss!.length;
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let sample = 0; sample < count; sample++) sum += values[sample * columns + column]!;
      total[columns === 1 ? name : `${name}/${column}`] = sum;
    }
  }
  return total;
}

/** What a tally says. */
export interface Means {
  /** Mean loss over all that was asked; null where nothing was. */
  readonly loss: number | null;
  /** Value of each metric; null where it is not defined. */
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** Mean loss, and the value of each metric. */
export function meansOf(tally: Readonly<Tally>, metrics: Metrics): Means {
  const { asked, loss } = tally;
  return {
    loss: asked === 0 ? null : loss / asked,
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([name, metric]) => [name, metricValue(name, metric, tally)]),
    ),
  };
}
