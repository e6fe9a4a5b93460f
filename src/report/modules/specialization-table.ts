import type { Table } from "../html/table.ts";
import { MISSING, plusMinus } from "../numbers.ts";
import type { RunRecord } from "../report-data.ts";
import type { Spread } from "../spread.ts";
import { type Column, columnsOf } from "./columns.ts";
import { ASK_ALL, DOMINANT, largestShareIn } from "./decisions.ts";
import { type DensityPoint, densityPoints, seriesOf } from "./density-points.ts";

/** What the numbers of the table mean. */
export const MEANING =
  "Modules by their connections: accuracies in %, also with all connections between modules cut and with one module silenced; " +
  "Newman's Q; the largest share of the test trials, in %, that one module decides; specialization by each metric (1: a module serves its own digit alone, 0: all digits alike); linear CKA of " +
  "modules and participation ratio of a module's states. Mean \u00b1 SD over n seeds.";

const DOMINATED =
  `Where one module decides more than ${100 * DOMINANT} % of the trials, the specialization of the others is that of modules ` +
  `which are hardly asked: ${ASK_ALL}.`;

/** A row for each density, in rising order, where runs have a record of specialization. */
export function specializationTable(runs: readonly RunRecord[]): Table | undefined {
  const points = densityPoints(runs);
  if (points.length === 0) return undefined;
  const columns = columnsOf(points);
  const several = seriesOf(points).length > 1;
  return {
    caption: isDominated(points) ? `${MEANING} ${DOMINATED}` : MEANING,
    columns: [...columns.map(({ title }) => title), "n"],
    rows: points.map((point) => ({
      name: several ? `${point.series}, ${point.name}` : point.name,
      cells: [...columns.map((column) => cellOf(column, column.of(point))), String(point.runs.length)],
    })),
  };
}

const isDominated = (points: readonly DensityPoint[]) =>
  points.some(({ runs }) => runs.some((run) => largestShareIn(run) > DOMINANT));

/** "0.870 ± 0.021", accuracies in per cent: "93.10 ± 0.40". */
function cellOf({ format }: Column, over: Spread): string {
  const text = (value: number) => (format === "percent" ? (100 * value).toFixed(2) : value.toFixed(3));
  if (over.count === 0) return MISSING;
  // Q follows from the number of connections, which seeds have in common.
  return over.deviation > 0 ? plusMinus(over, text) : text(over.mean);
}
