import type { Condition } from "../../../../report/conditions.ts";
import type { Figure } from "../../../../report/figures/figure.ts";
import { attentionAccuracyFigure } from "./accuracy.ts";
import { iterationsFigure, strengthsFigure } from "./curves.ts";
import { attentionExampleFigures } from "./examples.ts";
import { gatingFigure } from "./gating.ts";
import { modulationFigure } from "./modulation.ts";
import { tuningFigures } from "./tuning.ts";
import { tuningChangesFigure } from "./tuning-changes.ts";

/** Every figure of what attention does, in the order of the report. */
export function attentionFigures(conditions: readonly Condition[]): Figure[] {
  const figures = [
    attentionAccuracyFigure(conditions),
    ...attentionExampleFigures(conditions),
    gatingFigure(conditions),
    ...tuningFigures(conditions),
    tuningChangesFigure(conditions),
    modulationFigure(conditions),
    iterationsFigure(conditions),
    strengthsFigure(conditions),
  ];
  return figures.filter((figure) => figure !== undefined);
}
