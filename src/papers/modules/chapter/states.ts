import { orNaN } from "../../../report/numbers.ts";
import type { RunRecord } from "../../../report/report-data.ts";
import { meanOf, offDiagonal } from "./density-points.ts";

/** Linear CKA of modules' states at the last time step looked at, mean over pairs of modules; NaN where it is unknown. */
export function similarityIn({ specialization }: RunRecord): number {
  const similarity = specialization?.states.at(-1)?.similarity;
  return similarity ? meanOf(offDiagonal(similarity).map(orNaN)) : Number.NaN;
}

/** Participation ratio of modules' states at the last time step looked at, mean over modules; NaN where it is unknown. */
export function dimensionsIn({ specialization }: RunRecord): number {
  const dimensions = specialization?.states.at(-1)?.dimensions;
  return dimensions ? meanOf(dimensions.map(orNaN)) : Number.NaN;
}
