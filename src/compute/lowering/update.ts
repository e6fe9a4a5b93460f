import { multiplyTransposed } from "../kernels/contraction.ts";
import { spreadVector } from "../kernels/gate.ts";
import { adamStep, momentumStep, sgdStep } from "../kernels/optimiser.ts";
import type { PlanStep } from "../step.ts";
import { allGiven, allMade, defineFused, type FusedKernel, given } from "./fused-kernel.ts";
import type { RewriteRule } from "./rewrite.ts";

/** Constants of an update: the sizes of its product. What the optimiser needs besides, its part tells. */
export interface UpdateSizes {
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  /** Where the left operand is a vector spread over units: how many. */
  readonly units?: number;
}

/** For each optimiser, by the name of its kernel, its step with the gradient made on the way. */
export const updateSteps: ReadonlyMap<string, FusedKernel<UpdateSizes>> = new Map(
  [sgdStep, momentumStep, adamStep].map(({ declaration: { name, inPlace } }) => [
    name,
    defineFused<UpdateSizes>(`update-${name}`, inPlace),
  ]),
);

interface Update {
  readonly optimiser: PlanStep;
  readonly product: PlanStep;
  readonly spread?: PlanStep;
}

/**
 * [Spread vector ->] left-transposed product -> optimiser's step is one step: a gradient is as large as the weights, and need not
 * be written out to be read once.
 */
export const update: RewriteRule<Update> = {
  name: "update",

  match(step, plan) {
    const product =
      updateSteps.has(step.kernel.name) && plan.maker(step.inputs.gradient!, multiplyTransposed.declaration.name);
    if (!product) return [];
    const alone = { optimiser: step, product };
    const spread = plan.maker(product.inputs.left!, spreadVector.declaration.name);
    // The left operand is [batch, dimension * units] only where it is read in the shape that spreading has given it.
    return spread && spread.inputShapes.vector![0] === multiplyTransposed.constantsOf(product).inner
      ? [{ ...alone, spread }, alone]
      : [alone];
  },

  replace({ optimiser, product, spread }) {
    const { gradient: _gradient, ...rest } = allGiven(optimiser);
    return {
      of: [optimiser, product, ...(spread ? [spread] : [])],
      as: updateSteps.get(optimiser.kernel.name)!.step({
        inputs: {
          ...rest,
          right: given(product, "right"),
          ...(spread ? allGiven(spread) : { left: given(product, "left") }),
        },
        outputs: allMade(optimiser),
        constants: {
          ...multiplyTransposed.constantsOf(product),
          ...(spread ? { units: spreadVector.constantsOf(spread).units } : {}),
        },
      }),
    };
  },
};
