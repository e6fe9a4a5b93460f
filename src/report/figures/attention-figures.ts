import type { Condition } from "../conditions.ts";
import { attentionAccuracyFigure } from "./attention-accuracy.ts";
import { iterationsFigure, strengthsFigure } from "./attention-curves.ts";
import { attentionExampleFigures } from "./attention-examples.ts";
import { gatingFigure } from "./attention-gating.ts";
import { modulationFigure } from "./attention-modulation.ts";
import { tuningFigures } from "./attention-tuning.ts";
import { tuningChangesFigure } from "./attention-tuning-changes.ts";
import type { Figure } from "./figure.ts";

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
