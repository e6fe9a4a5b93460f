import { LONG_WORD, type Table } from "./table.ts";

/** Width of a page of 800 pixels, or of paper, in sizes of a table's text. */
const PAGE = 52;
/** Width of a letter, of what surrounds a cell, and of the first column at least. */
const [LETTER, AROUND, NAMES] = [0.62, 1, 7];

/**
 * The table, or tables of some of its columns each where all of them do not fit beside each other on a page of 800 pixels
 * without breaking a word. All have all rows.
 */
export function fitted(table: Table): Table[] {
  const widths = table.columns.map((column, index) =>
    widthOf([column, ...table.rows.map(({ cells }) => cells[index] ?? "")]),
  );
  const room = PAGE - Math.max(NAMES, widthOf(table.rows.map(({ name }) => name)));
  const groups = Array.from({ length: table.columns.length }, (_, index) => index + 1);
  const count = groups.find((each) =>
    partsOf(widths, each).every((part) => sum(part.map((at) => widths[at]!)) <= room),
  );
  const parts = partsOf(widths, count ?? widths.length);
  if (parts.length < 2) return [table];
  return parts.map((part, index) => ({
    caption: `${table.caption} (part ${index + 1} of ${parts.length})`,
    columns: part.map((at) => table.columns[at]!),
    rows: table.rows.map(({ cells, ...row }) => ({ ...row, cells: part.map((at) => cells[at] ?? "") })),
  }));
}

/** The indices of columns in so many parts, as equal in number as may be, in order. */
function partsOf(columns: readonly unknown[], count: number): number[][] {
  const all = columns.map((_, index) => index);
  const most = Math.ceil(all.length / count);
  return Array.from({ length: Math.ceil(all.length / most) }, (_, part) => all.slice(part * most, (part + 1) * most));
}

/** Width of the longest word of some texts. A space that does not break holds a word together. */
function widthOf(texts: readonly string[]): number {
  const words = texts.flatMap((text) => text.split(/[ \n]/));
  const longest = Math.max(0, ...words.map((word) => word.length));
  return LETTER * Math.min(longest, LONG_WORD) + AROUND;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
