import { csvFormat } from "d3-dsv";
import { checkCells, type TableCell } from "../table-record.ts";

const COLUMNS = [
  "dataset",
  "arch",
  "units",
  "rule",
  "sign",
  "seed",
  "test_error",
  "train_error",
  "epochs",
  "failure",
  "paper_test_error",
  "paper_train_error",
];

/**
 * The cells as CSV (quoted as RFC 4180 says), a line per cell and seed; a cell without runs has one line without a seed. Errors are
 * shares, 0 to 1, in full precision; the paper's numbers are repeated in every line of a cell. What is not there is empty,
 * what is not a number is NaN.
 *
 * @throws UsageError where a cell or a seed is there twice
 */
export function tableCsv(cells: readonly TableCell[]): string {
  checkCells(cells);
  const lines = cells.flatMap(({ dataset, arch, units, rule, sign, runs, failure, paper }) => {
    const cell = { dataset, arch, units, rule, sign };
    const rest = { failure, paper_test_error: paper?.testError, paper_train_error: paper?.trainError };
    if (runs.length === 0) return [{ ...cell, ...rest }];
    return runs.map(({ seed, testError, trainError, epochs }) => ({
      ...cell,
      seed,
      test_error: testError,
      train_error: trainError,
      epochs,
      ...rest,
    }));
  });
  return `${csvFormat(lines, COLUMNS as (keyof (typeof lines)[number])[])}\n`;
}
