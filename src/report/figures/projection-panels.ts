import type { TopLevelSpec } from "vega-lite";
import type { Alignment } from "../../records/learning-record.ts";
import { type Condition, overSeeds } from "../conditions.ts";
import { inert } from "../inert.ts";
import { listed } from "../numbers.ts";
import { alignedProjections } from "../run-record.ts";
import type { Spread } from "../spread.ts";
import { stepsOf } from "../steps.ts";
import { textWidth } from "../text-width.ts";
import { bandLayer, byCondition, conditionScales, namesOf } from "./condition-encoding.ts";
import type { NumbersLine } from "./figure.ts";
import { meanAndBand, tidy } from "./mean-and-band.ts";
import { arrow, FIGURE_WIDTH, THEME } from "./theme.ts";
import { ticksTo } from "./ticks.ts";

const SPACING = 18;
const POINTS = 16;
/** Size of a panel's title. */
const TITLE = 12;

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
  return alignedProjections(condition.runs)
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

/** The same quantity of every evaluation, a line each. */
export function projectionNumbers(
  conditions: readonly Condition[],
  column: string,
  measure: (alignment: Alignment) => number | null,
): NumbersLine[] {
  return conditions.flatMap(({ name, runs }) =>
    runs.flatMap(({ seed, evaluations }) =>
      evaluations.flatMap(({ step, epoch, alignment }) =>
        Object.entries(alignment).map(([projection, each]) => ({
          condition: name,
          seed,
          projection,
          step,
          epoch,
          [column]: measure(each),
        })),
      ),
    ),
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
  const projections = [...new Set([...values].sort((a, b) => a.order - b.order).map(({ projection }) => projection))];
  const count = projections.length;
  // Three in a row leave fewer holes with 3, 5 and 6 panels, two with 2 and 4.
  const columns = [3, 5].includes(count) || count > 5 ? 3 : Math.min(2, count);
  const lastEpoch = values.reduce((last, { epoch }) => Math.max(last, epoch), 0) || 1;
  const width = (FIGURE_WIDTH - (columns - 1) * SPACING) / columns;
  // In two lines where the longest would not fit into one.
  const broken = projections.some((name) => textWidth(name, TITLE, true) > width);
  const titleOf = (name: string) => (broken ? name.split(/(?<=\u2192) /) : [name]);
  const [bottom, top] = axis.domain;
  const within = (value: number | null) => (value === null ? null : Math.min(top, Math.max(bottom, value)));
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: THEME,
    columns,
    spacing: { row: 14, column: SPACING },
    concat: projections.map((projection, index) => {
      const place = { left: index % columns === 0, lowest: index + columns >= count };
      return {
        title: { text: titleOf(projection), fontSize: TITLE, anchor: "middle" as const, limit: 2 * width },
        width,
        height: columns === 1 ? 200 : 140,
        data: {
          values: values
            .filter((value) => value.projection === projection)
            .map(({ order: _, ...value }) => ({
              ...value,
              low: within(value.low),
              high: within(value.high),
            })),
        },
        layer: [
          ...(axis.reference ? referenceLayers(axis.reference) : []),
          linesOf(conditions, axis, { ...place, lastEpoch }),
        ],
      };
    }),
  };
}

/** Lines, their bands and points; axes are named on the left and lowest panels alone. */
function linesOf(
  conditions: readonly Condition[],
  axis: PanelAxis,
  { left, lowest, lastEpoch }: { left: boolean; lowest: boolean; lastEpoch: number },
) {
  const scales = conditionScales(namesOf(conditions));
  const condition = byCondition(conditions);
  const color = { ...condition, scale: scales.color };
  return {
    encoding: {
      x: {
        field: "epoch",
        type: "quantitative" as const,
        title: lowest ? "training epochs" : null,
        scale: { domain: [0, lastEpoch], nice: false },
        axis: { values: ticksTo(lastEpoch, 4), labels: lowest, labelOverlap: false },
      },
      y: {
        field: "value",
        type: "quantitative" as const,
        title: left ? axis.title : null,
        scale: { domain: [...axis.domain], nice: false },
        axis: { values: [...axis.ticks], labels: left, labelOverlap: false },
      },
    },
    layer: [
      bandLayer(conditions, { low: "low", high: "high" }),
      {
        mark: "line" as const,
        // By a field of another name, for a legend with dashed symbols would be the price of dashes by "condition".
        transform: [{ calculate: "datum.condition", as: "dash" }],
        encoding: { color, strokeDash: { ...condition, field: "dash", scale: scales.strokeDash, legend: null } },
      },
      {
        // Hollow, so that lines that lie on each other (all of them in the last projection, often) are still all seen.
        transform: [{ filter: "datum.marked" }],
        mark: { type: "point" as const, filled: false, opacity: 1 },
        encoding: { color, shape: { ...condition, scale: scales.shape } },
      },
    ],
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
