import type { Condition } from "../conditions.ts";
import { haveSeeds } from "../seeds-in-words.ts";

/**
 * Okabe and Ito's colours, which people with any of the common colour-vision deficiencies tell apart, without the
 * yellow that a white page swallows; ordered so that the first ones differ most in lightness too.
 */
export const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000"] as const;
const SHAPES = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
  "triangle-left",
];
const DASHES = [
  [1, 0],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [12, 4],
  [4, 2, 1, 2, 1, 2],
];

/**
 * Scales that give each condition its colour, point shape and dash, the same in every figure; 7 x 8 conditions before one
 * repeats.
 */
export function conditionScales(labels: readonly string[]) {
  const domain = [...labels];
  const cycle = <T>(values: readonly T[]): T[] => labels.map((_, index) => values[index % values.length] as T);
  return {
    color: { domain, range: cycle<string>(COLOURS) },
    shape: { domain, range: cycle(SHAPES) },
    strokeDash: { domain, range: cycle(DASHES) },
  };
}

/** The encoding of "which condition", short of its channel's scale, for data with a field of that name. */
export function byCondition(conditions: readonly Condition[]) {
  const title = conditionTitle(conditions);
  return { field: "condition", type: "nominal" as const, title, legend: legendColumns(namesOf(conditions)) };
}

/**
 * 1 SD to either side of the mean, where there are several seeds. It is coloured by a field of another name and has no
 * legend: else the legend's symbols would be as pale as the band.
 *
 * @param fields names of the fields of both ends, null where there is no band, and of what else tells bands apart
 */
export function bandLayer(
  conditions: readonly Condition[],
  { low, high, detail = [] }: { low: string; high: string; detail?: string[] },
) {
  const { color } = conditionScales(namesOf(conditions));
  return {
    transform: [
      { filter: `datum.${low} !== null && datum.${high} !== null` },
      { calculate: "datum.condition", as: "band" },
    ],
    mark: { type: "area" as const, opacity: 0.15 },
    encoding: {
      y: { field: low, type: "quantitative" as const },
      y2: { field: high },
      fill: { field: "band", type: "nominal" as const, scale: color, legend: null },
      detail: detail.map((field) => ({ field, type: "nominal" as const })),
    },
  };
}

/** What axes and legends call a condition: where each has a single seed, it is a run. */
export function conditionTitle(conditions: readonly Condition[]): string {
  return haveSeeds(conditions) ? "condition" : "run";
}

export function namesOf(conditions: readonly Condition[]): string[] {
  return conditions.map(({ name }) => name);
}

/** As many entries beside each other in a legend as their labels leave room for. */
export function legendColumns(labels: readonly string[]) {
  const longest = labels.reduce((most, label) => Math.max(most, label.length), 0);
  return { columns: longest > 24 ? 1 : longest > 12 ? 2 : 4 };
}
