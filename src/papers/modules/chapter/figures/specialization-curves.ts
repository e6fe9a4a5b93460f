import { overSeeds } from "../../../../report/conditions.ts";
import { type CurveAxis, type CurvePanel, curvePanels } from "../../../../report/figures/curve-panels.ts";
import type { Figure } from "../../../../report/figures/figure.ts";
import { listed, number } from "../../../../report/numbers.ts";
import { curveNote } from "../../../../report/seeds-in-words.ts";
import { type DensityPoint, haveDensities, seriesOf } from "../density-points.ts";
import { type Metric, metricsIn, specializationIn } from "../metrics.ts";
import { densityAxis } from "./density-axis.ts";
import { curvesOfSeries, SERIES_TITLE } from "./density-curves.ts";

/** How far below the axis a value may lie: there is as much room. */
const ROOM = 0.04;

/** The vertical axis of specialization: from 0, or from the next tick below the smallest value. */
export function specializationAxis(values: readonly number[]): CurvePanel["y"] {
  const least = Math.min(0, ...values.filter(Number.isFinite)) + ROOM;
  const tenths = least >= 0 ? 0 : least >= -0.4 ? 2 * Math.floor(5 * least) : 5 * Math.floor(2 * least);
  const step = tenths < -4 ? 5 : 2;
  return {
    title: "specialization",
    domain: [tenths / 10, 1],
    ticks: Array.from({ length: (10 - tenths) / step + 1 }, (_, index) => (tenths + step * index) / 10),
  };
}

/** Mean specialization by each metric against inter-module density, a panel a metric. */
export function specializationDensityFigure(points: readonly DensityPoint[]): Figure | undefined {
  const metrics = metricsOf(points);
  if (metrics.length === 0 || !haveDensities(points)) return undefined;
  const axis = densityAxis(points);
  return {
    name: "specialization-density",
    title: "Specialization against inter-module density",
    caption: [
      "How far modules keep to their own digits: 1 where a module serves its own digit alone, 0 where it serves all alike;",
      "mean over modules. The density is the share of the possible connections between two modules that exist, on a",
      "logarithmic axis.",
      curveNote(points),
      ...ends(points, metrics),
    ]
      .filter(Boolean)
      .join(" "),
    description: `Line charts of specialization against inter-module density, a panel for each of ${titles(metrics)}.`,
    ...curvePanels(
      panelsOf(points, metrics, ({ density }) => density),
      axis,
      { legend: SERIES_TITLE },
    ),
  };
}

/** The same against Newman's Q of the connections. */
export function specializationModularityFigure(points: readonly DensityPoint[]): Figure | undefined {
  const metrics = metricsOf(points);
  if (metrics.length === 0 || !haveDensities(points)) return undefined;
  const modules = points.map(({ runs }) => runs[0]!.record.modules.length);
  const most = 1 - 1 / Math.max(...modules);
  const axis: CurveAxis = {
    title: "modularity Q",
    key: "modularity",
    scale: { domain: [Math.min(0, ...points.map(({ modularity }) => modularity)), most], nice: false, padding: 10 },
    axis: { tickCount: 5, grid: false },
  };
  return {
    name: "specialization-modularity",
    title: "Specialization against modularity",
    caption: [
      "Function against structure: specialization, mean over modules, against Newman's modularity Q of the connections. Q is 0",
      `where modules are connected as densely as they are within, and ${number(most)} where nothing connects them.`,
      "Where specialization follows only at the right edge, modular structure alone does not make modular function.",
      curveNote(points),
    ]
      .filter(Boolean)
      .join(" "),
    description: `Line charts of specialization against Newman's modularity Q, a panel for each of ${titles(metrics)}.`,
    ...curvePanels(
      panelsOf(points, metrics, ({ modularity }) => modularity),
      axis,
      { legend: SERIES_TITLE },
    ),
  };
}

function metricsOf(points: readonly DensityPoint[]): Metric[] {
  return metricsIn(points.flatMap(({ runs }) => runs));
}

function panelsOf(
  points: readonly DensityPoint[],
  metrics: readonly Metric[],
  x: (point: DensityPoint) => number,
): CurvePanel[] {
  const runs = points.flatMap((point) => point.runs);
  const y = specializationAxis(metrics.flatMap((metric) => runs.map((run) => specializationIn(run, metric))));
  return metrics.map((metric) => ({
    title: metric.title,
    y,
    curves: curvesOfSeries(points, x, (run) => specializationIn(run, metric)),
  }));
}

function titles(metrics: readonly Metric[]): string {
  return listed(metrics.map(({ title }) => title));
}

/** "From 1 connection to density 1: bottleneck from 0.9 to 0.3." of a single series. */
function ends(points: readonly DensityPoint[], metrics: readonly Metric[]): string[] {
  if (seriesOf(points).length > 1) return [];
  const [first, last] = [points[0] as DensityPoint, points.at(-1) as DensityPoint];
  const changes = metrics.flatMap((metric) => {
    const [from, to] = [first, last].map((point) => overSeeds(point, (run) => specializationIn(run, metric)).mean);
    return Number.isFinite(from) && Number.isFinite(to)
      ? [`${metric.title} from ${number(from as number, 2)} to ${number(to as number, 2)}`]
      : [];
  });
  return changes.length > 0 ? [`From ${first.name} to ${last.name}: ${listed(changes)}.`] : [];
}
