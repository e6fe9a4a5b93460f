import { conditionTitle, namesOf } from "../../../../report/figures/condition-encoding.ts";
import { type CurveAxis, curvePanels } from "../../../../report/figures/curve-panels.ts";
import type { Figure } from "../../../../report/figures/figure.ts";
import { percentAxis } from "../../../../report/figures/percent-axis.ts";
import { listed, number } from "../../../../report/numbers.ts";
import { curveNote } from "../../../../report/seeds-in-words.ts";
import type { AttentionRecord } from "../../attention-record.ts";
import { type AttendedCondition, recordsOf, trainedStrength } from "../attended.ts";
import { accuracyAtIteration, accuracyAtStrength, distinctOf } from "../measures.ts";

/** Accuracy of a report made at the end of each iteration of a glimpse. */
export function iterationsFigure(attended: readonly AttendedCondition[]): Figure | undefined {
  const iterations = placesOf(attended, (record) => record.iterations.map(({ iteration }) => iteration));
  // Of a single iteration there is no curve.
  if (iterations.length < 2) return undefined;
  const domain = [iterations[0], iterations.at(-1)];
  return {
    name: "attention-iterations",
    title: "Accuracy within a glimpse",
    caption: [
      "Share of the glimpses whose report would be right at the end of each iteration. In the first iteration no feedback has",
      "come back yet, and at most inhibition of return acts; what the curve gains after it is what feedback and lateral attention are worth.",
      curveNote(attended),
    ]
      .filter(Boolean)
      .join(" "),
    description: `Line chart of accuracy against the iterations of a glimpse for ${listed(namesOf(attended))}.`,
    ...accuracyCurves(attended, iterations, accuracyAtIteration, {
      title: "iteration",
      key: "iteration",
      scale: { domain, nice: false, padding: 6 },
      axis: { values: iterations, format: "d", grid: false },
    }),
  };
}

/** Accuracy when attention gates more or less strongly than in training. */
export function strengthsFigure(attended: readonly AttendedCondition[]): Figure | undefined {
  const strengths = placesOf(attended, (record) => record.strengths.map(({ strength }) => strength));
  if (strengths.length < 2) return undefined;
  const trained = [...new Set(attended.flatMap(({ runs }) => runs.flatMap((run) => trainedStrength(run) ?? [])))];
  const most = Math.max(1, ...strengths, ...trained);
  return {
    name: "attention-strengths",
    title: "Accuracy by attention strength",
    caption: [
      "Share of the glimpses reported rightly when the trained circuit gates with another strength s; at 0 it does not attend.",
      trained.length ? `Dotted: ${listed(trained.map((each) => number(each)))}, the strength of training.` : "",
      curveNote(attended),
    ]
      .filter(Boolean)
      .join(" "),
    description: `Line chart of accuracy against attention strength for ${listed(namesOf(attended))}.`,
    ...accuracyCurves(attended, strengths, accuracyAtStrength, {
      title: "attention strength",
      key: "strength",
      scale: { domain: [0, most], nice: false, padding: 6 },
      axis: { tickCount: 6, grid: false },
      references: trained.map((at) => ({ at, text: "trained" })),
    }),
  };
}

/** Where some record measured, in rising order. */
function placesOf(attended: readonly AttendedCondition[], places: (record: AttentionRecord) => number[]): number[] {
  const records = recordsOf(attended);
  return distinctOf(records, places).sort((a, b) => a - b);
}

function accuracyCurves(
  attended: readonly AttendedCondition[],
  places: readonly number[],
  accuracy: (record: AttentionRecord, place: number) => number,
  axis: CurveAxis,
) {
  const curves = attended.map(({ name, runs }) => ({
    name,
    points: places.map((x) => ({
      x,
      seeds: runs.map(({ seed, record }) => ({ seed, value: 100 * accuracy(record, x) })),
    })),
  }));
  const values = curves.flatMap(({ points }) => points.flatMap(({ seeds }) => seeds.map(({ value }) => value)));
  const { from, ticks } = percentAxis(values);
  return curvePanels([{ y: { title: "accuracy (%)", domain: [from, 100], ticks }, curves }], axis, {
    legend: conditionTitle(attended),
  });
}
