import type { TwoSampleTest } from "../../../analysis/two-sample-test.ts";
import { type Interval, wilsonInterval } from "../../../analysis/wilson-interval.ts";
import { MISSING, number, orNaN, percent, shareOf } from "../../../report/numbers.ts";
import type { AttentionRecord } from "../attention-record.ts";

/** One number of a record of attention. */
export interface AttentionMeasure {
  /** Its name in CSV. */
  readonly key: string;
  /** What it was measured at: number of the glimpse or iteration, strength, name of the stage; empty for the whole. */
  readonly at: string;
  /** Its row in the table of results; without one it is in figures and CSV alone. */
  readonly row?: string;
  /** Its text; by default three digits. */
  readonly format: (value: number, digits?: number) => string;
  /** Its text of a single record, where that says more. */
  text?(attention: AttentionRecord): string | undefined;
  /** NaN where a record does not have it. */
  value(attention: AttentionRecord): number;
  /** Confidence interval of 95 % of a share, where it is known of how many. */
  interval?(attention: AttentionRecord): Interval | undefined;
  /** A test of it, where there is one. */
  test?(attention: AttentionRecord): TwoSampleTest | undefined;
}

/** A change in per cent: "12.3 %". */
export function change(value: number, digits?: number): string {
  return Number.isFinite(value) ? `${number(value, digits)}\u00a0%` : MISSING;
}

const whole = (
  key: string,
  row: string,
  value: (attention: AttentionRecord) => number | null | undefined,
): AttentionMeasure => ({
  key,
  at: "",
  row,
  format: percent,
  value: (attention) => orNaN(value(attention) ?? null),
});

/** Every measure that some record has, in the order of the table. */
export function measuresIn(records: readonly AttentionRecord[]): AttentionMeasure[] {
  const glimpses = Math.max(0, ...records.map(({ accuracy }) => accuracy.length));
  return [
    ...Array.from({ length: glimpses }, (_, index) => ({
      ...whole("accuracy", `accuracy, glimpse ${index + 1}`, ({ accuracy }) => accuracy[index]),
      at: String(index + 1),
      interval: ({ accuracy, asked }: AttentionRecord) =>
        wilsonInterval(accuracy[index] ?? Number.NaN, asked?.[index] ?? Number.NaN),
    })),
    whole("balanced_accuracy", "balanced accuracy", ({ balancedAccuracy }) => balancedAccuracy),
    { ...whole("macro_f1", "macro F1", ({ macroF1 }) => macroF1), format: number },
    ...(glimpses > 1 ? [whole("other_object", "second glimpse elsewhere", ({ otherObject }) => otherObject)] : []),
    whole("mask_agreement", "mask agreement", ({ maskAgreement }) => maskAgreement),
    ...gating,
    ...distinctOf(records, ({ modulation }) => modulation.map(({ stage }) => stage)).map(modulationOf),
    ...distinctOf(records, ({ tuning }) => tuning.map(({ stage }) => stage)).map(steadyPeaksOf),
    ...distinctOf(records, ({ iterations }) => iterations.map(({ iteration }) => iteration))
      .sort((a, b) => a - b)
      .map((iteration) => ({
        key: "accuracy_of_iteration",
        at: String(iteration),
        format: percent,
        value: (attention: AttentionRecord) => accuracyAtIteration(attention, iteration),
      })),
    ...distinctOf(records, ({ strengths }) => strengths.map(({ strength }) => strength))
      .sort((a, b) => a - b)
      .map((strength) => ({
        key: "accuracy_at_strength",
        at: String(strength),
        format: percent,
        value: (attention: AttentionRecord) => accuracyAtStrength(attention, strength),
      })),
  ];
}

const gating: readonly AttentionMeasure[] = [
  {
    key: "gating_attended",
    at: "",
    row: "gate on attended pixels",
    format: number,
    value: ({ gating: { meanAttended } }) => orNaN(meanAttended),
    test: ({ gating: { test } }) => test,
  },
  {
    key: "gating_unattended",
    at: "",
    row: "gate on unattended pixels",
    format: number,
    value: ({ gating: { meanUnattended } }) => orNaN(meanUnattended),
  },
];

function modulationOf(stage: string): AttentionMeasure {
  const of = ({ modulation }: AttentionRecord) => modulation.find((each) => each.stage === stage);
  return {
    key: "modulation_percent",
    at: stage,
    row: `change of activity, ${stage}`,
    format: change,
    value: (attention) => of(attention)?.percent ?? Number.NaN,
    test: (attention) => of(attention)?.test,
  };
}

function steadyPeaksOf(stage: string): AttentionMeasure {
  const of = ({ tuning }: AttentionRecord) => tuning.find((each) => each.stage === stage);
  return {
    key: "steady_share",
    at: stage,
    row: `peaks that stay, ${stage}`,
    format: percent,
    value: (attention) => orNaN(of(attention)?.steadyShare ?? null),
    text: (attention) => {
      const { units = [], steadyShare = null } = of(attention) ?? {};
      return steadyShare === null ? undefined : shareOf(Math.round(steadyShare * units.length), units.length);
    },
  };
}

/** Accuracy at the end of an iteration, NaN where it was not measured. */
export function accuracyAtIteration({ iterations }: AttentionRecord, iteration: number): number {
  return iterations.find((each) => each.iteration === iteration)?.accuracy ?? Number.NaN;
}

/** Accuracy at a strength, NaN where it was not measured. */
export function accuracyAtStrength({ strengths }: AttentionRecord, strength: number): number {
  return strengths.find((each) => each.strength === strength)?.accuracy ?? Number.NaN;
}

/** All that the records name, in order of first appearance. */
export function distinctOf<T>(records: readonly AttentionRecord[], names: (record: AttentionRecord) => T[]): T[] {
  return [...new Set(records.flatMap(names))];
}
