import * as z from "zod";

// Kernels hold settings in float32, where 1e39 is infinity, 1e-46 is 0 and 0.99999999 is 1, and GPUs take what is below the
// smallest normal number for 0. A setting that changes so is refused where it is read.

const smallest = 2 ** -126;
/** Largest float32. */
export const largestSingle = (2 - 2 ** -23) * 2 ** 127;

/** Whether a positive number is one in float32 too, on every device. */
export function isPositiveSingle(value: number): boolean {
  const held = Math.fround(value);
  return held >= smallest && held <= largestSingle;
}

/** The schema of a number above 0 that kernels hold. */
export const positiveSingle = z
  .number()
  .positive()
  .refine(isPositiveSingle, "expected a number from 1.2e-38 to 3.4e38, as kernels hold it in single precision");

/** The schema of a number of at least 0 that kernels hold. */
export const nonNegativeSingle = z
  .number()
  .min(0)
  .refine(
    (value) => value === 0 || isPositiveSingle(value),
    "expected 0 or a number from 1.2e-38 to 3.4e38, as kernels hold it in single precision",
  );

/** The schema of a share from 0 to below 1: what is kept where something has to be added. */
export const shareBelowOne = z
  .number()
  .min(0)
  .lt(1)
  .refine(
    (value) => Math.fround(value) < 1,
    "expected a number from 0 to 0.99999994, the largest below 1 in single precision",
  );
