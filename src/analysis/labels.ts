import { DataError, ShapeError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";

/**
 * Lets labels pass only if there is one for every sample, or for every unit, and each is a finite number.
 *
 * @param score what the message calls the quantity that needs them
 * @param labelled what the labels are of
 * @throws ShapeError naming both numbers
 * @throws DataError naming the first that is no finite number, also one that is missing from an array
 */
export function checkLabels(
  score: string,
  { count }: { readonly count: number },
  labels: ArrayLike<number>,
  labelled: "sample" | "unit" = "sample",
): void {
  if (labels.length !== count) {
    throw new ShapeError(
      `${score}: there are ${labels.length} labels for ${count} ${labelled}s, expected one a ${labelled}; check the selection`,
    );
  }
  for (let index = 0; index < count; index++) {
    if (Number.isFinite(labels[index])) continue;
    throw new DataError(
      `${score}: label of ${labelled} ${index} is ${shown(labels[index])}, expected a finite number; give every ` +
        `${labelled} a class, or leave it out`,
    );
  }
}
