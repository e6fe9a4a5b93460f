import { relu } from "../../kernels/gain.ts";
import { reluError } from "../../kernels/gain-error.ts";
import { addBias } from "../../kernels/pointwise.ts";
import { maxPoolTransport } from "../../kernels/pooling.ts";
import type { ExecutablePlan } from "../../plan.ts";
import type { Step } from "../../trace.ts";
import { Uses } from "../uses.ts";

/** Names of the steps that `fuseRectified` makes. */
export const rectifiedSteps = { addBias: "add-bias-relu", maxPoolTransport: "max-pool-transport-relu" };

/**
 * Replaces bias -> relu by one step, and max pool's transport -> relu's error at the same rates, where nothing else needs the
 * value between: maps are large, and each pass over them costs as much as what it does.
 */
export function fuseRectified(plan: ExecutablePlan): ExecutablePlan {
  const uses = new Uses(plan);
  const replaced = new Set<Step>();
  const fused = new Map<Step, Step>();
  for (const step of plan.steps) {
    const found = rectified(step, uses);
    if (!found) continue;
    replaced.add(found.before);
    fused.set(step, { ...found.before, kernel: found.kernel, outputs: step.outputs });
  }
  return { ...plan, steps: plan.steps.flatMap((step) => fused.get(step) ?? (replaced.has(step) ? [] : [step])) };
}

function rectified(step: Step, uses: Uses): { before: Step; kernel: Step["kernel"] } | undefined {
  const before = (input: string, kernel: string) =>
    uses.onlyBy(step.inputs[input]!, [step]) ? uses.maker(step.inputs[input]!, kernel) : undefined;
  if (step.kernel.name === relu.declaration.name) {
    const biased = before("values", addBias.declaration.name);
    return biased && { before: biased, kernel: { name: rectifiedSteps.addBias, inPlace: { result: "drive" } } };
  }
  if (step.kernel.name === reluError.declaration.name) {
    const sent = before("error", maxPoolTransport.declaration.name);
    if (sent && sent.inputs.rates === step.inputs.rates)
      return { before: sent, kernel: { name: rectifiedSteps.maxPoolTransport } };
  }
  return undefined;
}
