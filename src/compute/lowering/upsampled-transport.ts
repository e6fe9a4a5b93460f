import { convolutionTransport } from "../kernels/convolution.ts";
import { add, addBias } from "../kernels/pointwise.ts";
import { upsampleNearest } from "../kernels/upsample.ts";
import type { PlanStep } from "../step.ts";
import { defineFused, given, made, numbered, type Operand } from "./fused-kernel.ts";
import type { PlanReader } from "./plan-reader.ts";
import type { RewriteRule } from "./rewrite.ts";
import { sameWindow, type UpsampledSizes, type UpsampledWindow, upsampledWindow } from "./upsampled-sizes.ts";

/** With x a map, up(x) its nearest upsampling and W filters: the sum over sources of transport(up(x), W) [+ bias]. */
export const upsampledTransport = defineFused<UpsampledSizes>("upsampled-transport");

/** Transports of upsampled maps that are added. */
interface Sum {
  readonly window: UpsampledWindow;
  readonly rates: readonly Operand[];
  readonly weights: readonly Operand[];
  readonly bias?: Operand;
  /** The last of them makes the sum. */
  readonly steps: readonly [...PlanStep[], PlanStep];
}

/**
 * Nearest upsampling and the transposed convolutions that read it are one step, and sums of them: what is done at every site of
 * the larger map is done once for every site of the smaller one.
 */
export const upsampledTransports: RewriteRule<Sum> = {
  name: "upsampled-transport",
  // Both take sums and biases.
  before: ["stretch", "rectified"],
  remakes: [upsampleNearest.declaration.name],

  match(step, plan) {
    const sum = sumAt(step, plan);
    return sum ? [sum] : [];
  },

  replace({ window, rates, weights, bias, steps }) {
    const inputs = { ...numbered("rates", rates), ...numbered("weight", weights), ...(bias ? { bias } : {}) };
    return {
      of: steps,
      as: upsampledTransport.step({
        inputs,
        outputs: { result: made(steps.at(-1)!, "result") },
        constants: { ...window, sources: rates.length, updates: 0 },
      }),
    };
  },
};

/** The sum that a step ends. */
function sumAt(step: PlanStep, plan: PlanReader): Sum | undefined {
  switch (step.kernel.name) {
    case convolutionTransport.declaration.name:
      return oneOf(step, plan);
    case addBias.declaration.name:
      return withBias(step, plan);
    case add.declaration.name:
      return together(step, plan);
    default:
      return undefined;
  }
}

function oneOf(step: PlanStep, plan: PlanReader): Sum | undefined {
  const up = plan.maker(step.inputs.error!, upsampleNearest.declaration.name);
  const window = up && upsampledWindow(step, up);
  return window && { window, rates: [given(up, "rates")], weights: [given(step, "weight")], steps: [up, step] };
}

function withBias(step: PlanStep, plan: PlanReader): Sum | undefined {
  const sum = ownSum("drive", step, plan);
  const { dimension, period } = addBias.constantsOf(step);
  if (!sum || sum.bias || dimension !== 1 || period !== sum.window.channels) return undefined;
  return { ...sum, bias: given(step, "bias"), steps: [...sum.steps, step] };
}

function together(step: PlanStep, plan: PlanReader): Sum | undefined {
  if (step.inputs.left === step.inputs.right) return undefined;
  const [left, right] = [ownSum("left", step, plan), ownSum("right", step, plan)];
  if (!left || !right || (left.bias && right.bias) || !sameWindow(left.window, right.window)) return undefined;
  const bias = left.bias ?? right.bias;
  return {
    window: left.window,
    rates: [...left.rates, ...right.rates],
    weights: [...left.weights, ...right.weights],
    ...(bias ? { bias } : {}),
    steps: [...left.steps, ...right.steps, step],
  };
}

/** The sum that a step reads under a name and nothing else does. */
function ownSum(name: string, step: PlanStep, plan: PlanReader): Sum | undefined {
  const id = step.inputs[name]!;
  const maker =
    plan.onlyBy(id, step) &&
    plan.maker(id, convolutionTransport.declaration.name, addBias.declaration.name, add.declaration.name);
  return maker ? sumAt(maker, plan) : undefined;
}
