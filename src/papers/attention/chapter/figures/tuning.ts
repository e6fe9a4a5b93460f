import { type CurvePanel, curvePanels } from "../../../../report/figures/curve-panels.ts";
import type { Figure } from "../../../../report/figures/figure.ts";
import { listed } from "../../../../report/numbers.ts";
import type { AttentionRecord, TuningRecord } from "../../attention-record.ts";
import type { AttendedCondition } from "../attended.ts";
import { ATTENDED_LOOK, ending, firstRuns } from "./look.ts";

/** Units of a stage, at most: a row of panels. */
const UNITS = 3;

/** Tuning curves of some units, attended and not, a figure for each condition: those of its first seed. */
export function tuningFigures(attended: readonly AttendedCondition[]): Figure[] {
  const shown = firstRuns(attended).filter(({ run }) => run.record.tuning.some(({ curves }) => curves.length > 0));
  return shown.map(({ label, run }, index) => ({
    name: `attention-tuning${ending(index, shown.length)}`,
    title: `Tuning curves, ${label}`,
    caption:
      "Mean rate of some units to bars of every angle beside a digit, while the bar is attended and while it is not. If attention " +
      "scales a unit's rates, one curve is the other multiplied, and both peak at the same angle. Each panel has a scale of its own.",
    description: `Line charts of mean rate against bar angle, attended and unattended, for units of ${stagesOf(run.record)}.`,
    ...curvePanels(
      run.record.tuning.flatMap((stage) => panelsOf(stage, run.seed)),
      {
        title: "bar angle (°)",
        key: "angle",
        scale: { domain: [0, 180], nice: false },
        axis: { values: [0, 45, 90, 135, 180], grid: false },
      },
      { legend: "bar", colours: ATTENDED_LOOK.range, columns: UNITS },
    ),
  }));
}

function stagesOf({ tuning }: AttentionRecord): string {
  return listed(tuning.flatMap(({ stage, curves }) => (curves.length > 0 ? [stage] : [])));
}

function panelsOf({ stage, angles, curves }: TuningRecord, seed: number): CurvePanel[] {
  return curves.slice(0, UNITS).map(({ unit, attended, unattended }) => {
    const rates = [...attended, ...unattended].filter(Number.isFinite);
    const [least, most] = [Math.min(0, ...rates), Math.max(0, ...rates)];
    return {
      title: `${stage}, unit ${unit}`,
      y: { title: "mean rate", domain: [least, most > least ? most : 1] as const },
      curves: [
        { name: "attended", rates: attended },
        { name: "unattended", rates: unattended },
      ].map(({ name, rates: values }) => ({
        name,
        points: angles.map((x, index) => ({ x, seeds: [{ seed, value: values[index] ?? Number.NaN }] })),
      })),
    };
  });
}
