import type { TopLevelSpec } from "vega-lite";
import { whenMeasured } from "../../report/conditions.ts";
import { classScale } from "../../report/figures/class-colours.ts";
import type { Figure } from "../../report/figures/figure.ts";
import { FIGURE_WIDTH, THEME } from "../../report/figures/theme.ts";
import { listed, number } from "../../report/numbers.ts";
import type { Representation } from "./record.ts";
import { type RepresentedCondition, representedInWords, scoreSentences, scoresInWords } from "./scores.ts";

const SPACING = 12;
/** Panels at most: a thousand points each make a report heavy. */
const PANELS = 12;

interface Panel {
  readonly label: string;
  readonly representation: Representation;
}

/** t-SNE of the last hidden population, a panel per run, a stimulus a point that is written as its class. */
export function embeddingFigure(conditions: readonly RepresentedCondition[]): Figure | undefined {
  const all = panelsOf(conditions);
  const panels = all.slice(0, PANELS);
  if (panels.length === 0) return undefined;
  const columns = Math.min(2, panels.length);
  const side = (FIGURE_WIDTH - (columns - 1) * SPACING) / columns;
  const values = panels.flatMap(pointsOf);
  const classes = values.reduce((most, value) => Math.max(most, value.label + 1), 0);
  // The axes of an embedding have no unit, so that there is nothing to write on them.
  const place = { type: "quantitative" as const, scale: { domain: [-1.04, 1.04], nice: false }, axis: null };
  return {
    name: "embedding",
    title: "Representation of the classes",
    caption: caption(conditions, all, panels.length),
    description: `Scatter plots of an embedding of test stimuli in the plane, a panel for each of ${listed(panels.map(({ label }) => label))}: ${listed(panels.map(({ label, representation }) => `${label} ${scoresInWords(representation)}`))}.`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: { ...THEME, view: { stroke: "#cccccc" } },
      data: { values },
      columns,
      spacing: { row: 10, column: SPACING },
      facet: {
        field: "panel",
        type: "ordinal",
        title: null,
        header: {
          labelExpr: `${JSON.stringify(panels.map(titleOf))}[datum.value]`,
          labelLimit: side,
          labelFontSize: 11,
        },
      },
      spec: {
        width: side,
        height: side,
        mark: { type: "text", fontSize: columns === 1 ? 10 : 7, clip: true },
        encoding: {
          x: { field: "x", ...place },
          y: { field: "y", ...place },
          text: { field: "label", type: "nominal" },
          color: { field: "label", type: "nominal", scale: classScale(classes), legend: null },
        },
      },
    } satisfies TopLevelSpec,
    numbers: panels.flatMap(({ label, representation: { points } }) =>
      points.map(({ x, y, label: stimulusClass }) => ({ run: label, x, y, class: stimulusClass })),
    ),
  };
}

/** Lines above a panel. */
function titleOf({ label, representation: { silhouette, purity } }: Panel): string[] {
  return [label, `silhouette ${number(silhouette)}`, `purity ${(100 * purity).toFixed(1)}\u00a0%`];
}

/** The first run of every condition, then the second of each: what is compared stands side by side. */
function panelsOf(conditions: readonly RepresentedCondition[]): Panel[] {
  const most = Math.max(0, ...conditions.map(({ runs }) => runs.length));
  return Array.from({ length: most }, (_, index) => index).flatMap((index) =>
    conditions.flatMap(({ name, runs }) => {
      const run = runs[index];
      if (!run) return [];
      return [{ label: runs.length > 1 ? `${name}, seed ${run.seed}` : name, representation: run.record }];
    }),
  );
}

/** The points of a panel, moved and scaled alike in both directions so that they fill it. */
function pointsOf({ representation: { points } }: Panel, panel: number) {
  const [x, y] = [extentOf(points.map((point) => point.x)), extentOf(points.map((point) => point.y))];
  const reach = Math.max(x.reach, y.reach) || 1;
  const scaled = (value: number, { middle }: { middle: number }) => Number(((value - middle) / reach).toFixed(4));
  return points.map((point) => ({ panel, x: scaled(point.x, x), y: scaled(point.y, y), label: point.label }));
}

function extentOf(values: readonly number[]) {
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)] as const,
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const,
  );
  return { middle: (low + high) / 2, reach: (high - low) / 2 };
}

function caption(conditions: readonly RepresentedCondition[], panels: readonly Panel[], shown: number): string {
  const representations = panels.map(({ representation }) => representation);
  const { neighbours, perplexity } = representations[0]!;
  return [
    `Rates of ${representedInWords(representations)} ${whenMeasured(conditions)}, placed in the plane by t-SNE (perplexity`,
    `${number(perplexity)}); each stimulus is written as the number of its class, in the colour of the class. Stimuli with`,
    "similar rates lie near each other; the axes have no unit, and distances between clusters mean little. The scores are",
    "of the rates themselves: mean silhouette of the classes (1: apart, 0: overlapping) and share of the",
    `${neighbours} nearest neighbours that are of the stimulus' class.`,
    ...scoreSentences(conditions),
    ...(shown < panels.length ? [`The first ${shown} of ${panels.length} runs are shown.`] : []),
  ].join(" ");
}
