import type { Chapter } from "../../../report/chapter.ts";
import type { Figure } from "../../../report/figures/figure.ts";
import type { AttendedCondition, AttendedRun } from "./attended.ts";
import { attentionCsv } from "./attention-csv.ts";
import { attentionInWords } from "./attention-in-words.ts";
import { attentionTable } from "./attention-table.ts";
import { attentionAccuracyFigure } from "./figures/accuracy.ts";
import { iterationsFigure, strengthsFigure } from "./figures/curves.ts";
import { attentionExampleFigures } from "./figures/examples.ts";
import { gatingFigure } from "./figures/gating.ts";
import { modulationFigure } from "./figures/modulation.ts";
import { tuningFigures } from "./figures/tuning.ts";
import { tuningChangesFigure } from "./figures/tuning-changes.ts";

/** Every figure of what attention does, in the order of the report. */
export function attentionFigures(attended: readonly AttendedCondition[]): Figure[] {
  const figures = [
    attentionAccuracyFigure(attended),
    ...attentionExampleFigures(attended),
    gatingFigure(attended),
    ...tuningFigures(attended),
    tuningChangesFigure(attended),
    modulationFigure(attended),
    iterationsFigure(attended),
    strengthsFigure(attended),
  ];
  return figures.filter((figure) => figure !== undefined);
}

/** What attention does. */
export const attentionChapter: Chapter<AttendedRun> = {
  figures: ({ conditions }) => attentionFigures(conditions),
  tables: ({ conditions }) => [attentionTable(conditions)],
  words: ({ runs }) => attentionInWords(runs),
  files: ({ conditions }) => [{ name: "attention.csv", content: attentionCsv(conditions) }],
};
