import type * as hold from "../../src/compute/kernels/hold.ts";
import { at, type OraclesOf, tabulate } from "./kernels-oracle.ts";

/** Kernels that treat the units of a population as a table of rows says. */
export const holdOracles: OraclesOf<typeof hold> = {
  holdRates: ({ rates, held, values }, { row }) => ({
    result: tabulate(rates.shape, (b, k, n) =>
      at(held, row, n!) > 0.5 ? at(values, row, k!, n!) : at(rates, b!, k!, n!),
    ),
  }),
  stopErrors: ({ error, held }, { row }) => ({
    result: tabulate(error.shape, (b, k, n) => (at(held, row, n!) > 0.5 ? 0 : at(error, b!, k!, n!))),
  }),
  addRow: ({ drive, added }, { row }) => ({
    result: tabulate(drive.shape, (b, k, n) => at(drive, b!, k!, n!) + at(added, row, k!, n!)),
  }),
};
