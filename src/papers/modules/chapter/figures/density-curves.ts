import type { Curve } from "../../../../report/figures/curve-panels.ts";
import { type DensityPoint, type ModulesRun, seriesOf } from "../density-points.ts";

/** What curves of several series are told apart by, in legends. */
export const SERIES_TITLE = "circuit";

/** A quantity of runs against a quantity of points, in the order of the horizontal axis. */
export function curveOver(
  name: string,
  points: readonly DensityPoint[],
  x: (point: DensityPoint) => number,
  value: (run: ModulesRun) => number,
): Curve {
  const placed = points.map((point) => ({
    x: x(point),
    seeds: point.runs.map((run) => ({ seed: run.seed, value: value(run) })),
  }));
  return { name, points: placed.sort((a, b) => a.x - b.x) };
}

/** A curve for each series. */
export function curvesOfSeries(
  points: readonly DensityPoint[],
  x: (point: DensityPoint) => number,
  value: (run: ModulesRun) => number,
): Curve[] {
  return seriesOf(points).map((series) =>
    curveOver(
      series,
      points.filter((point) => point.series === series),
      x,
      value,
    ),
  );
}
