import type { TopLevelSpec } from "vega-lite";
import type { Figure } from "../../../../report/figures/figure.ts";
import { tidy } from "../../../../report/figures/mean-and-band.ts";
import { FIGURE_WIDTH, INK, THEME } from "../../../../report/figures/theme.ts";
import { number } from "../../../../report/numbers.ts";
import { haveSeeds } from "../../../../report/seeds-in-words.ts";
import { spread } from "../../../../report/spread.ts";
import { chancesInWords, testInWords } from "../../../../report/test-in-words.ts";
import type { GatingHistogram } from "../../attention-record.ts";
import type { AttendedCondition, AttendedRun } from "../attended.ts";
import { ATTENDED_LOOK } from "./look.ts";

/** Conditions of a figure, at most. */
const PANELS = 6;

/** How much the first gate lets through of attended pixels, upwards, and of unattended ones, downwards; a panel a condition. */
export function gatingFigure(attended: readonly AttendedCondition[]): Figure | undefined {
  if (attended.length === 0) return undefined;
  const panels = attended.slice(0, PANELS).map((condition) => ({ condition, ...histogramOf(condition.runs) }));
  const edges = panels.flatMap(({ bars }) => bars.flatMap(({ from, to }) => [from, to]));
  const domain = domainOf(edges);
  return {
    name: "attention-gating",
    title: "What the gate does to pixels",
    caption: [
      "Factor by which the first gate multiplies pixels, up for pixels of the attended object and down for all others, each as a",
      "share of its kind. A factor of 1 (dotted) changes nothing, above 1 is brighter, below darker; the farther the two",
      "halves lie apart, the more attention selects. Lines: means.",
      ...panels.map(({ condition }) => meansInWords(condition, attended.length > 1)),
      haveSeeds(attended) ? "Pixels of all seeds are counted together." : "",
      attended.length > PANELS ? `The first ${PANELS} of ${attended.length} conditions are shown.` : "",
    ]
      .filter(Boolean)
      .join(" "),
    description: `Histograms of the gate's factor on attended and unattended pixels. ${panels.map(({ condition }) => meansInWords(condition, true)).join(" ")}`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: THEME,
      spacing: 12,
      vconcat: panels.map(({ condition, bars, means }, index) => ({
        ...(panels.length > 1 ? { title: { text: condition.name, fontSize: 12 } } : {}),
        width: FIGURE_WIDTH,
        height: panels.length > 1 ? 130 : 200,
        layer: layersOf(bars, means, { domain, last: index === panels.length - 1 }),
      })),
    } satisfies TopLevelSpec,
    numbers: panels.flatMap(({ condition: { name }, bars }) =>
      bars.map(({ pixels, from, to, share }) => ({ condition: name, pixels, from, to, percent: Math.abs(share) })),
    ),
  };
}

/** Around 1 and every edge; a little to either side of 1 where the gate changes nothing. */
function domainOf(edges: readonly number[]): [number, number] {
  const [low, high] = [Math.min(1, ...edges), Math.max(1, ...edges)];
  return high > low ? [low, high] : [0.9, 1.1];
}

interface Bar {
  pixels: string;
  from: number;
  to: number;
  /** Per cent of the pixels of its kind; below 0 for unattended ones, which are drawn downwards. */
  share: number;
}
interface Mean {
  pixels: string;
  factor: number;
  end: number;
  text: string;
}

function layersOf(
  bars: readonly Bar[],
  means: readonly Mean[],
  { domain, last }: { domain: [number, number]; last: boolean },
) {
  const reach = 1.3 * Math.max(1, ...bars.map(({ share }) => Math.abs(share)));
  const x = {
    type: "quantitative" as const,
    title: last ? "factor of the gate" : null,
    scale: { domain, nice: false, zero: false },
    axis: { tickCount: 7, grid: false, labels: last },
  };
  const y = {
    type: "quantitative" as const,
    title: "pixels (%)",
    scale: { domain: [-reach, reach], nice: false },
    axis: { tickCount: 5, labelExpr: "format(abs(datum.value), '~g')" },
  };
  const by = { field: "pixels", type: "nominal" as const, scale: ATTENDED_LOOK };
  const scenes = { data: { values: [...means] } };
  return [
    {
      data: { values: [...bars] },
      mark: { type: "bar" as const, opacity: 0.75, stroke: "white", strokeWidth: 0.5 },
      encoding: {
        x: { field: "from", ...x },
        x2: { field: "to" },
        y: { field: "zero", ...y },
        y2: { field: "share" },
        color: { ...by, title: "pixels" },
      },
      transform: [{ calculate: "0", as: "zero" }],
    },
    {
      data: { values: [{}] },
      mark: { type: "rule" as const, color: "#555555", strokeDash: [2, 2] },
      encoding: { x: { datum: 1, ...x } },
    },
    {
      ...scenes,
      transform: [{ calculate: "0", as: "zero" }],
      mark: { type: "rule" as const, strokeWidth: 2, color: INK },
      encoding: { x: { field: "factor", ...x }, y: { field: "zero", ...y }, y2: { field: "end" } },
    },
    ...means.map((mean) => ({
      data: { values: [mean] },
      mark: {
        type: "text" as const,
        fontSize: 11,
        color: INK,
        baseline: "middle" as const,
        align: mean.factor > (domain[0] + domain[1]) / 2 ? ("right" as const) : ("left" as const),
        dx: mean.factor > (domain[0] + domain[1]) / 2 ? -5 : 5,
      },
      encoding: {
        x: { field: "factor", ...x },
        y: { field: "end", ...y },
        text: { field: "text", type: "nominal" as const },
      },
    })),
  ];
}

/** The counts of all runs whose bins are those of the first, as shares; and the means over runs. */
function histogramOf(runs: readonly AttendedRun[]): { bars: Bar[]; means: Mean[] } {
  const gatings = runs.map(({ record }) => record.gating);
  const [first] = gatings as [GatingHistogram, ...GatingHistogram[]];
  const alike = gatings.filter(
    ({ from, to, attended }) => from === first.from && to === first.to && attended.length === first.attended.length,
  );
  const kinds = [
    { pixels: "attended", sign: 1, counts: alike.map(({ attended }) => attended), mean: meanOf(gatings, true) },
    { pixels: "unattended", sign: -1, counts: alike.map(({ unattended }) => unattended), mean: meanOf(gatings, false) },
  ];
  const bars = kinds.flatMap(({ pixels, sign, counts }) => {
    const bins = first.attended.map((_, bin) => counts.reduce((sum, each) => sum + (each[bin] ?? 0), 0));
    const all = bins.reduce((sum, count) => sum + count, 0);
    const edge = (bin: number) => tidy(first.from + ((first.to - first.from) * bin) / bins.length) ?? 0;
    return bins.flatMap((count, bin) =>
      count === 0 ? [] : [{ pixels, from: edge(bin), to: edge(bin + 1), share: tidy((sign * 100 * count) / all) ?? 0 }],
    );
  });
  const reach = 1.15 * Math.max(1, ...bars.map(({ share }) => Math.abs(share)));
  const means = kinds.flatMap(({ pixels, sign, mean }) =>
    Number.isFinite(mean)
      ? [{ pixels, factor: tidy(mean) ?? 1, end: sign * reach, text: `${pixels}: mean ${number(mean)}` }]
      : [],
  );
  return { bars, means };
}

function meanOf(gatings: readonly GatingHistogram[], attended: boolean): number {
  return spread(gatings.map(({ meanAttended, meanUnattended }) => (attended ? meanAttended : meanUnattended))).mean;
}

/** "Mean factor 1.08 on attended and 0.93 on unattended pixels (paired t-test, t(199) = 51.2, p < 0.001)." */
function meansInWords({ name, runs }: AttendedCondition, named: boolean): string {
  const gatings = runs.map(({ record }) => record.gating);
  const tests = gatings.map(({ test }) => test);
  const [attended, unattended] = [meanOf(gatings, true), meanOf(gatings, false)];
  const test =
    tests.length === 1
      ? testInWords(tests[0]!)
      : `paired t-tests, one a seed, ${chancesInWords(tests) || "none of them possible"}`;
  const means = `mean factor ${number(attended)} on attended and ${number(unattended)} on unattended pixels, over scenes (${test}).`;
  return named ? `${name}: ${means}` : `M${means.slice(1)}`;
}
