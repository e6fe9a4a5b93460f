import * as z from "zod";
import { caseShape, checkLayers, checkParameters, Layer, Parameters, placesOf } from "./layers.ts";
import { CaseTensor, expectCaseShape } from "./tensor.ts";

const common = {
  name: z.string(),
  /** Whether weights beyond the first layer are >= 0 and clamped there after each step. */
  nonnegative: z.boolean(),
  layers: z.array(Layer).min(1),
  /** [batch, n_in] or [batch, channels, height, width] */
  input: CaseTensor,
  labels: z.array(z.int().min(0)),
};
const outcome = {
  /** [batch, classes] */
  output: CaseTensor,
  /** Mean cross-entropy, nats. */
  loss: z.number(),
  /** softmax - one-hot, not weighted. */
  error: CaseTensor,
  /** Mean over the batch, for each layer with weights. */
  bp: z.array(Parameters),
};

/** Reference case of a vectorized network, read out from one vector unit, with updates by GEVB. */
export const VectorizedNetworkCase = z
  .strictObject({
    kind: z.literal("vectorized-network"),
    ...common,
    vectorDim: z.int().min(2),
    expect: z.strictObject({
      ...outcome,
      /** What each layer puts out, [batch, K, ...]. */
      layerOutputs: z.array(CaseTensor),
      gevb: z.array(Parameters),
      afterThreeAdamStepsGevb: z.array(Parameters),
    }),
  })
  .superRefine((reference, context) => {
    const { vectorDim: dimension, layers, input, expect } = reference;
    if (!checkBatch(context, reference, dimension)) return;
    checkLayers(context, layers, input, dimension);
    for (const key of ["gevb", "bp", "afterThreeAdamStepsGevb"] as const)
      checkParameters(context, key, expect[key], layers);
    if (expect.layerOutputs.length !== layers.length)
      return issue(
        context,
        ["expect", "layerOutputs"],
        `has ${expect.layerOutputs.length} entries for ${layers.length} layers`,
      );
    placesOf(layers, input).forEach(({ behind }, index) => {
      const expected = [input.shape[0]!, dimension, ...caseShape(behind)];
      expectCaseShape(context, ["expect", "layerOutputs", index], expect.layerOutputs[index]!, expected);
    });
    const last = layers.at(-1)!;
    if (last.type !== "dense" || last.weight.shape[0] !== 1)
      issue(context, ["layers", layers.length - 1], "is the readout, expected a dense layer of one unit");
  });
export type VectorizedNetworkCase = z.infer<typeof VectorizedNetworkCase>;

/** Reference case of a network of scalar units, read out from one unit a class, with updates by DFA. */
export const ConventionalNetworkCase = z
  .strictObject({
    kind: z.literal("conventional-network"),
    ...common,
    /** DFA's matrix, [classes, units of the largest layer]; a layer of N units takes the first N columns, channels first. */
    feedback: CaseTensor,
    expect: z.strictObject({ ...outcome, dfa: z.array(Parameters) }),
  })
  .superRefine((reference, context) => {
    const { layers, input, expect } = reference;
    const last = layers.at(-1)!;
    const classes = last.type === "dense" ? last.weight.shape[0]! : 0;
    if (classes < 2)
      return issue(context, ["layers", layers.length - 1], "is the readout, expected a dense layer of a unit a class");
    if (!checkBatch(context, reference, classes)) return;
    checkLayers(context, layers, input, 1);
    for (const key of ["bp", "dfa"] as const) checkParameters(context, key, expect[key], layers);
    const sizes = placesOf(layers, input)
      .slice(0, -1)
      .map(({ behind }) => behind.channels * behind.height * behind.width);
    const largest = Math.max(...sizes);
    const columns = Math.max(largest, reference.feedback.shape[1] ?? 0);
    expectCaseShape(context, ["feedback"], reference.feedback, [classes, columns]);
  });
export type ConventionalNetworkCase = z.infer<typeof ConventionalNetworkCase>;

function issue(context: z.core.$RefinementCtx, path: (string | number)[], message: string): void {
  context.addIssue({ code: "custom", path, message, input: undefined });
}

/** Checks stimuli, labels and what is read out; false where the rest cannot be checked. */
function checkBatch(
  context: z.core.$RefinementCtx,
  { input, labels, expect }: { input: CaseTensor; labels: number[]; expect: { output: CaseTensor; error: CaseTensor } },
  classes: number,
): boolean {
  const dimensions = input.shape.length;
  if (dimensions !== 2 && dimensions !== 4) {
    issue(context, ["input"], `has ${dimensions} dimensions, expected 2 or 4`);
    return false;
  }
  const batch = input.shape[0]!;
  if (labels.length !== batch) issue(context, ["labels"], `has ${labels.length} entries for a batch of ${batch}`);
  if (labels.some((label) => label >= classes)) issue(context, ["labels"], `has a label of ${classes} or more`);
  for (const key of ["output", "error"] as const)
    expectCaseShape(context, ["expect", key], expect[key], [batch, classes]);
  return true;
}
