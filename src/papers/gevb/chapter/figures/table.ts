import type { TopLevelSpec } from "vega-lite";
import { type GevbSign, gevbSigns } from "../../../../circuits/ready-made/gevb-choices.ts";
import { conditionScales } from "../../../../report/figures/condition-encoding.ts";
import type { Figure } from "../../../../report/figures/figure.ts";
import { tidy } from "../../../../report/figures/mean-and-band.ts";
import { INK, THEME } from "../../../../report/figures/theme.ts";
import { type ValueAxis, valueAxis } from "../../../../report/figures/value-axis.ts";
import { spread } from "../../../../report/spread.ts";
import { choicesOf, ruleTitle } from "../../choices.ts";
import { type Layout, tableLayouts } from "../../table/layout.ts";
import type { TableCell } from "../../table-record.ts";

/** Pixels: of the plotting area, narrower than other figures' since names of rows are long; of one column of the table. */
const WIDTH = 380;
const LANE = 13;
/** Free lanes between two rows. */
const BETWEEN = 1;
const VERTICAL_STROKE = "M0,-1V1";
/** Name of the paper's numbers in the legend: in lower case, which no rule's name is. */
const PAPER = "paper";

/** A cell as it is drawn; null is what is not there. */
interface Dot {
  row: string;
  /** Column of the table, which gives a dot its height within the row. */
  lane: string;
  /** Rule and sign. */
  series: string;
  /** Beginning of the axis. */
  start: number;
  error: number | null;
  low: number | null;
  high: number | null;
  paper: number | null;
  text: string;
}

/**
 * Test errors of a table's cells as dots with bars of 1 SD over seeds, the paper's numbers as strokes beside them: a panel
 * per data set, a row per architecture and units.
 *
 * @throws UsageError where a cell or a seed is there twice
 */
export function tableFigure(cells: readonly TableCell[]): Figure | undefined {
  const layouts = tableLayouts(cells);
  if (layouts.length === 0) return undefined;
  const scales = seriesScales(cells);
  const titles = layouts.map(({ title }) => title).join(" and ");
  const panels = layouts.map((layout) => panel(layout, scales));
  return {
    name: "table",
    title: "Test errors beside the paper's",
    caption: caption(
      cells,
      panels.some(({ logarithmic }) => logarithmic),
    ),
    description: `Dot plot of the test errors on ${titles} by architecture, units, learning rule and sign of weights, each beside the paper's number.`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: THEME,
      spacing: 26,
      vconcat: panels.map(({ spec }) => spec),
      // Tables of two data sets may have other columns.
      resolve: { scale: { yOffset: "independent" } },
    } satisfies TopLevelSpec,
    numbers: cells.flatMap(({ dataset, arch, units, rule, sign, runs, paper }) => {
      const cell = { dataset, arch, units, rule, sign };
      const paperError = paper?.testError;
      if (runs.length === 0) return [{ ...cell, paper_test_error: paperError }];
      return runs.map(({ seed, testError }) => ({
        ...cell,
        seed,
        test_error: testError,
        paper_test_error: paperError,
      }));
    }),
  };
}

function panel({ title, columns, rows }: Layout, scales: SeriesScales) {
  const raw = rows.flatMap((row) =>
    row.cells.flatMap((cell, column) => (cell ? [dotOf(row.name, columns[column] as string, cell)] : [])),
  );
  const axis = valueAxis(
    raw.flatMap(({ error, high, paper }) => [error, high, paper].filter((value) => value !== null)),
  );
  const values = raw.map((dot) => placed(dot, axis));
  const series = { field: "series", type: "nominal" as const, title: null, legend: { columns: 2 } };
  const look = {
    shape: { ...series, scale: scales.shape },
    stroke: { ...series, scale: scales.stroke },
    fill: { ...series, scale: scales.fill },
  };
  const spec = {
    title,
    data: { values },
    width: WIDTH,
    height: rows.length * LANE * (columns.length + BETWEEN),
    encoding: {
      y: {
        field: "row",
        type: "nominal" as const,
        title: null,
        scale: { domain: rows.map(({ name }) => name), padding: 0 },
        axis: { ticks: false, domain: false, grid: true, tickBand: "extent" as const, labelPadding: 8 },
      },
      yOffset: { field: "lane", type: "nominal" as const, scale: { domain: columns, paddingOuter: BETWEEN / 2 } },
      x: {
        field: "error",
        type: "quantitative" as const,
        title: "test error (%)",
        scale: axis.scale,
        axis: { ...(axis.ticks ? { values: axis.ticks, format: "~g" } : { tickCount: 6 }) },
      },
    },
    layer: [
      {
        transform: [{ filter: "datum.paper !== null" }, { calculate: `'${PAPER}'`, as: "series" }],
        mark: { type: "point" as const, size: 150, strokeWidth: 2, opacity: 1 },
        encoding: { x: { field: "paper", type: "quantitative" as const }, ...look },
      },
      {
        transform: [{ filter: "datum.low !== null && datum.high !== null" }],
        mark: { type: "rule" as const, strokeWidth: 1.5 },
        encoding: {
          x: { field: "low", type: "quantitative" as const },
          x2: { field: "high" },
          stroke: look.stroke,
        },
      },
      {
        transform: [{ filter: "datum.error !== null" }],
        mark: { type: "point" as const, size: 50, strokeWidth: 1.5, opacity: 1 },
        encoding: look,
      },
      {
        transform: [{ filter: "datum.text !== ''" }],
        mark: { type: "text" as const, align: "left" as const, dx: 4, fontSize: 10, color: INK },
        encoding: {
          x: { field: "start", type: "quantitative" as const },
          text: { field: "text", type: "nominal" as const },
        },
      },
    ],
  };
  return { spec, logarithmic: axis.scale.type === "log" };
}

type SeriesScales = ReturnType<typeof seriesScales>;

/** Colour and shape tell the rule, filled or hollow the sign; the paper's numbers are strokes. */
function seriesScales(cells: readonly TableCell[]) {
  const rules = [...new Set(cells.map(({ rule }) => rule))];
  const { color, shape } = conditionScales(rules);
  const series = rules.flatMap((rule, index) =>
    choicesOf(gevbSigns)
      .filter((sign) => cells.some((cell) => cell.rule === rule && cell.sign === sign))
      .map((sign) => ({
        name: seriesOf(rule, sign),
        colour: color.range[index] as string,
        shape: shape.range[index] as string,
        hollow: sign === "mixed",
      })),
  );
  const domain = [...series.map(({ name }) => name), PAPER];
  return {
    stroke: { domain, range: [...series.map(({ colour }) => colour), INK] },
    fill: { domain, range: [...series.map(({ colour, hollow }) => (hollow ? "white" : colour)), INK] },
    shape: { domain, range: [...series.map((each) => each.shape), VERTICAL_STROKE] },
  };
}

/** "GEVB, mixed". */
function seriesOf(rule: string, sign: GevbSign): string {
  return `${ruleTitle(rule)}, ${gevbSigns[sign]}`;
}

/** A cell in per cent. */
function dotOf(row: string, lane: string, { rule, sign, runs, failure, paper }: TableCell): Dot {
  const { mean, deviation, count } = spread(runs.map(({ testError }) => testError));
  const half = count > 1 ? deviation : Number.NaN;
  return {
    row,
    lane,
    series: seriesOf(rule, sign),
    start: 0,
    error: tidy(100 * mean),
    low: tidy(100 * (mean - half)),
    high: tidy(100 * (mean + half)),
    paper: paper ? tidy(100 * paper.testError) : null,
    text:
      count > 0
        ? ""
        : failure
          ? `${seriesOf(rule, sign)}: failed`
          : runs.length > 0
            ? `${seriesOf(rule, sign)}: no number`
            : "",
  };
}

function placed(dot: Dot, axis: ValueAxis): Dot {
  const place = (value: number | null) => (value === null ? null : tidy(axis.place(Math.max(0, value))));
  const [start] = axis.scale.domain;
  return {
    ...dot,
    start,
    error: place(dot.error),
    low: place(dot.low),
    high: place(dot.high),
    paper: place(dot.paper),
  };
}

function caption(cells: readonly TableCell[], logarithmic: boolean): string {
  const run = cells.filter(({ runs }) => runs.length > 0).length;
  const failed = cells.filter(({ failure }) => failure).length;
  const seeds = cells.flatMap(({ runs }) => runs.length || []);
  const [fewest, most] = [Math.min(...seeds), Math.max(...seeds)];
  return [
    "Share of test stimuli decided wrongly after training, a row for each architecture and kind of units. Filled dots:",
    "weights beyond the first projection are excitatory; hollow dots: of both signs. Black strokes are what the paper reports.",
    most > 1
      ? `Dots are means over ${fewest === most ? most : `${fewest} to ${most}`} seeds, bars \u00b11 SD.`
      : seeds.length > 0
        ? "Dots are single seeds."
        : "",
    run < cells.length
      ? `${run} of ${cells.length} combinations have been run${failed ? `; ${failed} failed` : ""}.`
      : "",
    logarithmic ? "The axis is logarithmic where 0 is not on it." : "",
  ]
    .filter(Boolean)
    .join(" ");
}
