import { add } from "../../compute/kernels/pointwise.ts";
import type { Tensor } from "../../compute/trace.ts";
import type { ErrorVector } from "../objectives/objective.ts";

/**
 * What a unit hears of at a time step where errors are broadcast to all: the errors of reports that were made then or
 * later, since its rate can have had a part in those alone. They add up, report by report.
 *
 * @returns the sum of errors, [batch, units of the report], by index of the report
 */
export function heardLater(vectors: readonly ErrorVector[], step: number): ReadonlyMap<number, Tensor> {
  const latest = ({ steps }: ErrorVector) => steps.at(-1)!;
  const heard = new Map<number, Tensor>();
  // From the last one on: earlier steps go on from the sums of later ones, which the trace records once.
  for (const vector of [...vectors].sort((one, other) => latest(other) - latest(one))) {
    if (latest(vector) < step) continue;
    const left = heard.get(vector.report);
    heard.set(vector.report, left ? add({ left, right: vector.error }).result : vector.error);
  }
  return heard;
}
