import type { Interval } from "../../../../analysis/wilson-interval.ts";
import { conditionDots, dotNote } from "../../../../report/figures/condition-dots.ts";
import { namesOf } from "../../../../report/figures/condition-encoding.ts";
import type { Figure } from "../../../../report/figures/figure.ts";
import { percentAxis } from "../../../../report/figures/percent-axis.ts";
import { listed, percent } from "../../../../report/numbers.ts";
import { type AttendedCondition, recordsOf } from "../attended.ts";
import { measuresIn } from "../measures.ts";

/** An interval of shares in per cent. */
function inPercent(interval: Interval | undefined): Interval | undefined {
  return interval && [100 * interval[0], 100 * interval[1]];
}

/** The measures that are drawn, in this order. */
const DRAWN = ["accuracy", "other_object", "mask_agreement"];

/** Accuracy at each glimpse, whether the second goes elsewhere, and how well the mask fits, by condition. */
export function attentionAccuracyFigure(attended: readonly AttendedCondition[]): Figure | undefined {
  const measures = measuresIn(recordsOf(attended)).filter(({ key }) => DRAWN.includes(key));
  const dots = measures.flatMap(({ row = "", value, interval }) =>
    attended.map(({ name, runs }) => ({
      row,
      condition: name,
      seeds: runs.map(({ seed, record }) => ({ seed, value: 100 * value(record) })),
      interval: runs.length === 1 ? inPercent(interval?.(runs[0]!.record)) : undefined,
    })),
  );
  const values = dots
    .flatMap(({ seeds, interval = [] }) => [...seeds.map(({ value }) => value), ...interval])
    .filter(Number.isFinite);
  if (values.length === 0) return undefined;
  const { from, ticks } = percentAxis(values);
  return {
    name: "attention-accuracy",
    title: "Reports and masks",
    caption: [
      "Accuracy: share of the glimpses at which an object was left whose report is the class of the chosen object.",
      measures.some(({ key }) => key === "other_object")
        ? "Second glimpse elsewhere: of the scenes with several, share in which it did not return to the first."
        : "",
      "Mask agreement: share of the pixels that attention counts rightly as of the chosen object or not.",
      from > 0 ? `The axis starts at ${from}\u00a0%.` : "",
      dotNote(dots),
    ]
      .filter(Boolean)
      .join(" "),
    description: `Dot plot of ${listed(measures.map(({ row = "" }) => row))} for ${listed(namesOf(attended))}.`,
    ...conditionDots(attended, dots, {
      title: "share (%)",
      key: "percent",
      domain: [from, 100],
      ticks,
      format: (value) => percent(value / 100),
    }),
  };
}
