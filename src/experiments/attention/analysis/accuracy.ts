import { classificationScores } from "../../../analysis/classification-scores.ts";
import type { AttentionRecord } from "../../../report/attention-record.ts";
import type { SceneGlimpses } from "./scene-glimpses.ts";

type Accuracy = Pick<
  AttentionRecord,
  "accuracy" | "asked" | "balancedAccuracy" | "macroF1" | "otherObject" | "iterations"
>;

/**
 * Counts how often glimpses name the object that they chose. Glimpses at which no object was left are not counted.
 *
 * _By iteration_: what the circuit reports at the end of time steps 1, 2, ..., beside the object that the glimpse chose in the
 * end. _Other object_: of scenes with several objects, the share in which the gated scene of the second glimpse is nearest to
 * another object than that of the first, with no object excluded, so that it says what inhibition of return does; 0 where no
 * scene has several, or there is one glimpse.
 */
export function accuracyCount(classes: number, steps: number) {
  const right: number[] = [];
  const asked: number[] = [];
  const rightBySteps = Array.from({ length: steps }, () => 0);
  const predicted: number[] = [];
  const labels: number[] = [];
  let several = 0;
  let moved = 0;
  return {
    see({ present, glimpses }: SceneGlimpses): void {
      for (const [index, glimpse] of glimpses.entries()) {
        if (!glimpse.asked) continue;
        const report = glimpse.reported.at(-1)!;
        asked[index] = (asked[index] ?? 0) + 1;
        right[index] = (right[index] ?? 0) + (report === glimpse.label ? 1 : 0);
        for (const [step, reported] of glimpse.reported.entries())
          if (reported === glimpse.label) rightBySteps[step]!++;
        predicted.push(report);
        labels.push(glimpse.label);
      }
      const [first, second] = glimpses;
      if (present.length < 2 || !first || !second) return;
      several++;
      if (first.nearest !== second.nearest) moved++;
    },
    result(): Accuracy {
      const { balancedAccuracy, macroF1 } = classificationScores({ predicted, labels, classes });
      return {
        accuracy: asked.map((count, index) => right[index]! / count),
        asked: [...asked],
        balancedAccuracy,
        macroF1,
        otherObject: several === 0 ? 0 : moved / several,
        iterations: rightBySteps.map((count, step) => ({ iteration: step + 1, accuracy: count / labels.length })),
      };
    },
  };
}
