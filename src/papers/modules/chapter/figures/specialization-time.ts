import { scheme } from "vega";
import { evenly } from "../../../../report/evenly.ts";
import { type Curve, type CurvePanel, curvePanels } from "../../../../report/figures/curve-panels.ts";
import type { Figure } from "../../../../report/figures/figure.ts";
import { curveNote } from "../../../../report/seeds-in-words.ts";
import { type DensityPoint, type ModulesRun, seriesOf } from "../density-points.ts";
import { type Metric, metricsIn, specializationOf } from "../metrics.ts";
import { specializationAxis } from "./specialization-curves.ts";

/** Curves that a panel has room for. */
const CURVES = 6;
/** Viridis from dark to this share of it: the yellow beyond is swallowed by a white page. */
const LIGHTEST = 0.85;

/** Specialization by metrics of states against time steps, a curve a density, where several steps were looked at. */
export function specializationTimeFigure(points: readonly DensityPoint[]): Figure | undefined {
  const timed = points.filter(({ runs }) => runs.some((run) => stepsOf(run).length > 1));
  const metrics = metricsIn(timed.flatMap(({ runs }) => runs)).filter(({ valuesAt }) => valuesAt);
  if (timed.length === 0 || metrics.length === 0) return undefined;
  const several = seriesOf(timed);
  const shown = several.flatMap((series) =>
    evenly(
      timed.filter((point) => point.series === series),
      CURVES,
    ),
  );
  const panels = several.flatMap((series) =>
    metrics.map((metric) => ({
      title: several.length > 1 ? `${metric.title}, ${series}` : metric.title,
      curves: shown.filter((point) => point.series === series).map((point) => curveOf(point, metric)),
    })),
  );
  const values = panels.flatMap(({ curves }) => curves.flatMap((curve) => curve.points.flatMap(({ seeds }) => seeds)));
  const y = specializationAxis(values.map(({ value }) => value));
  const steps = [...new Set(panels.flatMap(({ curves }) => curves.flatMap(({ points: of }) => of.map(({ x }) => x))))];
  const left = timed.length - shown.length;
  const names = new Set(shown.map(({ name }) => name)).size;
  return {
    name: "specialization-time",
    title: "Specialization over time steps",
    caption: [
      "Specialization, mean over modules, of what modules' states hold at each time step after the stimuli are shown; the first",
      "step is 0, when modules have not heard of one another.",
      curveNote(shown),
      left > 0 ? `${left} more densities are left out of this figure.` : "",
    ]
      .filter(Boolean)
      .join(" "),
    description: `Line charts of specialization against time steps, a curve for each inter-module density.`,
    ...curvePanels(
      panels.map((panel): CurvePanel => ({ ...panel, y })),
      {
        title: "time step",
        key: "step",
        scale: { domain: [Math.min(...steps), Math.max(...steps)], nice: false, padding: 10 },
        axis: { values: steps.sort((a, b) => a - b), format: "d", labelOverlap: true, grid: false },
      },
      { legend: "connections", colours: colours(names) },
    ),
  };
}

function stepsOf({ record }: ModulesRun): number[] {
  return record.states.map(({ step }) => step);
}

function curveOf(point: DensityPoint, metric: Metric): Curve {
  const runs = point.runs;
  const steps = [...new Set(runs.flatMap(stepsOf))].sort((a, b) => a - b);
  const valueAt = ({ record }: ModulesRun, step: number) => {
    const state = record.states.find((each) => each.step === step);
    return specializationOf(state && metric.valuesAt?.(state));
  };
  return {
    name: point.name,
    points: steps.map((step) => ({
      x: step,
      seeds: runs.map((run) => ({ seed: run.seed, value: valueAt(run, step) })),
    })),
  };
}

/** From dark to light, as densities rise. */
function colours(count: number): string[] {
  const viridis = scheme("viridis") as unknown as (share: number) => string;
  return Array.from({ length: count }, (_, index) => viridis((LIGHTEST * index) / Math.max(1, count - 1)));
}
