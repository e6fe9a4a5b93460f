import { DataError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";

/** Numbers of a trial: one, a row, rows by time step, or all in one row, step by step. */
export type TrialValues = number | ArrayLike<number> | readonly ArrayLike<number>[];

/** Where a trial is written: a sample of a batch of some size. */
interface Place {
  readonly sample: number;
  readonly samples: number;
  /** Smallest number allowed; absent: any that is finite. */
  readonly least?: number;
}

/**
 * Writes the numbers of a trial to its sample in the array of each step, [samples, width].
 *
 * @param where what messages call the numbers
 * @throws DataError where there are more or fewer of them, or one is not finite, naming step and unit
 */
export function writeValues(
  where: string,
  given: unknown,
  steps: readonly Float32Array[],
  { sample, samples, least = Number.NEGATIVE_INFINITY }: Place,
): void {
  const width = steps[0]!.length / samples;
  const at = rowsOf(where, given, steps.length, width);
  for (const [step, row] of steps.entries()) {
    for (let unit = 0; unit < width; unit++) {
      const value = at(step, unit);
      if (typeof value !== "number" || !Number.isFinite(Math.fround(value)) || value < least)
        throw new DataError(
          `${where}${stepOf(step, steps)}${width > 1 ? `, unit ${unit}` : ""} is ${shown(value)}; expected ` +
            (least === 0 ? "a finite number from 0 on" : "a finite number"),
        );
      row[sample * width + unit] = value;
    }
  }
}

/**
 * Writes the labels of a trial, one a step.
 *
 * @throws DataError where there are more or fewer of them, or one is neither a class's name nor its label
 */
export function writeLabels(
  where: string,
  given: unknown,
  classes: readonly string[],
  steps: readonly Float32Array[],
  { sample }: Place,
): void {
  const at = rowsOf(where, given, steps.length, 1);
  for (const [step, row] of steps.entries()) {
    const value = at(step, 0);
    const label = typeof value === "string" ? classes.indexOf(value) : value;
    if (typeof label !== "number" || !Number.isInteger(label) || label < 0 || label >= classes.length)
      throw new DataError(
        `${where}${stepOf(step, steps)} is ${shown(value)}; expected one of ${classes.join(", ")}, or a label from 0 to ${classes.length - 1}`,
      );
    row[sample] = label;
  }
}

const stepOf = (step: number, steps: readonly unknown[]) => (steps.length > 1 ? `, step ${step}` : "");

/** What looks the given values up, by step and unit. */
function rowsOf(where: string, given: unknown, steps: number, width: number): (step: number, unit: number) => unknown {
  if (steps * width === 1 && (typeof given === "number" || typeof given === "string")) return () => given;
  const list = given as ArrayLike<unknown> | undefined;
  const length = isList(list) ? list.length : undefined;
  if (isList(list) && length === steps && isList(list[0])) {
    const wrong = Array.from(list).findIndex((row) => !isList(row) || row.length !== width);
    if (wrong < 0) return (step, unit) => (list[step] as ArrayLike<unknown>)[unit];
    const row = list[wrong];
    throw new DataError(
      `${where}, step ${wrong} ${isList(row) ? `has ${row.length} values` : `is ${shown(row)}`}; expected ${width}`,
    );
  }
  if (isList(list) && length === steps * width && !isList(list[0])) return (step, unit) => list[step * width + unit];
  const rows = steps > 1 ? `${steps} steps of ${width}` : `${width}`;
  const units = length === width && isList(list?.[0]) && (list[0] as ArrayLike<unknown>).length === steps;
  throw new DataError(
    `${where} ${given === undefined ? "is missing" : isList(list) ? `has ${length} ${isList(list[0]) ? "rows" : "values"}` : `is ${shown(given)}`}; expected ${rows} ` +
      (width === 1 && steps === 1 ? "value" : "values") +
      (units && steps > 1 ? ", steps first, so transpose it" : ""),
  );
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
