import type { Evaluation } from "../records/learning-record.ts";
import type { Condition } from "./conditions.ts";

/** One step at which a condition was evaluated. */
export interface StepEvaluations {
  step: number;
  epoch: number;
  set: Evaluation["set"];
  /** One per seed that was still training. */
  evaluations: readonly Evaluation[];
}

/**
 * The evaluations of a condition by step, ascending. Only steps count at which every seed that was still training was
 * evaluated: a mean over now these seeds and now those would draw their differences as if they were learning.
 */
export function stepsOf({ runs }: Condition): StepEvaluations[] {
  const bySeed = runs.map(({ evaluations }) => ({
    at: new Map(evaluations.map((each) => [`${each.step} ${each.set}`, each])),
    last: evaluations.at(-1)?.step ?? -1,
  }));
  const all = new Map(bySeed.flatMap(({ at }) => [...at]));
  const steps = [...all].flatMap(([key, { step, epoch, set }]) => {
    const training = bySeed.filter(({ last, at }) => last >= step || at.has(key));
    if (training.some(({ at }) => !at.has(key))) return [];
    return { step, epoch, set, evaluations: training.map(({ at }) => at.get(key)!) };
  });
  return steps.sort((a, b) => a.step - b.step);
}

/** Whether some condition was evaluated more than once, so that there is a course to draw. */
export function haveCourse(conditions: readonly Condition[]): boolean {
  return conditions.some((condition) => stepsOf(condition).length > 1);
}
