/**
 * Figures of runs as functions: each takes what `loadRuns` gives, and is undefined, or empty, where the runs have nothing that it
 * shows. Runs that differ in their seed alone are a condition: one curve, with its mean and SD. `writeFigure` writes what comes
 * out; `Figure.spec` is a specification of Vega-Lite, and `Figure.numbers` are the numbers that are drawn.
 */
import { embeddingFigure } from "./measures/representation/embedding.ts";
import type { Representation } from "./measures/representation/record.ts";
import type { AttentionRecord } from "./papers/attention/attention-record.ts";
import { attentionFigures } from "./papers/attention/chapter/attention-chapter.ts";
import { modulesFigures } from "./papers/modules/chapter/modules-chapter.ts";
import type { SpecializationRecord } from "./papers/modules/specialization-record.ts";
import { measuredConditions, measuredRuns } from "./report/chapter.ts";
import { type Condition, shownConditions } from "./report/conditions.ts";
import { alignmentFigure } from "./report/figures/alignment.ts";
import { errorsFigure } from "./report/figures/errors.ts";
import type { Figure } from "./report/figures/figure.ts";
import { learningCurvesFigure } from "./report/figures/learning-curves.ts";
import { receptiveFieldFigures } from "./report/figures/receptive-fields.ts";
import { signAgreementFigure } from "./report/figures/sign-agreement.ts";
import type { RunRecord } from "./report/run-record.ts";

type Runs = readonly RunRecord[];

const ofConditions =
  <Drawn>(draw: (conditions: readonly Condition[]) => Drawn) =>
  (runs: Runs): Drawn =>
    draw(shownConditions(runs));

/** Metrics and loss of every evaluation against epochs. Undefined where every run was evaluated once. */
export const learningCurves: (runs: Runs) => Figure | undefined = ofConditions(learningCurvesFigure);

/** What the runs ended with, by the most important metric: a dot a condition. Undefined for a single run. */
export const errors: (runs: Runs) => Figure | undefined = ofConditions(errorsFigure);

/** Angle between update and gradient against epochs, a panel a projection. Undefined where all follow the gradient. */
export const alignment: (runs: Runs) => Figure | undefined = ofConditions(alignmentFigure);

/** Share of weights in which update and gradient have the same sign, against epochs. Undefined where all follow the gradient. */
export const signAgreement: (runs: Runs) => Figure | undefined = ofConditions(signAgreementFigure);

/** Receptive fields of some units, and what training added to them: figures for the first run of each condition. */
export const receptiveFields: (runs: Runs) => Figure[] = ofConditions(receptiveFieldFigures);

/** t-SNE of the last hidden population, a panel a run. Undefined where no run has a record of the measure representation. */
export const embedding = (runs: Runs): Figure | undefined =>
  embeddingFigure(measuredConditions<Representation>(shownConditions(runs), "representation"));

/** All figures of modules, of the runs that have a record of the measure specialization, in the order of the report. */
export const modules = (runs: Runs): Promise<Figure[]> =>
  modulesFigures(measuredRuns<SpecializationRecord>(runs, "specialization"));

/** All figures of attention, of the runs that have a record of the measure attention, in the order of the report. */
export const attention = (runs: Runs): Figure[] =>
  attentionFigures(measuredConditions<AttentionRecord>(shownConditions(runs), "attention"));
