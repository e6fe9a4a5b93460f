import type { TopLevelSpec } from "vega-lite";
import type { Interval } from "../../analysis/wilson-interval.ts";
import type { Condition } from "../conditions.ts";
import { spread } from "../spread.ts";
import { byCondition, conditionScales, namesOf } from "./condition-encoding.ts";
import type { Figure } from "./figure.ts";
import { meanAndBand, tidy } from "./mean-and-band.ts";
import { FIGURE_WIDTH, THEME } from "./theme.ts";

/** What the seeds of a condition measured of the thing a row is about. */
export interface ConditionDot {
  row: string;
  condition: string;
  seeds: readonly { readonly seed: number; readonly value: number }[];
  /** Confidence interval of the value where there is one seed. */
  interval?: Interval | undefined;
}

/** The horizontal axis of dots. */
interface DotAxis {
  title: string;
  domain: readonly [number, number];
  ticks?: readonly number[];
  /** A dotted line. */
  reference?: number;
  /** The text beside a dot. */
  format(value: number): string;
  /** What is measured, with its unit; a column of the figure's numbers. */
  key: string;
}

/**
 * Dots in rows, one a condition: means over seeds with bars of 1 SD, small points single seeds, and the mean in numbers. A
 * single seed has a bar of its interval.
 */
export function conditionDots(
  conditions: readonly Condition[],
  dots: readonly ConditionDot[],
  { title, domain, ticks, reference, format, key }: DotAxis,
): Pick<Figure, "spec" | "numbers"> {
  const finiteOf = ({ seeds }: ConditionDot) => seeds.map(({ value }) => value).filter(Number.isFinite);
  const shown = dots.filter((dot) => finiteOf(dot).length > 0);
  const names = namesOf(conditions).filter((name) => shown.some(({ condition }) => condition === name));
  const [bottom, top] = domain;
  const within = (value: number | null) => (value === null ? null : Math.min(top, Math.max(bottom, value)));
  const values = shown.map((dot) => {
    const { row, condition } = dot;
    const finite = finiteOf(dot);
    const { mean, ...band } = meanAndBand(finite);
    const single = finite.length === 1 ? dot.interval?.map(tidy) : undefined;
    const { low, high } = single ? { low: single[0] ?? null, high: single[1] ?? null } : band;
    const text = format(spread(finite).mean);
    const end = Math.max(mean ?? bottom, high ?? bottom, ...finite);
    return { row, condition, mean, low: within(low), high: within(high), end: within(tidy(end)), text };
  });
  const points = shown.flatMap((dot) => {
    const { row, condition } = dot;
    const finite = finiteOf(dot);
    return finite.length < 2 ? [] : finite.map((value) => ({ row, condition, value: tidy(value) }));
  });
  const x = {
    type: "quantitative" as const,
    title,
    scale: { domain: [bottom, top], nice: false, padding: 6 },
    axis: { grid: false, ...(ticks ? { values: [...ticks] } : { tickCount: 6 }) },
  };
  const scales = conditionScales(namesOf(conditions));
  const by = { ...byCondition(conditions), ...(names.length > 1 ? {} : { legend: null }) };
  const color = { ...by, scale: scales.color };
  const shape = { ...by, scale: scales.shape };
  const several = names.length > 1;
  // By a field of another name and without a legend: else the legend's symbols would be as pale as the small points.
  const unlisted = [{ calculate: "datum.condition", as: "silent" }];
  const spec: TopLevelSpec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: THEME,
    data: { values },
    width: FIGURE_WIDTH,
    height: { step: several ? 18 : 34, ...(several ? { for: "offset" as const } : {}) },
    layer: [
      ...(reference === undefined
        ? []
        : [
            {
              data: { values: [{}] },
              mark: { type: "rule" as const, color: "#555555", strokeDash: [2, 2] },
              encoding: { x: { datum: reference, ...x } },
            },
          ]),
      {
        encoding: {
          y: {
            field: "row",
            type: "nominal",
            title: null,
            scale: { domain: [...new Set(shown.map(({ row }) => row))], ...(several ? { paddingInner: 0.25 } : {}) },
            axis: { grid: !several, ticks: false, domain: false, labelPadding: 8 },
          },
          ...(several ? { yOffset: { field: "condition", type: "nominal", scale: { domain: names } } } : {}),
        },
        layer: [
          {
            transform: [{ filter: "datum.low !== null && datum.high !== null" }, ...unlisted],
            mark: { type: "rule" as const, strokeWidth: 2 },
            encoding: {
              x: { field: "low", ...x },
              x2: { field: "high" },
              stroke: { ...color, field: "silent", legend: null },
            },
          },
          {
            data: { values: points },
            transform: unlisted,
            mark: { type: "point" as const, size: 14, opacity: 0.6, strokeWidth: 0, yOffset: 6 },
            encoding: { x: { field: "value", ...x }, fill: { ...color, field: "silent", legend: null } },
          },
          {
            mark: { type: "point" as const, filled: true, size: 80, opacity: 1 },
            encoding: { x: { field: "mean", ...x }, color, shape },
          },
          {
            mark: {
              type: "text" as const,
              align: "left" as const,
              baseline: "middle" as const,
              dx: 9,
              fontSize: 11,
              color: "#222222",
            },
            encoding: { x: { field: "end", ...x }, text: { field: "text", type: "nominal" as const } },
          },
        ],
      },
    ],
  };
  const numbers = dots.flatMap(({ row, condition, seeds, interval }) =>
    seeds.map(({ seed, value }) => ({
      measure: row,
      condition,
      seed,
      [key]: value,
      ...(interval && seeds.length === 1 ? { low: interval[0], high: interval[1] } : {}),
    })),
  );
  return { spec, numbers };
}

/** What captions say of the bars of dots; empty where there are none. */
export function dotNote(dots: readonly ConditionDot[]): string {
  if (dots.some(({ seeds }) => seeds.filter(({ value }) => Number.isFinite(value)).length > 1))
    return "Large points are means over seeds, bars \u00b11 SD, small points single seeds.";
  return dots.some(({ interval }) => interval) ? INTERVAL_NOTE : "";
}

/** What captions say of bars of one seed. */
export const INTERVAL_NOTE = "Bars are confidence intervals of 95\u00a0% (binomial, by Wilson).";
