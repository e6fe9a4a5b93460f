import { dsvFormat } from "d3-dsv";
import { DataError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";
import type { LoadedArray } from "./loaded-array.ts";

/** A column of a table: numbers as long as all its cells are numbers. */
interface Column {
  readonly name: string;
  readonly numbers: number[];
  /** All cells, from the first one on that is no number. */
  texts?: string[];
}

const delimiters = [",", ";", "\t"];

/**
 * The columns of a table in text: a row for each trial, cells between commas, semicolons or tabs, whichever the first row has most
 * of. The first row names the columns, unless all its cells are numbers: then they are called "column 1", "column 2", ...
 *
 * A column of numbers is float64, any other one is text.
 *
 * @param file what messages call it, as a rule its path
 * @throws DataError where it is empty, a row has more or fewer cells than the first one, two columns have one name, a cell is
 *   empty, or a number is not finite
 */
export function readTable(file: string, bytes: Uint8Array): ReadonlyMap<string, LoadedArray> {
  const text = new TextDecoder().decode(bytes);
  const format = dsvFormat(delimiterOf(text));
  let columns: Column[] | undefined;
  let trials = 0;
  // Row by row, so that the texts of a large table are never all there.
  format.parseRows(text, (cells, index) => {
    if (cells.length === 1 && cells[0]!.trim() === "") return undefined;
    if (columns === undefined) {
      const headed = !cells.every(isNumber);
      columns = cells.map((cell, at) => ({ name: headed ? cell.trim() : `column ${at + 1}`, numbers: [] }));
      checkNames(file, columns);
      if (headed) return undefined;
    }
    if (cells.length !== columns.length)
      throw new DataError(
        `${file}: row ${index + 1} has ${cells.length} cells and the first row has ${columns.length}; give every row as many`,
      );
    for (const [at, cell] of cells.entries()) add(file, columns[at]!, cell, index + 1);
    trials++;
    return undefined;
  });
  if (columns === undefined || trials === 0)
    throw new DataError(`${file} has no row of values; expected one for each trial below a row of names`);
  return new Map(columns.map((column) => [column.name, arrayOf(column)]));
}

function delimiterOf(text: string): string {
  const [first = ""] = text.split(/\r?\n/, 1);
  const counts = delimiters.map((delimiter) => first.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))]!;
}

const isNumber = (cell: string) => cell.trim() !== "" && !Number.isNaN(Number(cell));

function checkNames(file: string, columns: readonly Column[]): void {
  const names = columns.map(({ name }) => name);
  const unnamed = names.indexOf("");
  if (unnamed >= 0)
    throw new DataError(
      `${file}: column ${unnamed + 1} has no name in the first row; name it, or take it out (pandas writes its index there unless it is told index=False)`,
    );
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new DataError(`${file}: two columns are named ${shown(twice)}; rename one of them`);
}

function add(file: string, column: Column, cell: string, row: number): void {
  const { name, numbers, texts } = column;
  const text = cell.trim();
  const value = Number(text);
  if (text === "" || /^[+-]?(nan|na|inf(inity)?)$/i.test(text))
    throw new DataError(
      `${file}: row ${row}, column ${shown(name)}: got ${text === "" ? "an empty cell" : shown(text)}, expected a value; ` +
        "fill in what is missing, or leave the row out",
    );
  if (texts) texts.push(text);
  else if (Number.isNaN(value)) column.texts = [...numbers.map(String), text];
  else numbers.push(value);
}

function arrayOf({ numbers, texts }: Column): LoadedArray {
  if (texts) return { shape: [texts.length], values: texts, type: "text" };
  return { shape: [numbers.length], values: numbers, type: "float64" };
}
