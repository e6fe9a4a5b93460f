import { attentionFigures } from "../../papers/attention/chapter/figures/attention-figures.ts";
import { alignmentWidthFigure } from "../../papers/gevb/chapter/figures/alignment-width.ts";
import { tableFigure } from "../../papers/gevb/chapter/figures/table.ts";
import type { TableCell } from "../../papers/gevb/table-record.ts";
import type { WidthSeries } from "../../papers/gevb/width-record.ts";
import { densityPoints } from "../../papers/modules/chapter/density-points.ts";
import { accuracyDensityFigure } from "../../papers/modules/chapter/figures/accuracy-density.ts";
import { connectionsFigure } from "../../papers/modules/chapter/figures/connections.ts";
import { moduleDigitsFigure } from "../../papers/modules/chapter/figures/module-digits.ts";
import { similarityFigure } from "../../papers/modules/chapter/figures/similarity.ts";
import {
  specializationDensityFigure,
  specializationModularityFigure,
} from "../../papers/modules/chapter/figures/specialization-curves.ts";
import { specializationModulesFigure } from "../../papers/modules/chapter/figures/specialization-modules.ts";
import { specializationTimeFigure } from "../../papers/modules/chapter/figures/specialization-time.ts";
import { conditionsOf } from "../conditions.ts";
import type { RunRecord } from "../report-data.ts";
import { alignmentFigure } from "./alignment.ts";
import { embeddingFigure } from "./embedding.ts";
import { errorsFigure } from "./errors.ts";
import type { Figure } from "./figure.ts";
import { learningCurves } from "./learning-curves.ts";
import { receptiveFieldFigures } from "./receptive-fields.ts";
import { signAgreementFigure } from "./sign-agreement.ts";
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
