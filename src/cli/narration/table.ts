import type { RunSummary } from "../../records/learning-record.ts";
import { metricIn, metricLabel, metricsOf } from "../../records/metrics.ts";
import { TABLED_PROJECTIONS } from "../../report/tabled-projections.ts";
import { angle, metricNumber, seconds } from "../../runs/narration/wording.ts";

/**
 * The table a run ends with: one row a summary, which goes by its rule, or by its label where several have one rule, and
 * says so where nothing was trained in it; two columns a metric, one of angles a projection, unless there are more than 4,
 * which make lines that no terminal holds; numbers aligned to the right.
 */
export function summaryTable(summaries: readonly RunSummary[]): string {
  const aligning = [...new Set(summaries.flatMap((summary) => Object.keys(summary.alignment)))];
  const projections = aligning.length > TABLED_PROJECTIONS ? [] : aligning;
  const known = new Map(summaries.flatMap((summary) => Object.entries(metricsOf(summary))));
  const metrics = [...known].map(([name, words]) => {
    const unit = words.unit === "share" ? " %" : words.unit === "" ? "" : ` (${words.unit})`;
    return { name, words, title: `${metricLabel(name, words)}${unit}` };
  });
  const repeated = new Set(summaries.map(({ rule }) => rule)).size < summaries.length;
  const head = [
    repeated ? "run" : "rule",
    ...metrics.flatMap(({ title }) => [`test ${title}`, `training ${title}`]),
    ...projections.map((projection) => `angle ${projection} (degrees)`),
    "seconds",
  ];
  const rows = summaries.map((summary) => [
    `${repeated ? summary.label : summary.rule}${summary.steps === 0 ? " (not trained in this run)" : ""}`,
    ...metrics.flatMap(({ name, words }) =>
      (["test", "train"] as const).map((source) => metricNumber(metricIn(summary, name, source), words)),
    ),
    ...projections.map((projection) => angle(summary.alignment[projection]?.angle)),
    seconds(summary.seconds),
  ]);
  return aligned([head, ...rows]);
}

/** Cells in columns, the first aligned to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)));
  return rows.map((row) => line(row).join("  ").trimEnd()).join("\n");
}
