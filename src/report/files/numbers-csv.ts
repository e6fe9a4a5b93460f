import { csvFormat } from "d3-dsv";
import type { Figure } from "../figures/figure.ts";

/** The numbers of a figure as CSV (quoted as RFC 4180 says), a line for each; what is not there is empty. */
export function numbersCsv({ numbers }: Pick<Figure, "numbers">): string {
  const columns = [...new Set(numbers.flatMap((line) => Object.keys(line)))];
  const shown = (value: unknown) => (typeof value === "number" && !Number.isFinite(value) ? "" : value);
  const lines = numbers.map((line) => Object.fromEntries(columns.map((column) => [column, shown(line[column])])));
  return `${csvFormat(lines as Record<string, string | number>[], columns)}\n`;
}
