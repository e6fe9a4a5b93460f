import type { Condition } from "../../../../report/conditions.ts";
import type { Curve } from "../../../../report/figures/curve-panels.ts";
import type { RunRecord } from "../../../../report/report-data.ts";
import { haveSeeds, seedCounts } from "../../../../report/seeds-in-words.ts";
import { type DensityPoint, seriesOf } from "../density-points.ts";

/** What curves of several series are told apart by, in legends. */
export const SERIES_TITLE = "circuit";

/** A quantity of runs against a quantity of points, in the order of the horizontal axis. */
export function curveOver(
  name: string,
  points: readonly DensityPoint[],
  x: (point: DensityPoint) => number,
  value: (run: RunRecord) => number,
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
  value: (run: RunRecord) => number,
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

/** What captions say of seeds. */
export function seedsOfPoints(points: readonly Condition[]): string {
  if (!haveSeeds(points)) return "";
  const counts = new Set(points.map(({ runs }) => runs.length));
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const seeds = counts.size === 1 ? seedCounts(points) : `${fewest} to ${most} seeds`;
  return `Lines are means over ${seeds}, bands \u00b11 SD, small points single seeds.`;
}
