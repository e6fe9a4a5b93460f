import { orNaN } from "../../../report/numbers.ts";
import { type ModulesRun, meanOf, offDiagonal } from "./density-points.ts";

/** Linear CKA of modules' states at the last time step looked at, mean over pairs of modules; NaN where it is unknown. */
export function similarityIn({ record }: ModulesRun): number {
  const similarity = record.states.at(-1)?.similarity;
  return similarity ? meanOf(offDiagonal(similarity).map(orNaN)) : Number.NaN;
}

/** Participation ratio of modules' states at the last time step looked at, mean over modules; NaN where it is unknown. */
export function dimensionsIn({ record }: ModulesRun): number {
  const dimensions = record.states.at(-1)?.dimensions;
  return dimensions ? meanOf(dimensions.map(orNaN)) : Number.NaN;
}
