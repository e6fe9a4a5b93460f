import type { TopLevelSpec } from "vega-lite";
import { conditionScales } from "../../../../report/figures/condition-encoding.ts";
import type { Figure } from "../../../../report/figures/figure.ts";
import { tidy } from "../../../../report/figures/mean-and-band.ts";
import { FIGURE_WIDTH, THEME } from "../../../../report/figures/theme.ts";
import { inert } from "../../../../report/inert.ts";
import { listed } from "../../../../report/numbers.ts";
import { type DensityPoint, haveDensities, seriesOf } from "../density-points.ts";
import { type Metric, metricsIn, specializationsOf } from "../metrics.ts";
import { type DensityAxis, densityAxis } from "./density-axis.ts";
import { specializationAxis } from "./specialization-curves.ts";

const SPACING = 18;
/** Share of the axis over which the circuits of a density are spread. */
const SPREAD = 0.06;

/** A module of a circuit by one metric. */
interface Value {
  readonly series: string;
  readonly density: number;
  readonly seed: number;
  /** Place of the circuit among those of its density, -0.5 to 0.5. */
  readonly beside: number;
  readonly module: string;
  readonly value: number;
}

/**
 * Specialization of every module of every circuit against inter-module density, a panel a metric: the means over modules
 * hide circuits in which one module does the work of all.
 */
export function specializationModulesFigure(points: readonly DensityPoint[]): Figure | undefined {
  const metrics = metricsIn(points.flatMap(({ runs }) => runs));
  if (metrics.length === 0 || !haveDensities(points)) return undefined;
  const axis = densityAxis(points);
  const several = seriesOf(points);
  const panels = several.flatMap((series) =>
    metrics.map((metric) => ({
      title: several.length > 1 ? `${metric.title}, ${series}` : metric.title,
      metric,
      values: points.filter((point) => point.series === series).flatMap((point) => valuesOf(point, metric)),
    })),
  );
  const y = specializationAxis(panels.flatMap(({ values }) => values.map(({ value }) => value)));
  const modules = [...new Set(panels.flatMap(({ values }) => values.map(({ module }) => module)))];
  const columns = Math.min(2, panels.length);
  return {
    name: "specialization-modules",
    title: "Specialization of each module",
    caption: [
      "Each module of each circuit by itself; modules of one circuit are joined by a line. Where the ends of a line lie far apart,",
      "one module keeps to its own digit and another serves all digits, and the mean over modules describes neither.",
      points.some(({ runs }) => runs.length > 1) ? "Circuits of one density lie beside each other, a seed each." : "",
    ]
      .filter(Boolean)
      .join(" "),
    description: `Dot plots of the specialization of each module against inter-module density, a panel for each of ${listed(panels.map(({ title }) => title))}.`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: THEME,
      columns,
      spacing: SPACING,
      concat: panels.map(({ title, values }, index) => ({
        title: { text: inert(title), fontSize: 12, anchor: "middle" as const },
        width: (FIGURE_WIDTH - (columns - 1) * SPACING) / columns,
        height: 150,
        layer: layersOf(values, { axis, y, modules, titled: index % columns === 0 }),
      })),
    } satisfies TopLevelSpec,
    numbers: panels.flatMap(({ metric, values }) =>
      values.map(({ series, density, seed, module, value }) => ({
        metric: metric.key,
        circuit: series,
        density,
        seed,
        module,
        specialization: value,
      })),
    ),
  };
}

function valuesOf(point: DensityPoint, metric: Metric): Value[] {
  const runs = point.runs;
  return runs.flatMap(({ seed, record }, index) => {
    const values = specializationsOf(metric.valuesOf(record));
    return record.modules.flatMap((module, place) => {
      const value = values?.[place];
      if (value === undefined) return [];
      const beside = runs.length > 1 ? index / (runs.length - 1) - 0.5 : 0;
      return [{ series: point.series, density: point.density, seed, beside, module: inert(module), value }];
    });
  });
}

interface Look {
  readonly axis: DensityAxis;
  readonly y: ReturnType<typeof specializationAxis>;
  readonly modules: readonly string[];
  readonly titled: boolean;
}

function layersOf(values: readonly Value[], { axis, y, modules, titled }: Look) {
  const [least] = axis.scale.domain;
  const width = -Math.log10(least) * SPREAD;
  const placed = values.map(({ density, seed, beside, module, value }) => ({
    circuit: `${density} ${seed}`,
    at: tidy(axis.place(density) * 10 ** (width * beside)),
    module,
    value: tidy(value),
  }));
  const circuits = [...new Set(placed.map(({ circuit }) => circuit))].map((circuit) => {
    const own = placed.filter((each) => each.circuit === circuit);
    const ends = own.flatMap((each) => (each.value === null ? [] : [each.value]));
    return { at: own[0]!.at, low: Math.min(...ends), high: Math.max(...ends) };
  });
  const x = { type: "quantitative" as const, title: axis.title, scale: axis.scale, axis: axis.axis };
  const vertical = {
    type: "quantitative" as const,
    title: titled ? y.title : null,
    scale: { domain: [y.domain[0] - 0.04, y.domain[1] + 0.04], nice: false },
    axis: { values: [...(y.ticks ?? [])] },
  };
  const scales = conditionScales(modules);
  const module = { field: "module", type: "nominal" as const, title: "module" };
  return [
    {
      data: { values: circuits },
      mark: { type: "rule" as const, color: "#8a8a8a", strokeWidth: 1 },
      encoding: { x: { field: "at", ...x }, y: { field: "low", ...vertical }, y2: { field: "high" } },
    },
    {
      data: { values: placed },
      mark: { type: "point" as const, filled: true, size: 34, opacity: 0.85 },
      encoding: {
        x: { field: "at", ...x },
        y: { field: "value", ...vertical },
        color: { ...module, scale: scales.color },
        shape: { ...module, scale: scales.shape },
      },
    },
  ];
}
