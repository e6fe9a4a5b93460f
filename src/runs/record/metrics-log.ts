import { Evaluation } from "../../records/learning-record.ts";
import { lineLog } from "./line-log.ts";

const log = lineLog(Evaluation, "an evaluation");

/** Appends one evaluation; throws as `LineLog.append` does. */
export const appendMetrics = log.append;

/** All evaluations of a metrics.jsonl, in order; throws as `LineLog.read` does. */
export const readMetrics = log.read;

/**
 * Keeps the evaluations up to a step, so that a resumed run writes on from where its checkpoint is; throws as `LineLog.keep`
 * does.
 *
 * @param step training steps done at the checkpoint; an evaluation at this very step is kept.
 */
export function truncateAfterStep(path: string, step: number): Promise<void> {
  return log.keep(path, (evaluation) => evaluation.step <= step);
}
