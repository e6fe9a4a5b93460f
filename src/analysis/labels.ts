import { ShapeError } from "../compute/errors.ts";

/**
 * Lets labels pass only if there is one for every sample, or for every unit.
 *
 * @param score what the message calls the quantity that needs them
 * @param labelled what the labels are of
 * @throws ShapeError naming both numbers
 */
export function checkLabels(
  score: string,
  { count }: { readonly count: number },
  labels: ArrayLike<number>,
  labelled: "sample" | "unit" = "sample",
): void {
  if (labels.length === count) return;
  throw new ShapeError(
    `${score}: there are ${labels.length} labels for ${count} ${labelled}s, expected one a ${labelled}; check the selection`,
  );
}
