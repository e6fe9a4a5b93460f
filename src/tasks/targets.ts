/** Weights of a target: how much each step, or each value at each step, counts in the loss and in every metric. */
export interface TargetWeights {
  /** Time steps with weights of their own; 1: the same weights at all. */
  readonly steps: number;
  /** 1: one weight for a step, [batch]; the target's units: one for each value, [batch, units]. */
  readonly units: number;
}

interface SomeTarget {
  /** What is to be reported, as messages call it: "choice", "eye position". */
  readonly name: string;
  /** Time steps that have a target of their own; 1: one target for the whole trial. */
  readonly steps: number;
  /**
   * Which of it is asked, and with what weight: 0 is not asked, and has no influence on any update and any metric. Absent:
   * everything is, with weight 1.
   */
  readonly weights?: TargetWeights;
}

/** A class, by its label: a whole number from 0 to classes - 1. */
export interface ClassTarget extends SomeTarget {
  readonly kind: "class";
  readonly classes: number;
}

/** Values of units, such as the two coordinates of a place. */
export interface ValueTarget extends SomeTarget {
  readonly kind: "values";
  readonly units: number;
}

/** One thing that a trial asks a circuit to report, by the report of the same index. */
export type TargetShape = ClassTarget | ValueTarget;

/** One target of the samples of a batch; padding is 0. */
export interface BatchTarget {
  /** By time step, labels as floats [batch] or values [batch, units]. */
  readonly values: readonly Float32Array[];
  /** By time step, [batch] or [batch, units], from 0 on; absent where the target's shape has none. */
  readonly weights?: readonly Float32Array[];
}

/** The one label of a trial. */
export const classTarget = (classes: number, name = "class"): ClassTarget => ({
  kind: "class",
  name,
  classes,
  steps: 1,
});

/** Units of a readout that reports a target: one a class, or one a value. */
export const unitsOfTarget = (target: TargetShape): number => (target.kind === "class" ? target.classes : target.units);

/** How many numbers a target of a batch holds, by time step: values, and weights where it has any. */
export function sizesOfTarget(target: TargetShape, batch: number): readonly [number[], number[]] {
  const columns = (steps: number, units: number) => Array.from({ length: steps }, () => batch * units);
  const { kind, steps, weights } = target;
  return [columns(steps, kind === "class" ? 1 : target.units), weights ? columns(weights.steps, weights.units) : []];
}

/** Room for a target of a batch. */
export function allocateTarget(target: TargetShape, batch: number): BatchTarget {
  const [values, weights] = sizesOfTarget(target, batch).map((sizes) => sizes.map((size) => new Float32Array(size)));
  return { values: values!, ...(target.weights && { weights: weights! }) };
}
