import { relu } from "../kernels/gain.ts";
import { reluError } from "../kernels/gain-error.ts";
import { addBias } from "../kernels/pointwise.ts";
import { maxPoolTransport, type PoolSizes } from "../kernels/pooling.ts";
import type { PlanStep } from "../step.ts";
import { allGiven, defineFused, made } from "./fused-kernel.ts";
import type { Fusion, RewriteRule } from "./rewrite.ts";

/** result = max(drive + bias, 0), in the sizes of the bias. */
export const addBiasRelu = defineFused<ReturnType<typeof addBias.constantsOf>>("add-bias-relu", { result: "drive" });

/** result = the error that a max pool sends to its map where a rate there is above 0, else 0; in the sizes of the pool. */
export const maxPoolTransportRelu = defineFused<PoolSizes>("max-pool-transport-relu");

/** A step, and the rectification of its result. */
interface Rectified {
  readonly first: PlanStep;
  readonly rectification: PlanStep;
}

/**
 * Bias -> relu is one step, and max pool's transport -> relu's error at the same rates: maps are large, and each pass over them
 * costs as much as what it does.
 */
export const rectified: RewriteRule<Rectified> = {
  name: "rectified",

  match(step, plan) {
    if (step.kernel.name === relu.declaration.name) {
      const first = plan.maker(step.inputs.values!, addBias.declaration.name);
      return first ? [{ first, rectification: step }] : [];
    }
    if (step.kernel.name === reluError.declaration.name) {
      const first = plan.maker(step.inputs.error!, maxPoolTransport.declaration.name);
      return first && first.inputs.rates === step.inputs.rates ? [{ first, rectification: step }] : [];
    }
    return [];
  },

  replace({ first, rectification }): Fusion {
    const operands = {
      inputs: allGiven(first),
      // In the shape of the first step: rectification may have read its result in another.
      outputs: { result: { ...made(first, "result"), id: rectification.outputs.result! } },
    };
    return {
      of: [first, rectification],
      as:
        first.kernel.name === addBias.declaration.name
          ? addBiasRelu.step({ ...operands, constants: addBias.constantsOf(first) })
          : maxPoolTransportRelu.step({ ...operands, constants: maxPoolTransport.constantsOf(first) }),
    };
  },
};
