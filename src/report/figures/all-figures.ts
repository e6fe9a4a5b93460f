import type { RunRecord } from "../report-data.ts";
import { alignmentFigure } from "./alignment.ts";
import { embeddingFigure } from "./embedding.ts";
import { errorsFigure } from "./errors.ts";
import type { Figure } from "./figure.ts";
import { learningCurves } from "./learning-curves.ts";
import { receptiveFieldFigures } from "./receptive-fields.ts";

/** Every figure that the runs have data for, in the order of the report. */
export function allFigures(runs: readonly RunRecord[]): Figure[] {
  const figures = [
    errorsFigure(runs),
    learningCurves(runs),
    alignmentFigure(runs),
    embeddingFigure(runs),
    ...receptiveFieldFigures(runs),
  ];
  return figures.filter((figure) => figure !== undefined);
}
