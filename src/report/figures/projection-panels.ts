import type { TopLevelSpec } from "vega-lite";
import { type Condition, overSeeds, soundRuns } from "../conditions.ts";
import type { Alignment } from "../learning-record.ts";
import { listed } from "../numbers.ts";
import { alignedProjections } from "../report-data.ts";
import type { Spread } from "../spread.ts";
import { stepsOf } from "../steps.ts";
import { bandLayer, byCondition, conditionScales, namesOf } from "./condition-encoding.ts";
import { meanAndBand, tidy } from "./mean-and-band.ts";
import { arrow, FIGURE_WIDTH, inert, THEME } from "./theme.ts";

const SPACING = 18;
const POINTS = 16;

/** A point of a panel: mean over seeds of what was measured of a projection at a step. */
export interface PanelPoint {
  condition: string;
  projection: string;
  /** Place of the projection in the circuit. */
  order: number;
  epoch: number;
  /** null where there was nothing to measure, so that a line breaks there. */
  value: number | null;
  low: number | null;
  high: number | null;
  marked: boolean;
}

/** The vertical axis of all panels. */
export interface PanelAxis {
  title: string;
  domain: readonly [number, number];
  ticks: readonly number[];
  /** A dotted line and what it means. */
  reference?: { at: number; text: string };
}

/** A quantity of an alignment; null where it is not defined. */
type Measure = (alignment: Alignment) => number | null;

/**
 * A quantity of each projection at every step of each condition; projections in the order of the circuit. A projection of
 * which a condition has no number at any step has no points of it.
 */
export function panelPoints(conditions: readonly Condition[], measure: Measure): PanelPoint[] {
  const order = alignedProjections(conditions.flatMap(({ runs }) => runs));
  return conditions.flatMap((condition) => {
    const steps = stepsOf(condition);
    const every = Math.ceil(steps.length / POINTS);
    const points = steps.flatMap(({ epoch, evaluations }, index) =>
      order.map((projection, place): PanelPoint => {
        const { mean: value, low, high } = meanAndBand(valuesOf(evaluations, projection, measure));
        const marked = value !== null && (steps.length - 1 - index) % every === 0;
        const name = inert(arrow(projection));
        const point = { condition: condition.name, projection: name, order: place, epoch: tidy(epoch) ?? 0, marked };
        return { ...point, value, low, high };
      }),
    );
    const measured = new Set(points.filter(({ value }) => value !== null).map((point) => point.order));
    return points.filter((point) => measured.has(point.order));
  });
}

/** The same quantity at the end of training, by projection. */
export function finalValues(condition: Condition, measure: Measure): Spread[] {
  return alignedProjections(soundRuns(condition))
    .map((projection) => overSeeds(condition, ({ summary }) => valuesOf([summary], projection, measure)[0] ?? null))
    .filter(({ count }) => count > 0);
}

function valuesOf(
  records: readonly { alignment: Readonly<Record<string, Alignment>> }[],
  projection: string,
  measure: Measure,
): (number | null)[] {
  return records.flatMap(({ alignment }) =>
    // A projection may be called like something that every object inherits.
    Object.hasOwn(alignment, projection) ? [measure(alignment[projection] as Alignment)] : [],
  );
}

/** "a, b and c": the projections that have points. */
export function projectionsIn(points: readonly PanelPoint[]): string {
  return listed([...new Set(points.map(({ projection }) => projection))]);
}

/** A panel per projection, a line per condition, of several seeds in a band of 1 SD. */
export function panelSpec(
  conditions: readonly Condition[],
  values: readonly PanelPoint[],
  axis: PanelAxis,
): TopLevelSpec {
  const count = new Set(values.map(({ projection }) => projection)).size;
  // Three in a row leave fewer holes with 3, 5 and 6 panels, two with 2 and 4.
  const columns = [3, 5].includes(count) || count > 5 ? 3 : Math.min(2, count);
  const lastEpoch = values.reduce((last, { epoch }) => Math.max(last, epoch), 0) || 1;
  const scales = conditionScales(namesOf(conditions));
  const condition = byCondition(conditions);
  const color = { ...condition, scale: scales.color };
  // By a field of another name, for a legend with dashed symbols would be the price of dashes by "condition".
  const line = {
    mark: "line" as const,
    transform: [{ calculate: "datum.condition", as: "dash" }],
    encoding: { color, strokeDash: { ...condition, field: "dash", scale: scales.strokeDash, legend: null } },
  };
  // Hollow, so that lines that lie on each other (all of them in the last projection, often) are still all seen.
  const points = {
    transform: [{ filter: "datum.marked" }],
    mark: { type: "point" as const, filled: false, opacity: 1 },
    encoding: { color, shape: { ...condition, scale: scales.shape } },
  };
  const lines = {
    encoding: {
      x: {
        field: "epoch",
        type: "quantitative" as const,
        title: "training epochs",
        scale: { domain: [0, lastEpoch], nice: false },
        axis: { tickCount: 4 },
      },
      y: {
        field: "value",
        type: "quantitative" as const,
        title: axis.title,
        scale: { domain: [...axis.domain], nice: false },
        axis: { values: [...axis.ticks] },
      },
    },
    layer: [bandLayer(conditions, { low: "low", high: "high" }), line, points],
  };
  const [bottom, top] = axis.domain;
  const within = (value: number | null) => (value === null ? null : Math.min(top, Math.max(bottom, value)));
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: THEME,
    data: { values: values.map((value) => ({ ...value, low: within(value.low), high: within(value.high) })) },
    columns,
    spacing: { row: 16, column: SPACING },
    facet: { field: "projection", type: "nominal", sort: { field: "order", op: "min" }, title: null },
    spec: {
      width: (FIGURE_WIDTH - (columns - 1) * SPACING) / columns,
      height: columns === 1 ? 200 : 140,
      layer: [...(axis.reference ? referenceLayers(axis.reference) : []), lines],
    },
  };
}

/** A reference line and what it means, once in every panel. */
function referenceLayers({ at, text }: { at: number; text: string }) {
  const data = { values: [{}] };
  const encoding = { y: { datum: at } };
  return [
    { data, mark: { type: "rule" as const, color: "#555555", strokeWidth: 1, strokeDash: [2, 2] }, encoding },
    {
      data,
      mark: {
        type: "text" as const,
        text,
        color: "#555555",
        fontSize: 10,
        align: "right" as const,
        baseline: "bottom" as const,
        dy: -2,
        x: "width" as const,
      },
      encoding,
    },
  ];
}
