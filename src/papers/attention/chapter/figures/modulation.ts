import { type ConditionDot, conditionDots, dotNote } from "../../../../report/figures/condition-dots.ts";
import type { Figure } from "../../../../report/figures/figure.ts";
import { inert } from "../../../../report/inert.ts";
import { listed } from "../../../../report/numbers.ts";
import { chancesInWords } from "../../../../report/test-in-words.ts";
import { type AttendedCondition, recordsOf } from "../attended.ts";
import { change, distinctOf } from "../measures.ts";

/** Change of mean activity by attention, stage by stage. */
export function modulationFigure(attended: readonly AttendedCondition[]): Figure | undefined {
  const stages = distinctOf(recordsOf(attended), ({ modulation }) => modulation.map(({ stage }) => stage));
  const found = stages.flatMap((stage) =>
    attended.map(({ name, runs }) => {
      const records = runs.flatMap(({ seed, record }) =>
        record.modulation.flatMap((each) => (each.stage === stage ? [{ ...each, seed }] : [])),
      );
      return {
        dot: {
          row: inert(stage),
          condition: name,
          seeds: records.map(({ seed, percent }) => ({ seed, value: percent })),
        },
        chance: chancesInWords(records.map(({ test }) => test)),
      };
    }),
  );
  const dots: ConditionDot[] = found.map(({ dot }) => dot);
  const values = dots.flatMap(({ seeds }) => seeds.map(({ value }) => value)).filter(Number.isFinite);
  if (values.length === 0) return undefined;
  const chances = found.flatMap(({ dot: { row, condition }, chance }) =>
    chance ? [`${attended.length > 1 ? `${row}, ${condition}` : row}: ${chance}`] : [],
  );
  return {
    name: "attention-modulation",
    title: "Change of activity by attention",
    caption: [
      "Change of a stage's mean activity when its object is attended, against the same object unattended (dotted: none). Recordings",
      "from visual cortex find some 5 to 30\u00a0%, more in later areas than in early ones.",
      chances.length ? `Paired t-tests over scenes: ${chances.join("; ")}.` : "",
      dotNote(dots),
    ]
      .filter(Boolean)
      .join(" "),
    description: `Dot plot of the change of activity by attention in ${listed(stages)}.`,
    ...conditionDots(attended, dots, {
      title: "change of activity (%)",
      key: "percent",
      domain: [1.1 * Math.min(0, ...values), 1.1 * Math.max(values.some((value) => value > 0) ? 0 : 1, ...values)],
      reference: 0,
      format: change,
    }),
  };
}
