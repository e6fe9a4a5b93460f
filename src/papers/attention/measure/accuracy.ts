import { classificationScores } from "../../../analysis/classification-scores.ts";
import type { AttentionRecord } from "../attention-record.ts";
import type { SceneGlimpses } from "./scene-glimpses.ts";

/** Glimpses at which an object was left, and those that named it. */
interface GlimpseTally {
  asked: number;
  right: number;
}

type Accuracy = Pick<
  AttentionRecord,
  "accuracy" | "asked" | "balancedAccuracy" | "macroF1" | "otherObject" | "iterations"
>;

/**
 * Counts how often glimpses name the object that they chose. Glimpses at which no object was left are not counted.
 *
 * _By iteration_: what the circuit reports at the end of time steps 1, 2, ..., beside the object that the glimpse chose in the
 * end. _Other object_: of scenes with several objects, the share in which the gated scene of the second glimpse is nearest to
 * another object than that of the first, with no object excluded, so that it says what inhibition of return does; null
 * where no scene has several, or there is one glimpse.
 */
export function accuracyCount(classes: number, steps: number) {
  const byGlimpse: GlimpseTally[] = [];
  const rightBySteps = Array.from({ length: steps }, () => 0);
  const predicted: number[] = [];
  const labels: number[] = [];
  let several = 0;
  let moved = 0;
  return {
    see({ present, glimpses }: SceneGlimpses): void {
      for (const [index, glimpse] of glimpses.entries()) {
        byGlimpse[index] ??= { asked: 0, right: 0 };
        if (!glimpse.asked) continue;
        const report = glimpse.reported.at(-1)!;
        byGlimpse[index].asked++;
        if (report === glimpse.label) byGlimpse[index].right++;
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
        accuracy: byGlimpse.map(({ asked, right }) => (asked === 0 ? null : right / asked)),
        asked: byGlimpse.map(({ asked }) => asked),
        balancedAccuracy,
        macroF1,
        otherObject: several === 0 ? null : moved / several,
        iterations: rightBySteps.map((count, step) => ({ iteration: step + 1, accuracy: count / labels.length })),
      };
    },
  };
}
