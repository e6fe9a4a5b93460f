import { ShapeError } from "../compute/errors.ts";
import type { Distances } from "./distances.ts";

/**
 * Lets labels pass only if there is one for every sample.
 *
 * @param score what the message calls the quantity that needs them
 * @throws ShapeError naming both numbers
 */
export function checkLabels(score: string, { count }: Distances, labels: ArrayLike<number>): void {
  if (labels.length === count) return;
  throw new ShapeError(
    `${score}: there are ${labels.length} labels for ${count} samples, expected one a sample; check the selection`,
  );
}
