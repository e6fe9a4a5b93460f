import type { TopLevelSpec } from "vega-lite";
import { conditionScales } from "../../src/report/figures/condition-encoding.ts";
import type { Figure } from "../../src/report/figures/figure.ts";
import { FIGURE_WIDTH, THEME } from "../../src/report/figures/theme.ts";
import type { ScalingAxis } from "./axes.ts";
import type { ScalingPoint } from "./measure.ts";

const lines = { measured: "measured", limit: "at the machine's limits" } as const;

/** Time of a step against a size, both doubling, beside what the machine's limits allow. */
export function scalingFigure({ name, title, summary }: ScalingAxis, points: readonly ScalingPoint[]): Figure {
  const scales = conditionScales(Object.values(lines));
  const values = points.flatMap(({ value, milliseconds, limit }) => [
    { value, line: lines.measured, milliseconds },
    { value, line: lines.limit, milliseconds: limit },
  ]);
  const line = { field: "line", type: "nominal" as const, title: null };
  return {
    name: `scaling-${name}`,
    title: `Time of a step against ${title}`,
    caption: `${summary}: median time of a step, and what its operations and bytes take at the limits measured in the same run.`,
    description: `Line chart of milliseconds a step against ${title}, measured and at the machine's limits.`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: THEME,
      width: FIGURE_WIDTH,
      height: 260,
      data: { values },
      encoding: {
        x: {
          field: "value",
          type: "quantitative",
          title,
          scale: { type: "log", base: 2, nice: false, padding: 12 },
          axis: { values: points.map(({ value }) => value), format: "d", grid: false },
        },
        y: {
          field: "milliseconds",
          type: "quantitative",
          title: "time of a step (ms)",
          scale: { type: "log", base: 10, nice: true },
          axis: { format: "~r" },
        },
        color: { ...line, scale: scales.color },
      },
      layer: [
        {
          // By a field of another name, for a legend with dashed symbols would be the price of dashes by line.
          transform: [{ calculate: "datum.line", as: "dash" }],
          mark: "line",
          encoding: { strokeDash: { field: "dash", type: "nominal", scale: scales.strokeDash, legend: null } },
        },
        {
          mark: { type: "point", filled: true, opacity: 1, size: 50 },
          encoding: { shape: { ...line, scale: scales.shape } },
        },
      ],
    } satisfies TopLevelSpec,
    numbers: values,
  };
}
