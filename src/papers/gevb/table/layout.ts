import {
  type Architecture,
  gevbArchitectures,
  gevbSigns,
  gevbUnits,
  type UnitKind,
} from "../../../circuits/ready-made/gevb-choices.ts";
import { choicesOf, type Dataset, gevbDatasets, ruleTitle } from "../choices.ts";
import { checkCells, type TableCell } from "../table-record.ts";

interface LayoutRow {
  arch: Architecture;
  units: UnitKind;
  /** "dense, vector". */
  name: string;
  /** The cell of each column, where there is one. */
  cells: (TableCell | undefined)[];
}

/** The cells of one data set in rows (architecture x units) and columns (sign x rule). */
export interface Layout {
  dataset: Dataset;
  /** "MNIST". */
  title: string;
  /** "GEVB/DFA, W >= 0", in the order of columns. */
  columns: string[];
  rows: LayoutRow[];
}

/** Rules that the paper tables in one column: GEVB asks for vector units, DFA stands in for it in conventional ones. */
const PARTNERS: readonly string[] = ["gevb", "dfa"];

/**
 * The paper's arrangement of cells, one layout per data set that has some: architectures and units in the paper's order,
 * excitatory columns before mixed ones, rules in order of first appearance. GEVB and DFA share a column unless some row has
 * both.
 *
 * @throws UsageError what checkCells throws
 */
export function tableLayouts(cells: readonly TableCell[]): Layout[] {
  checkCells(cells);
  return choicesOf(gevbDatasets).flatMap((dataset) => {
    const own = cells.filter((cell) => cell.dataset === dataset);
    return own.length > 0 ? [layoutOf(dataset, own)] : [];
  });
}

function layoutOf(dataset: Dataset, cells: readonly TableCell[]): Layout {
  const columns = choicesOf(gevbSigns).flatMap((sign) => {
    const some = cells.filter((cell) => cell.sign === sign);
    return ruleGroups(cells, some).map((rules) => ({ sign, rules }));
  });
  const rows = choicesOf(gevbArchitectures).flatMap((arch) =>
    choicesOf(gevbUnits).flatMap((units) => {
      const row = cells.filter((cell) => cell.arch === arch && cell.units === units);
      if (row.length === 0) return [];
      const inColumns = columns.map(({ sign, rules }) =>
        row.find((cell) => cell.sign === sign && rules.includes(cell.rule)),
      );
      return [{ arch, units, name: `${arch}, ${units}`, cells: inColumns }];
    }),
  );
  const names = columns.map(({ sign, rules }) => `${rules.map(ruleTitle).join("/")}, ${gevbSigns[sign]}`);
  return { dataset, title: gevbDatasets[dataset].title, columns: names, rows };
}

/** The rules of some cells, those that share a column together. */
function ruleGroups(all: readonly TableCell[], some: readonly TableCell[]): string[][] {
  const rules = [...new Set(some.map(({ rule }) => rule))];
  const place = ({ arch, units, sign }: TableCell) => `${arch} ${units} ${sign}`;
  const of = (name: string) => new Set(all.filter(({ rule }) => rule === name).map(place));
  const [first, second] = PARTNERS.map(of) as [Set<string>, Set<string>];
  const apart = [...first].some((each) => second.has(each));
  const partners = PARTNERS.filter((rule) => rules.includes(rule));
  if (apart || partners.length < 2) return rules.map((rule) => [rule]);
  const firstPartner = rules.find((rule) => partners.includes(rule));
  return rules.flatMap((rule) => {
    if (rule === firstPartner) return [partners];
    return partners.includes(rule) ? [] : [[rule]];
  });
}
