import type { TopLevelSpec } from "vega-lite";
import type { Interval } from "../../analysis/wilson-interval.ts";
import { inert } from "../inert.ts";
import { conditionScales, legendColumns } from "./condition-encoding.ts";
import type { Figure, NumbersLine } from "./figure.ts";
import { meanAndBand, tidy } from "./mean-and-band.ts";
import { FIGURE_WIDTH, THEME } from "./theme.ts";

const SPACING = 18;

/** What several seeds measured at one place of a horizontal axis. */
interface CurvePoint {
  x: number;
  seeds: readonly { seed: number; value: number; interval?: Interval | undefined }[];
}

/** One line of a panel. */
export interface Curve {
  /** What legends call it; curves of one name look alike in all panels. */
  name: string;
  points: readonly CurvePoint[];
}

/** Curves on one pair of axes. */
export interface CurvePanel {
  title?: string;
  /** A short title: it stands along a panel. */
  y: { title: string; domain: readonly [number, number]; ticks?: readonly number[] };
  curves: readonly Curve[];
}

/** The horizontal axis that all panels share. */
export interface CurveAxis {
  title: string;
  /** Name of its column among the figure's numbers. */
  key: string;
  /** Where a value is drawn; by default at itself. */
  place?(x: number): number;
  scale: object;
  axis: object;
  /** Dotted lines across every panel, and what they mean. */
  references?: readonly { at: number; text: string }[];
}

interface CurveOptions {
  /** Title of the legend. */
  legend: string;
  /** Colours of the curves, in order of their names; by default those of conditions. */
  colours?: readonly string[];
  /** Panels beside each other, by default two. */
  columns?: number;
}

/**
 * Panels of mean curves over seeds in bands of 1 SD, with a small point a seed; where a point has one seed and that has an
 * interval, a bar of it. There is a legend where curves have several names.
 */
export function curvePanels(
  panels: readonly CurvePanel[],
  x: CurveAxis,
  { legend, colours, columns: most = 2 }: CurveOptions,
): Pick<Figure, "spec" | "numbers"> {
  const columns = Math.min(most, panels.length);
  const names = [...new Set(panels.flatMap(({ curves }) => curves.map(({ name }) => inert(name))))];
  const { color, shape } = conditionScales(names);
  const scales = { color: colours ? { domain: names, range: [...colours] } : color, shape };
  const width = (FIGURE_WIDTH - (columns - 1) * SPACING) / columns;
  const spec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: THEME,
    columns,
    spacing: SPACING,
    concat: panels.map((panel, index) => {
      const left = panels[index - 1];
      const repeated = index % columns > 0 && left?.y.title === panel.y.title;
      return {
        ...(panel.title === undefined ? {} : { title: { text: panel.title, fontSize: 12, anchor: "middle" as const } }),
        width,
        height: columns === 1 ? 220 : 150,
        ...panelSpec(panel, x, {
          scales,
          dense: columns > 2,
          yTitle: repeated ? null : panel.y.title,
          legend:
            names.length > 1
              ? { title: legend, legend: { columns: Math.min(3, legendColumns(names).columns) } }
              : { title: null, legend: null },
        }),
      };
    }),
  } satisfies TopLevelSpec;
  return { spec, numbers: panels.flatMap((panel) => numbersOf(panel, x.key, legend)) };
}

/** A line for each point of each seed. */
function numbersOf({ title, y, curves }: CurvePanel, key: string, legend: string): NumbersLine[] {
  return curves.flatMap(({ name, points }) =>
    points.flatMap(({ x, seeds }) =>
      seeds.map(({ seed, value, interval }) => ({
        ...(title ? { panel: title } : {}),
        [legend]: name,
        [key]: x,
        seed,
        quantity: y.title,
        value,
        ...(interval ? { low: interval[0], high: interval[1] } : {}),
      })),
    ),
  );
}

interface Look {
  scales: { color: object; shape: object };
  yTitle: string | null;
  legend: object;
  /** Whether panels are narrow, and points small. */
  dense: boolean;
}

function panelSpec({ y, curves }: CurvePanel, x: CurveAxis, { scales, yTitle, legend, dense }: Look) {
  const [bottom, top] = y.domain;
  const room = 0.04 * (top - bottom);
  const within = (value: number | null) =>
    value === null ? null : Math.min(top + room, Math.max(bottom - room, value));
  const place = x.place ?? ((at: number) => at);
  const means = curves.flatMap(({ name, points }) =>
    points.flatMap((point) => {
      const { mean, low, high } = meanAndBand(point.seeds.map(({ value }) => value));
      if (mean === null) return [];
      return [{ curve: inert(name), x: tidy(place(point.x)), mean, low: within(low), high: within(high) }];
    }),
  );
  const intervals = curves.flatMap(({ name, points }) =>
    points.flatMap(({ x: at, seeds: [one, ...others] }) => {
      if (!one?.interval || others.length > 0) return [];
      const [low, high] = one.interval.map((end) => within(tidy(end)));
      return [{ curve: inert(name), x: tidy(place(at)), low, high }];
    }),
  );
  const seeds = curves.flatMap(({ name, points }) =>
    points.flatMap((point) => {
      const finite = point.seeds.filter(({ value }) => Number.isFinite(value));
      if (finite.length < 2) return [];
      const at = tidy(place(point.x));
      return finite.map(({ seed, value }) => ({ curve: inert(name), x: at, seed, value: tidy(value) }));
    }),
  );
  const horizontal = { field: "x", type: "quantitative" as const, title: x.title, scale: x.scale, axis: x.axis };
  const vertical = {
    type: "quantitative" as const,
    title: yTitle,
    scale: { domain: [bottom - room, top + room], nice: false },
    axis: y.ticks ? { values: [...y.ticks] } : { tickCount: 5 },
  };
  const by = { type: "nominal" as const, scale: scales.color };
  const color = { field: "curve", ...by, ...legend };
  const shape = { field: "curve", type: "nominal" as const, scale: scales.shape, ...legend };
  const silent = { field: "silent", ...by, legend: null };
  // By a field of another name and without a legend: else the legend's symbols would be as pale as the band.
  const unlisted = [{ calculate: "datum.curve", as: "silent" }];
  return {
    data: { values: means },
    layer: [
      {
        transform: [{ filter: "datum.low !== null && datum.high !== null" }, ...unlisted],
        mark: { type: "area" as const, opacity: 0.15 },
        encoding: { x: horizontal, y: { field: "low", ...vertical }, y2: { field: "high" }, fill: silent },
      },
      {
        data: { values: seeds },
        transform: unlisted,
        mark: { type: "point" as const, size: 10, opacity: 0.5, strokeWidth: 0 },
        encoding: { x: horizontal, y: { field: "value", ...vertical }, fill: silent },
      },
      ...(intervals.length > 0
        ? [
            {
              data: { values: intervals },
              transform: unlisted,
              mark: { type: "rule" as const, strokeWidth: 1.5 },
              encoding: { x: horizontal, y: { field: "low", ...vertical }, y2: { field: "high" }, stroke: silent },
            },
          ]
        : []),
      { mark: "line" as const, encoding: { x: horizontal, y: { field: "mean", ...vertical }, color } },
      {
        mark: { type: "point" as const, filled: true, opacity: 1, ...(dense ? { size: 14 } : {}) },
        encoding: { x: horizontal, y: { field: "mean", ...vertical }, color, shape },
      },
      ...(x.references ?? []).map((reference) => referenceLayer(reference, x)),
    ],
  };
}

/** A line across a panel and, at its lower end, where curves of accuracy seldom are, what it means. */
function referenceLayer({ at, text }: { at: number; text: string }, { title, scale, axis }: CurveAxis) {
  return {
    data: { values: [{}] },
    encoding: { x: { datum: at, type: "quantitative" as const, title, scale, axis } },
    layer: [
      { mark: { type: "rule" as const, color: "#555555", strokeWidth: 1, strokeDash: [2, 2] } },
      {
        mark: {
          type: "text" as const,
          text,
          color: "#555555",
          fontSize: 10,
          align: "left" as const,
          dx: 4,
          y: "height" as const,
          dy: -8,
        },
      },
    ],
  };
}
