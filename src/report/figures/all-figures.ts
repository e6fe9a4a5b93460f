import { conditionsOf } from "../conditions.ts";
import { densityPoints } from "../modules/density-points.ts";
import type { RunRecord } from "../report-data.ts";
import type { TableCell } from "../table-record.ts";
import type { WidthSeries } from "../width-record.ts";
import { accuracyDensityFigure } from "./accuracy-density.ts";
import { alignmentFigure } from "./alignment.ts";
import { alignmentWidthFigure } from "./alignment-width.ts";
import { attentionFigures } from "./attention-figures.ts";
import { connectionsFigure } from "./connections.ts";
import { embeddingFigure } from "./embedding.ts";
import { errorsFigure } from "./errors.ts";
import type { Figure } from "./figure.ts";
import { learningCurves } from "./learning-curves.ts";
import { moduleDigitsFigure } from "./module-digits.ts";
import { receptiveFieldFigures } from "./receptive-fields.ts";
import { signAgreementFigure } from "./sign-agreement.ts";
import { similarityFigure } from "./similarity.ts";
import { specializationDensityFigure, specializationModularityFigure } from "./specialization-curves.ts";
import { specializationModulesFigure } from "./specialization-modules.ts";
import { specializationTimeFigure } from "./specialization-time.ts";
import { tableFigure } from "./table.ts";
import { inert } from "./theme.ts";

/** Every figure that the runs, the cells of a table and the widths have data for, in the order of the report. */
export function allFigures(
  runs: readonly RunRecord[],
  table: readonly TableCell[] = [],
  widths?: WidthSeries,
): Figure[] {
  const conditions = conditionsOf(runs).map((condition) => ({ ...condition, name: inert(condition.name) }));
  const points = densityPoints(runs);
  const figures = [
    tableFigure(table),
    specializationDensityFigure(points),
    specializationModulesFigure(points),
    specializationModularityFigure(points),
    moduleDigitsFigure(points),
    specializationTimeFigure(points),
    accuracyDensityFigure(points),
    similarityFigure(points),
    connectionsFigure(points),
    ...attentionFigures(conditions),
    errorsFigure(conditions),
    learningCurves(conditions),
    alignmentFigure(conditions),
    signAgreementFigure(conditions),
    alignmentWidthFigure(widths),
    embeddingFigure(conditions),
    ...receptiveFieldFigures(conditions),
  ];
  return figures.filter((figure) => figure !== undefined);
}
