import type { TopLevelSpec } from "vega-lite";
import type { Figure } from "../../../../report/figures/figure.ts";
import { meanAndBand } from "../../../../report/figures/mean-and-band.ts";
import { FIGURE_WIDTH, THEME } from "../../../../report/figures/theme.ts";
import { inert } from "../../../../report/inert.ts";
import { listed } from "../../../../report/numbers.ts";
import { type DensityPoint, haveDensities, type ModulesRun, seriesOf } from "../density-points.ts";
import { type Metric, metricsIn } from "../metrics.ts";

const SPACING = 18;
/** Circuits that a panel has room for. */
const CIRCUITS = 6;
/** Pixels of a row. */
const STEP = 30;
const ALL = "all together";
const DIGITS = ["own", "another module's"];

/** What a metric says of a module and a digit. */
interface Value {
  row: string;
  digit: string;
  mean: number | null;
  low: number | null;
  high: number | null;
}

/**
 * Each metric of each module and digit, the module's own digit against the others', a panel a metric; of circuits that do
 * not differ in density.
 */
export function moduleDigitsFigure(points: readonly DensityPoint[]): Figure | undefined {
  const metrics = metricsIn(points.flatMap(({ runs }) => runs));
  if (metrics.length === 0 || haveDensities(points)) return undefined;
  const several = seriesOf(points).length > 1;
  const shown = points.slice(0, CIRCUITS);
  const panels = metrics.map((metric) => ({
    metric,
    values: shown.flatMap((point) => valuesOf(point, metric, (name) => (several ? `${point.series}, ${name}` : name))),
  }));
  const columns = Math.min(2, panels.length);
  const width = (FIGURE_WIDTH - (columns - 1) * SPACING) / columns;
  const seeds = points.some((point) => point.runs.length > 1);
  const least = Math.min(
    0,
    ...panels.flatMap(({ values }) => values.flatMap(({ mean, low }) => [mean ?? 0, low ?? 0])),
  );
  return {
    name: "specialization-modules",
    title: "What each module holds of each digit",
    caption: [
      "Each metric by module: its own digit against the digits of other modules. The farther right the own digit lies of the",
      "others, the more specialised the module. Bottleneck: how well a fresh readout from the module, through a few units,",
      `reports the digit (1 without an error, 0 at chance)${panels.some(({ values }) => values.some(({ row }) => row.endsWith(ALL))) ? "; beside it the same readout from all modules, for each digit" : ""}.`,
      "Weight mask: the share of the weights kept for reporting the digit that lie within the module. Correlation: of the",
      "module's states for trials that share the digit, above that of unrelated trials.",
      seeds ? "Points are means over seeds, bars \u00b11 SD." : "",
    ]
      .filter(Boolean)
      .join(" "),
    description: `Dot plots of ${listed(metrics.map(({ title }) => title))} by module for its own digit and those of others.`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: THEME,
      columns,
      spacing: SPACING,
      concat: panels.map(({ metric, values }) => ({
        title: { text: metric.title, fontSize: 12, anchor: "middle" as const },
        width,
        height: { step: STEP },
        data: { values },
        ...dots(metric.quantity, [...new Set(values.map(({ row }) => row))], least),
      })),
    } satisfies TopLevelSpec,
    numbers: shown.flatMap((point) =>
      metrics.flatMap((metric) =>
        point.runs.flatMap(({ seed, record }) =>
          record.modules.flatMap((module, row) =>
            record.modules.map((owner, column) => ({
              circuit: `${point.series}, ${point.name}`,
              seed,
              metric: metric.key,
              module,
              digit_of: owner,
              value: metric.valuesOf(record)?.[row]?.[column],
            })),
          ),
        ),
      ),
    ),
  };
}

function dots(title: string, rows: readonly string[], least: number) {
  const look = { field: "digit", type: "nominal" as const, title: "digit" };
  const color = { ...look, scale: { domain: DIGITS, range: ["#0072B2", "#D55E00"] } };
  const shape = { ...look, scale: { domain: DIGITS, range: ["circle", "square"] } };
  const x = {
    type: "quantitative" as const,
    title,
    scale: { domain: [least, 1], nice: true, padding: 6 },
    axis: { tickCount: 5, grid: false },
  };
  return {
    encoding: {
      y: {
        field: "row",
        type: "nominal" as const,
        title: null,
        scale: { domain: [...rows] },
        axis: { grid: true, ticks: false, domain: false, labelPadding: 8 },
      },
    },
    layer: [
      {
        // Another channel and field, since a legend is shown only if no mark of its scale does without.
        transform: [{ filter: "datum.low !== null && datum.high !== null" }, { calculate: "datum.digit", as: "bar" }],
        mark: { type: "rule" as const, strokeWidth: 1.5 },
        encoding: {
          x: { field: "low", ...x },
          x2: { field: "high" },
          stroke: { ...color, field: "bar", legend: null },
        },
      },
      {
        mark: { type: "point" as const, filled: true, size: 60, opacity: 1 },
        encoding: { x: { field: "mean", ...x }, color, shape },
      },
    ],
  };
}

/** A value for each module and digit, and each digit's control where the metric has one. */
function valuesOf(point: DensityPoint, metric: Metric, rowOf: (name: string) => string): Value[] {
  const { modules } = point.runs[0]!.record;
  const value = (name: string, digit: string, of: (run: ModulesRun) => number | null | undefined): Value[] => {
    const values = point.runs.map((run) => of(run) ?? Number.NaN);
    const { mean, low, high } = meanAndBand(values);
    return mean === null ? [] : [{ row: rowOf(name), digit, mean, low, high }];
  };
  const kind = (own: boolean) => DIGITS[own ? 0 : 1]!;
  return [
    ...modules.flatMap((name, module) =>
      modules.flatMap((_, digit) =>
        value(inert(name), kind(digit === module), ({ record }) => metric.valuesOf(record)?.[module]?.[digit]),
      ),
    ),
    ...(metric.key === "bottleneck"
      ? modules.flatMap((_, digit) =>
          value(ALL, DIGITS[0]!, ({ record }) => record.states.at(-1)?.bottleneckControl?.[digit]),
        )
      : []),
  ];
}
