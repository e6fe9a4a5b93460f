import { contractionTransposes, multiplyMatrices } from "../kernels/contraction.ts";
import { sizeOf } from "../shape.ts";
import { isFused, type PlanStep, type TracedStep } from "../step.ts";
import { defineFused, type Operand } from "./fused-kernel.ts";
import type { RewriteRule } from "./rewrite.ts";

/** Steps that follow one another, run as one graph. It has no sizes of its own: its parts are all that there is to know. */
export const stretch = defineFused<Readonly<Record<string, never>>>("stretch");

/** Name of a value among the inputs and outputs of a stretch. */
export const nameOf = (id: number): string => `value-${id}`;

/** Multiplications up to which a product joins a stretch: a larger product takes far longer than the call of a library. */
const largestProduct = 2 ** 25;
/** Elements up to which a value stays in the second cache from one step to the next, and is soon copied when it is handed out. */
const largestValue = 2 ** 18;

interface Stretch {
  readonly steps: readonly PlanStep[];
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
}

/**
 * Small steps that follow one another, products among them, are one step, which hands out the values that others need: the time
 * steps of recurrent populations, forwards and back, and updates summed over them.
 *
 * @param takes whether whoever runs stretches can run a step as part of one
 */
export function stretches(takes: (step: TracedStep) => boolean): RewriteRule<Stretch> {
  const joins = (step: PlanStep): step is TracedStep => !isFused(step) && isSmallStep(step) && takes(step);
  return {
    name: "stretch",
    // Updates of small projections belong to the stretch that they are made in, where there is one.
    before: ["update", "rectified"],

    match(step, plan) {
      const next = plan.neighbour(step, 1);
      if (!joins(step) || (next && joins(next))) return [];
      const backwards: PlanStep[] = [];
      for (let at: PlanStep | undefined = step; at && joins(at); at = plan.neighbour(at, -1)) backwards.push(at);
      const steps = backwards.reverse();
      return steps.length > 1 && steps.some(isProduct) ? [{ steps, ...plan.boundary(steps) }] : [];
    },

    replace({ steps, inputs, outputs }) {
      const named = (operands: readonly Operand[]) =>
        Object.fromEntries(operands.map((operand) => [nameOf(operand.id), operand]));
      return { of: steps, as: stretch.step({ inputs: named(inputs), outputs: named(outputs), constants: {} }) };
    },
  };
}

const isProduct = ({ kernel }: PlanStep) => kernel.name in contractionTransposes;

/** Whether a step is small enough to be part of a stretch. */
function isSmallStep(step: PlanStep): boolean {
  if (Object.values(step.outputShapes).some((shape) => sizeOf(shape) > largestValue)) return false;
  if (!isProduct(step)) return true;
  const { rows, columns, inner } = multiplyMatrices.constantsOf(step);
  return rows * columns * inner <= largestProduct;
}
