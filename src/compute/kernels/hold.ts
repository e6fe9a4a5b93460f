import { ShapeError } from "../../kinds/errors.ts";
import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectRank, expectShape, type Shape, sizeOf } from "../shape.ts";

/** Which row of a table a call reads: a table has one row for each group of time steps that are treated alike. */
interface AtRow {
  readonly row: number;
}

type Layout = KernelThread<"dimension" | "units" | "row">;

/** The shape rule of a kernel that reads tables of rows besides its first argument, [batch, dimension, units]. */
function inferRows(
  name: string,
  [argument, shape]: readonly [string, Shape],
  tables: readonly (readonly [string, Shape, "units" | "each"])[],
  row: number,
) {
  expectRank(name, argument, shape, 3);
  const [, dimension, units] = shape as [number, number, number];
  const rows = tables[0]![1][0]!;
  for (const [table, given, of] of tables)
    expectShape(name, table, given, of === "units" ? [rows, units] : [rows, dimension, units]);
  if (!(Number.isInteger(row) && row >= 0 && row < rows))
    throw new ShapeError(`${name}: row is ${row}, expected a whole number from 0 to ${rows - 1}`);
  return { shapes: { result: shape }, constants: { dimension, units, row }, flops: sizeOf(shape) };
}

/**
 * result[b, k, n] = values[row, k, n] where unit n is held (held[row, n] > 1/2), else rates[b, k, n]; a held rate is
 * the value whatever the rate was, NaN too.
 */
export const holdRates = defineKernel<"rates" | "held" | "values", "result", AtRow>({
  name: "hold-rates",
  family: "pointwise",
  inputs: ["rates", "held", "values"],
  launch: "shaped",
  inPlace: { result: "rates" },
  outputs: {
    result: {
      reads: ["rates", "held", "values"],
      body: function (this: Layout, rates: KernelValues, held: KernelValues, values: KernelValues) {
        const line = this.constants.row * this.constants.dimension + this.thread.y;
        const at = this.thread.z * this.constants.dimension + this.thread.y;
        return held[this.constants.row * this.constants.units + this.thread.x]! > 0.5
          ? values[line * this.constants.units + this.thread.x]!
          : rates[at * this.constants.units + this.thread.x]!;
      },
    },
  },
  infer: ({ rates, held, values }, { row }) =>
    inferRows(
      "hold-rates",
      ["rates", rates],
      [
        ["held", held, "units"],
        ["values", values, "each"],
      ],
      row,
    ),
});

/** result[b, k, n] = 0 where unit n is held (held[row, n] > 1/2), else error[b, k, n]: no error passes a held rate. */
export const stopErrors = defineKernel<"error" | "held", "result", AtRow>({
  name: "stop-errors",
  family: "error",
  inputs: ["error", "held"],
  launch: "shaped",
  inPlace: { result: "error" },
  outputs: {
    result: {
      reads: ["error", "held"],
      body: function (this: Layout, error: KernelValues, held: KernelValues) {
        const at = this.thread.z * this.constants.dimension + this.thread.y;
        return held[this.constants.row * this.constants.units + this.thread.x]! > 0.5
          ? 0
          : error[at * this.constants.units + this.thread.x]!;
      },
    },
  },
  infer: ({ error, held }, { row }) => inferRows("stop-errors", ["error", error], [["held", held, "units"]], row),
});

/** result[b, k, n] = drive[b, k, n] + added[row, k, n]. */
export const addRow = defineKernel<"drive" | "added", "result", AtRow>({
  name: "add-row",
  family: "pointwise",
  inputs: ["drive", "added"],
  launch: "shaped",
  inPlace: { result: "drive" },
  outputs: {
    result: {
      reads: ["drive", "added"],
      body: function (this: Layout, drive: KernelValues, added: KernelValues) {
        const line = this.constants.row * this.constants.dimension + this.thread.y;
        const at = this.thread.z * this.constants.dimension + this.thread.y;
        return drive[at * this.constants.units + this.thread.x]! + added[line * this.constants.units + this.thread.x]!;
      },
    },
  },
  infer: ({ drive, added }, { row }) => inferRows("add-row", ["drive", drive], [["added", added, "each"]], row),
});
