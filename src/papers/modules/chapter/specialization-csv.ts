import { csvFormat } from "d3-dsv";
import { columnsOf } from "./columns.ts";
import { densityPoints, type ModulesRun } from "./density-points.ts";

/**
 * A line for each density as CSV (quoted as RFC 4180 says): series, density, connections from each module to each other (mean
 * over ordered pairs), number of seeds, then mean and sample standard deviation over seeds of every quantity of the table.
 * Accuracies are shares, 0 to 1; numbers are in full precision, and what is not there is empty.
 */
export function specializationCsv(runs: readonly ModulesRun[]): string {
  const points = densityPoints(runs);
  const columns = columnsOf(points);
  const lines = points.map((point) => ({
    series: point.series,
    density: point.density,
    connections: point.connections,
    seeds: point.runs.length,
    ...Object.fromEntries(
      columns.flatMap((column) => {
        const { mean, deviation, count } = column.of(point);
        return [
          [`${column.key}_mean`, count > 0 ? mean : ""],
          [`${column.key}_sd`, count > 1 ? deviation : ""],
        ];
      }),
    ),
  }));
  return `${csvFormat(lines)}\n`;
}
