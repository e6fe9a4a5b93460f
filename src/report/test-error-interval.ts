import { type Interval, wilsonInterval } from "../analysis/wilson-interval.ts";
import type { RunRecord } from "./run-record.ts";

/**
 * Confidence interval of a run's test error, from the number of its test stimuli: what another draw of as many might give.
 * It says nothing of other seeds. Several decisions on one stimulus are no further draw, and count once. Undefined where the last evaluation is not the one whose error the run ends with.
 */
export function testErrorInterval({ evaluations, summary: { testError } }: RunRecord): Interval | undefined {
  const last = evaluations.at(-1);
  if (testError === null || last?.set !== "test" || last.error !== testError) return undefined;
  return wilsonInterval(testError, Math.min(last.count, last.stimuli ?? last.count));
}
