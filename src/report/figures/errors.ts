import type { TopLevelSpec } from "vega-lite";
import { metricIn } from "../../records/metrics.ts";
import { type Condition, overSeeds, whenMeasured } from "../conditions.ts";
import { metricInterval } from "../metric-interval.ts";
import { listed, plusMinus } from "../numbers.ts";
import type { RunRecord } from "../run-record.ts";
import { haveSeeds, seedCounts } from "../seeds-in-words.ts";
import { finalValue, type ShownMetric, shownMetrics } from "../shown-metrics.ts";
import { INTERVAL_NOTE } from "./condition-dots.ts";
import { conditionScales, conditionTitle, namesOf } from "./condition-encoding.ts";
import type { Figure } from "./figure.ts";
import { tidy } from "./mean-and-band.ts";
import { FIGURE_WIDTH, THEME } from "./theme.ts";
import { signedAxis, type ValueAxis, valueAxis } from "./value-axis.ts";

/**
 * The most important metric at the end, such as the final test error: a dot per condition, with the number beside it; of
 * several seeds their mean, SD and each seed.
 */
export function errorsFigure(conditions: readonly Condition[]): Figure | undefined {
  // Of a single run it would be a dot; the table has its number.
  if (conditions.flatMap(({ runs }) => runs).length < 2) return undefined;
  const [metric] = shownMetrics(conditions);
  if (metric === undefined) return undefined;
  const names = namesOf(conditions);
  const errors = conditions.map((condition) => errorOf(condition, metric));
  const chooseAxis = metric.better === "more" ? signedAxis : valueAxis;
  const axis = chooseAxis(errors.flatMap(({ mean, high, seeds }) => [mean, high, ...seeds]));
  const place = (error: number) => tidy(axis.place(error));
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
    title: `Final test ${metric.label}`,
    caption: caption(conditions, metric, values, axis),
    description: `Dot plot of the final test ${metric.label}: ${listed(values.map(({ condition, text }) => `${condition} ${text}`))}.`,
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
          title: `test ${metric.axisTitle}`,
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
        const [low, high] = metricInterval(run, metric.name) ?? [];
        const value = metricIn(run.summary, metric.name, "test");
        return { condition: name, seed: run.seed, [`test_${metric.name}`]: value, low, high };
      }),
    ),
  };
}

/** The metric of a condition as it is drawn; a single seed has a bar of its confidence interval, and no small points. */
function errorOf(condition: Condition, metric: ShownMetric) {
  const { scale, format } = metric;
  const over = overSeeds(condition, (run) => finalValue(run, metric, "test"));
  const { mean, deviation, count } = over;
  const { name, runs } = condition;
  const several = runs.length > 1;
  const [low, high] = several
    ? count > 1
      ? [mean - deviation, mean + deviation]
      : []
    : (metricInterval(runs[0] as RunRecord, metric.name) ?? []);
  return {
    condition: name,
    mean: scale * mean,
    low: scale * (low ?? Number.NaN),
    high: scale * (high ?? Number.NaN),
    seeds: several ? runs.map((run) => scale * finalValue(run, metric, "test")) : [],
    text: count === 0 ? "no number" : several ? plusMinus(over, format) : format(mean),
  };
}

function caption(
  conditions: readonly Condition[],
  metric: ShownMetric,
  values: readonly Compared[],
  { scale }: ValueAxis,
): string {
  const seeds = haveSeeds(conditions)
    ? `Large points are means over ${seedCounts(conditions)}, bars \u00b11 SD, small points single seeds.`
    : "";
  const who = haveSeeds(conditions) ? "condition" : "run";
  return [
    `${metric.unit === "share" ? `Share of ${metric.of}` : capitalised(metric.of)} on test stimuli ${whenMeasured(conditions)}, a row for each ${who}.`,
    seeds,
    conditions.some(({ runs: [run, ...others] }) => others.length === 0 && run && metricInterval(run, metric.name))
      ? haveSeeds(conditions)
        ? INTERVAL_NOTE.replace("Bars", "Bars of single seeds")
        : INTERVAL_NOTE
      : "",
    scale.type === "log" ? "The axis is logarithmic." : metric.better === "less" ? "The axis starts at 0." : "",
    comparison(values, metric, who),
  ]
    .filter(Boolean)
    .join(" ");
}

const capitalised = (words: string): string => `${words[0]!.toUpperCase()}${words.slice(1)}`;

/** A condition's error with its bar as it is drawn, null where there is none. */
interface Compared {
  readonly condition: string;
  readonly error: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly text: string;
}

/** Who is best, and whether the bars say that it may be chance. */
function comparison(values: readonly Compared[], metric: ShownMetric, who: string): string {
  const known = values.flatMap((value) => (value.error === null ? [] : [{ ...value, error: value.error }]));
  if (known.length < 2) return "";
  const less = metric.better === "less";
  const isBetter = (one: { error: number }, other: { error: number }) =>
    less ? one.error < other.error : one.error > other.error;
  const best = known.reduce((a, b) => (isBetter(b, a) ? b : a));
  const worst = known.reduce((a, b) => (isBetter(a, b) ? b : a));
  const difference = Math.abs(worst.error - best.error);
  const gap = metric.unit === "share" ? difference.toFixed(2) : metric.format(difference);
  if (Number(difference.toPrecision(3)) === 0 || gap === "0.00") return `All ${who}s do equally well.`;
  const equal = known.filter(({ error }) => error === best.error);
  const verb = equal.length === 1 ? "has" : "have";
  const [bestEnd, worstEnd] = less ? [best.high, worst.low] : [best.low, worst.high];
  const overlap = bestEnd !== null && worstEnd !== null && (less ? worstEnd <= bestEnd : worstEnd >= bestEnd);
  const doubt = overlap ? "; their bars overlap, so that this may be chance" : "";
  const [most, apart] = less ? ["lowest", "below"] : ["highest", "above"];
  const by = metric.unit === "share" ? `${gap} percentage points` : gap;
  return `${listed(equal.map(({ condition }) => condition))} ${verb} the ${most} ${metric.label} (${best.text}), ${by} ${apart} ${worst.condition}${doubt}.`;
}
