import { spread } from "../../../report/spread.ts";
import type { TableCell } from "../table-record.ts";

/** What stands in a table's cell, in parts; plain text, errors in per cent. */
interface Entry {
  /** "1.90 ± 0.05 (0.06)": test error, mean ± SD over seeds, and training error in brackets where above 0. */
  ours?: string;
  /** "n = 5", or "n = 4 of 5" where a seed has no number. */
  seeds?: string;
  /** "failed: out of memory". */
  failure?: string;
  /** "paper 1.87 (0.06)". */
  paper?: string;
}

/** An entry of a table; without runs and reason it has, at most, the paper's number. */
export function entryOf({ runs, failure, paper }: TableCell): Entry {
  const test = spread(runs.map(({ testError }) => testError));
  const training = spread(runs.map(({ trainError }) => trainError));
  const deviation = test.count > 1 ? `\u00a0\u00b1\u00a0${hundredfold(test.deviation)}` : "";
  const entry: Entry = {};
  if (test.count > 0) entry.ours = `${hundredfold(test.mean)}${deviation}${bracketed(training.mean)}`;
  else if (runs.length > 0) entry.ours = "no number";
  if (runs.length > 0) entry.seeds = `n\u00a0=\u00a0${test.count}${test.lost ? ` of ${runs.length}` : ""}`;
  if (failure) entry.failure = `failed: ${failure}`;
  if (paper) entry.paper = `paper\u00a0${hundredfold(paper.testError)}${bracketed(paper.trainError ?? 0)}`;
  return entry;
}

/** A share in per cent as the paper prints it, without the sign. */
function hundredfold(share: number): string {
  return (100 * share).toFixed(2);
}

function bracketed(trainError: number): string {
  const text = hundredfold(trainError);
  return Number.isFinite(trainError) && text !== "0.00" ? `\u00a0(${text})` : "";
}
