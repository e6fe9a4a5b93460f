import type { TopLevelSpec } from "vega-lite";
import { type Condition, overSeeds, whenMeasured } from "../conditions.ts";
import { listed, orNaN, percent, plusMinus } from "../numbers.ts";
import type { RunRecord } from "../report-data.ts";
import { haveSeeds, seedCounts } from "../seeds-in-words.ts";
import { testErrorInterval } from "../test-error-interval.ts";
import { INTERVAL_NOTE } from "./condition-dots.ts";
import { conditionScales, conditionTitle, namesOf } from "./condition-encoding.ts";
import type { Figure } from "./figure.ts";
import { tidy } from "./mean-and-band.ts";
import { FIGURE_WIDTH, THEME } from "./theme.ts";
import { valueAxis } from "./value-axis.ts";

/** Final test error: a dot per condition, with the number beside it; of several seeds their mean, SD and each seed. */
export function errorsFigure(conditions: readonly Condition[]): Figure | undefined {
  // Of a single run it would be a dot; the table has its number.
  if (conditions.flatMap(({ runs }) => runs).length < 2) return undefined;
  const names = namesOf(conditions);
  const errors = conditions.map(errorOf);
  const axis = valueAxis(errors.flatMap(({ mean, high, seeds }) => [mean, high, ...seeds]));
  const place = (error: number) => tidy(axis.place(Math.max(0, error)));
  const values = errors.map(({ condition, mean, low, high, seeds, text }) => ({
    condition,
    error: tidy(mean),
    place: place(mean) ?? axis.scale.domain[0],
    low: place(low),
    high: place(high),
    // Behind everything that is drawn in the row, so that the number covers none of it.
    textPlace: place(Math.max(...[mean, high, ...seeds].filter(Number.isFinite))) ?? axis.scale.domain[0],
    text,
  }));
  const points = errors.flatMap(({ condition, seeds }) =>
    seeds.filter(Number.isFinite).map((error) => ({ condition, place: place(error) })),
  );
  const scales = conditionScales(names);
  const color = { field: "condition", type: "nominal" as const, scale: scales.color, legend: null };
  const shape = { field: "condition", type: "nominal" as const, scale: scales.shape, legend: null };
  return {
    name: "errors",
    title: "Final test error",
    caption: caption(conditions, values, axis.scale.type),
    description: `Dot plot of the final test error: ${listed(values.map(({ condition, text }) => `${condition} ${text}`))}.`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: THEME,
      data: { values },
      width: FIGURE_WIDTH,
      height: { step: 34 },
      encoding: {
        y: {
          field: "condition",
          type: "nominal",
          scale: { domain: names },
          title: conditionTitle(conditions),
          axis: { grid: true, ticks: false, domain: false, labelPadding: 8 },
        },
        x: {
          field: "place",
          type: "quantitative",
          title: "test error (%)",
          scale: axis.scale,
          axis: { grid: false, ...(axis.ticks ? { values: axis.ticks, format: "~g" } : { tickCount: 6 }) },
        },
      },
      layer: [
        {
          transform: [{ filter: "datum.low !== null && datum.high !== null" }],
          mark: { type: "rule", strokeWidth: 2 },
          encoding: { x: { field: "low", type: "quantitative" }, x2: { field: "high" }, color },
        },
        {
          data: { values: points },
          mark: { type: "point", filled: true, size: 22, opacity: 0.55, yOffset: 9 },
          encoding: { color, shape },
        },
        {
          transform: [{ filter: "datum.error !== null" }],
          mark: { type: "point", filled: true, size: 110, opacity: 1 },
          encoding: { color, shape },
        },
        {
          mark: { type: "text", align: "left", baseline: "middle", dx: 10, fontSize: 12, color: "#222222" },
          encoding: { x: { field: "textPlace", type: "quantitative" }, text: { field: "text", type: "nominal" } },
        },
      ],
    } satisfies TopLevelSpec,
    numbers: conditions.flatMap(({ name, runs }) =>
      runs.map((run) => {
        const [low, high] = testErrorInterval(run) ?? [];
        return { condition: name, seed: run.seed, test_error: run.summary.testError, low, high };
      }),
    ),
  };
}

/** Errors of a condition, per cent; a single seed has a bar of its confidence interval, and no small points. */
function errorOf(condition: Condition) {
  const over = overSeeds(condition, ({ summary }) => summary.testError);
  const { mean, deviation, count } = over;
  const { name, runs } = condition;
  const several = runs.length > 1;
  const [low, high] = several
    ? count > 1
      ? [mean - deviation, mean + deviation]
      : []
    : (testErrorInterval(runs[0] as RunRecord) ?? []);
  return {
    condition: name,
    mean: 100 * mean,
    low: 100 * (low ?? Number.NaN),
    high: 100 * (high ?? Number.NaN),
    seeds: several ? runs.map(({ summary }) => 100 * orNaN(summary.testError)) : [],
    text: count === 0 ? "no number" : several ? plusMinus(over, percent) : percent(mean),
  };
}

function caption(conditions: readonly Condition[], values: readonly Compared[], axis: "linear" | "log"): string {
  const seeds = haveSeeds(conditions)
    ? `Large points are means over ${seedCounts(conditions)}, bars \u00b11 SD, small points single seeds.`
    : "";
  const who = haveSeeds(conditions) ? "condition" : "run";
  return [
    `Share of test stimuli that each ${who} decides wrongly ${whenMeasured(conditions)}.`,
    seeds,
    conditions.some(({ runs: [run, ...others] }) => others.length === 0 && run && testErrorInterval(run))
      ? haveSeeds(conditions)
        ? INTERVAL_NOTE.replace("Bars", "Bars of single seeds")
        : INTERVAL_NOTE
      : "",
    axis === "log" ? "The axis is logarithmic." : "The axis starts at 0.",
    comparison(values, who),
  ]
    .filter(Boolean)
    .join(" ");
}

/** A condition's error with its bar as it is drawn, null where there is none. */
interface Compared {
  readonly condition: string;
  readonly error: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly text: string;
}

/** Who has the lowest error, and whether the bars say that it may be chance. */
function comparison(values: readonly Compared[], who: string): string {
  const known = values.flatMap((value) => (value.error === null ? [] : [{ ...value, error: value.error }]));
  if (known.length < 2) return "";
  const best = known.reduce((a, b) => (b.error < a.error ? b : a));
  const worst = known.reduce((a, b) => (b.error > a.error ? b : a));
  const gap = (worst.error - best.error).toFixed(2);
  if (gap === "0.00") return `All ${who}s do equally well.`;
  const equal = known.filter(({ error }) => error === best.error);
  const verb = equal.length === 1 ? "has" : "have";
  const overlap = best.high !== null && worst.low !== null && worst.low <= best.high;
  const doubt = overlap ? "; their bars overlap, so that this may be chance" : "";
  return `${listed(equal.map(({ condition }) => condition))} ${verb} the lowest error (${best.text}), ${gap} percentage points below ${worst.condition}${doubt}.`;
}
