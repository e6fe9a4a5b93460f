import type { Table } from "../../../report/html/table.ts";
import { MISSING, plusMinus } from "../../../report/numbers.ts";
import type { Spread } from "../../../report/spread.ts";
import { type Column, columnsOf } from "./columns.ts";
import { ASK_ALL, DOMINANT, largestShareIn } from "./decisions.ts";
import { type DensityPoint, densityPoints, type ModulesRun, seriesOf } from "./density-points.ts";

/** What the numbers of each table mean. */
const MEANINGS: Readonly<Record<Column["table"], string>> = {
  function:
    "Specialization of the modules by each metric, mean over modules (1: a module serves its own digit alone, 0: all digits " +
    "alike), and the largest share of the test trials that one module decides",
  circuit:
    "Test accuracy of the circuit, also with all connections between modules cut and with one module silenced; Newman's Q of its " +
    "connections; linear CKA of two modules' states and participation ratio (dimensions) of a module's",
};

const DOMINATED =
  `Where one module decides more than ${100 * DOMINANT} % of the trials, the specialization of the others is that of modules ` +
  `which are hardly asked: ${ASK_ALL}.`;

/** A row for each density, in rising order: first what modules do. */
export function specializationTables(runs: readonly ModulesRun[]): Table[] {
  const points = densityPoints(runs);
  const columns = columnsOf(points);
  const tables = (Object.keys(MEANINGS) as Column["table"][]).map((table) =>
    columns.filter((each) => each.table === table),
  );
  return tables.filter((own) => own.length > 0).map((own) => tableOf(points, own));
}

function tableOf(points: readonly DensityPoint[], columns: readonly Column[]): Table {
  const several = seriesOf(points).length > 1;
  const counts = points.map((point) => point.runs.length);
  const [first] = counts as [number, ...number[]];
  // Where all have as many seeds, the caption reports the number.
  const counted = counts.some((count) => count !== first);
  const seeds = counted ? "mean \u00b1 SD over n seeds" : `mean \u00b1 SD over ${first} seeds`;
  const { table } = columns[0]!;
  return {
    caption: [
      `${MEANINGS[table]}${counts.some((count) => count > 1) ? `; ${seeds}` : ""}.`,
      ...(table === "function" && isDominated(points) ? [DOMINATED] : []),
    ].join(" "),
    columns: [...columns.map(({ title }) => title), ...(counted ? ["n"] : [])],
    rows: points.map((point, index) => ({
      name: several ? `${point.series}, ${point.name}` : point.name,
      cells: [
        ...columns.map((column) => cellOf(column, column.of(point))),
        ...(counted ? [String(counts[index])] : []),
      ],
    })),
  };
}

const isDominated = (points: readonly DensityPoint[]) =>
  points.some(({ runs }) => runs.some((run) => largestShareIn(run) > DOMINANT));

/** "0.87 ± 0.02", accuracies in per cent: "93.1 ± 0.4". */
function cellOf({ format }: Column, over: Spread): string {
  const text = (value: number) => (format === "percent" ? (100 * value).toFixed(1) : value.toFixed(format));
  if (over.count === 0) return MISSING;
  // Q follows from the number of connections, which seeds have in common.
  return over.deviation > 0 ? plusMinus(over, text) : text(over.mean);
}
