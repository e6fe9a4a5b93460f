import { DataError, UsageError } from "../kinds/errors.ts";
import { checkLabels } from "./labels.ts";
import type { Matrix } from "./matrix.ts";
import { mean } from "./moments.ts";

/** Decisions beside what was right. */
export interface Decisions {
  /** Class decided for each sample, [samples], integers from 0 to classes - 1. */
  readonly predicted: ArrayLike<number>;
  /** Class of each sample, [samples], the same. */
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}

/** How good decisions are, each score from 0 to 1. */
export interface ClassificationScores {
  /** [classes, classes], counts; row: the class of the sample, column: the class decided. */
  readonly confusion: Matrix;
  /** Share of the samples that were decided rightly. */
  readonly accuracy: number;
  /** Mean recall (share of a class's samples decided rightly) over the classes that occur. */
  readonly balancedAccuracy: number;
  /**
   * Mean over classes of F1, the harmonic mean of precision and recall, 2 right / (occurring + decided). Classes that neither
   * occur nor are decided, of which nothing is known, are left out; one that is never decided rightly counts 0.
   */
  readonly macroF1: number;
}

/**
 * Scores of a classification.
 *
 * @throws ShapeError where there is not one label a decision
 * @throws UsageError where the number of classes is out of range
 * @throws DataError where there are no samples, or naming one whose class is not among the classes
 */
export function classificationScores({ predicted, labels, classes }: Decisions): ClassificationScores {
  if (!Number.isInteger(classes) || classes < 1) {
    throw new UsageError(`Classification scores: classes is ${classes}, expected an integer from 1 on; 10 for digits`);
  }
  const count = predicted.length;
  checkLabels("Classification scores", { count }, labels);
  if (count === 0) {
    throw new DataError("Classification scores: there are 0 samples, expected at least 1; check what was selected");
  }
  checkClasses(predicted, "predicted", classes);
  checkClasses(labels, "label", classes);

  const confusion = new Float64Array(classes * classes);
  const [occurring, decided] = [new Float64Array(classes), new Float64Array(classes)];
  for (let sample = 0; sample < count; sample++) {
    confusion[labels[sample]! * classes + predicted[sample]!]!++;
    occurring[labels[sample]!]!++;
    decided[predicted[sample]!]!++;
  }
  const right = Float64Array.from({ length: classes }, (_, each) => confusion[each * classes + each]!);
  const indices = [...right.keys()];
  const recalls = indices.filter((each) => occurring[each]! > 0).map((each) => right[each]! / occurring[each]!);
  const f1 = indices
    .filter((each) => occurring[each]! + decided[each]! > 0)
    .map((each) => (2 * right[each]!) / (occurring[each]! + decided[each]!));
  return {
    confusion: { shape: [classes, classes], data: confusion },
    accuracy: right.reduce((sum, value) => sum + value, 0) / count,
    balancedAccuracy: mean(recalls),
    macroF1: mean(f1),
  };
}

function checkClasses(values: ArrayLike<number>, name: string, classes: number): void {
  for (let sample = 0; sample < values.length; sample++) {
    const value = values[sample]!;
    if (Number.isInteger(value) && value >= 0 && value < classes) continue;
    throw new DataError(
      `Classification scores: ${name} of sample ${sample} is ${value}, expected an integer from 0 to ${classes - 1}; ` +
        "count classes from 0",
    );
  }
}
