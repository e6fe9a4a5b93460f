import type { TopLevelSpec } from "vega-lite";
import { listed, percent } from "../numbers.ts";
import type { RunRecord } from "../report-data.ts";
import type { Figure } from "./figure.ts";
import { FIGURE_WIDTH, figureLabels, runScales, THEME } from "./theme.ts";
import { valueAxis } from "./value-axis.ts";

/** Final test error of every run, a dot each, with the number beside it. */
export function errorsFigure(runs: readonly RunRecord[]): Figure {
  const labels = figureLabels(runs);
  const axis = valueAxis(runs.map(({ summary }) => 100 * summary.testError));
  const values = runs.map(({ summary }, index) => {
    const known = Number.isFinite(summary.testError);
    return {
      run: labels[index] as string,
      error: known ? Number((100 * summary.testError).toPrecision(6)) : null,
      place: known ? axis.place(100 * summary.testError) : axis.scale.domain[0],
      text: known ? percent(summary.testError) : "no number",
    };
  });
  const scales = runScales(labels);
  return {
    name: "errors",
    title: "Final test error",
    caption: caption(values, axis.scale.type),
    description: `Dot plot of the final test error: ${listed(values.map((value) => `${value.run} ${value.text}`))}.`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: THEME,
      data: { values },
      width: FIGURE_WIDTH,
      height: { step: 34 },
      encoding: {
        y: {
          field: "run",
          type: "nominal",
          scale: { domain: labels },
          title: "run",
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
          transform: [{ filter: "datum.error !== null" }],
          mark: { type: "point", filled: true, size: 110, opacity: 1 },
          encoding: {
            color: { field: "run", type: "nominal", scale: scales.color, legend: null },
            shape: { field: "run", type: "nominal", scale: scales.shape, legend: null },
          },
        },
        {
          mark: { type: "text", align: "left", baseline: "middle", dx: 10, fontSize: 12, color: "#222222" },
          encoding: { text: { field: "text", type: "nominal" } },
        },
      ],
    } satisfies TopLevelSpec,
  };
}

function caption(
  values: readonly { run: string; error: number | null; text: string }[],
  axis: "linear" | "log",
): string {
  const known = values.flatMap(({ run, error, text }) => (error === null ? [] : [{ run, error, text }]));
  const note = axis === "log" ? "The axis is logarithmic." : "The axis starts at 0.";
  const what = `Share of test digits that each run decides wrongly after training. ${note}`;
  if (known.length < 2) return what;
  const best = known.reduce((a, b) => (b.error < a.error ? b : a));
  const worst = known.reduce((a, b) => (b.error > a.error ? b : a));
  const gap = (worst.error - best.error).toFixed(2);
  if (gap === "0.00") return `${what} All runs do equally well.`;
  return `${what} ${best.run} has the lowest error (${best.text}), ${gap} percentage points below ${worst.run}.`;
}
