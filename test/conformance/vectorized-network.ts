import * as z from "zod";
import { CaseTensor, expectCaseShape } from "./tensor.ts";

const Dense = z.strictObject({ type: z.literal("dense"), weight: CaseTensor, bias: CaseTensor });
const Gate = z.strictObject({ type: z.literal("gate"), t: CaseTensor });
const Gradient = z.strictObject({ weight: CaseTensor, bias: CaseTensor });

/** Types of layers that are checked so far. */
export const knownLayers: readonly string[] = ["dense", "gate"];

/**
 * Reference case of a vectorized network: dense layers, each but the last followed by a gate, read out from one vector
 * unit. The first weight is [units, K n_in], its column k n_in + j the input j of component k; the others [post, pre].
 */
export const VectorizedNetworkCase = z
  .strictObject({
    kind: z.literal("vectorized-network"),
    name: z.string(),
    vectorDim: z.int().min(2),
    /** Whether weights beyond the first layer are >= 0 and clamped there after each step. */
    nonnegative: z.boolean(),
    layers: z.array(z.discriminatedUnion("type", [Dense, Gate])).min(1),
    /** [batch, n_in] */
    input: CaseTensor,
    labels: z.array(z.int().min(0)),
    expect: z.strictObject({
      output: CaseTensor,
      /** Mean cross-entropy, nats. */
      loss: z.number(),
      /** softmax - one-hot, not weighted. */
      error: CaseTensor,
      /** What each layer puts out, [batch, K, units]. */
      layerOutputs: z.array(CaseTensor),
      /** Mean over the batch, for each dense layer. */
      gevb: z.array(Gradient),
      bp: z.array(Gradient),
      afterThreeAdamStepsGevb: z.array(Gradient),
    }),
  })
  .superRefine((reference, context) => {
    const { vectorDim: dimension, layers, input, labels, expect } = reference;
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message, input: undefined });
    const [batch, inputs] = input.shape;
    if (input.shape.length !== 2) return issue(["input"], `has ${input.shape.length} dimensions, expected 2`);
    if (labels.length !== batch) issue(["labels"], `has ${labels.length} entries for a batch of ${batch}`);
    if (labels.some((label) => label >= dimension)) issue(["labels"], `has a label of ${dimension} or more`);
    const dense = layers.filter((layer) => layer.type === "dense").length;
    for (const key of ["gevb", "bp", "afterThreeAdamStepsGevb"] as const)
      if (expect[key].length !== dense)
        return issue(["expect", key], `has ${expect[key].length} entries for ${dense} dense layers`);
    if (expect.layerOutputs.length !== layers.length)
      return issue(["expect", "layerOutputs"], `has ${expect.layerOutputs.length} entries for ${layers.length} layers`);

    let columns = dimension * inputs!;
    let units = 0;
    let order = -1;
    layers.forEach((layer, index) => {
      const path = ["layers", index];
      if (layer.type === "gate") {
        if (layers[index - 1]?.type !== "dense") issue(path, "is a gate, expected only after a dense layer");
        expectCaseShape(context, [...path, "t"], layer.t, [dimension, units]);
      } else {
        units = layer.weight.shape[0]!;
        order += 1;
        expectCaseShape(context, [...path, "weight"], layer.weight, [units, columns]);
        expectCaseShape(context, [...path, "bias"], layer.bias, [dimension, units]);
        for (const key of ["gevb", "bp", "afterThreeAdamStepsGevb"] as const)
          for (const part of ["weight", "bias"] as const)
            expectCaseShape(context, ["expect", key, order, part], expect[key][order]![part], layer[part].shape);
        columns = units;
      }
      expectCaseShape(context, ["expect", "layerOutputs", index], expect.layerOutputs[index]!, [
        batch!,
        dimension,
        units,
      ]);
    });
    if (layers.at(-1)!.type !== "dense" || units !== 1)
      issue(["layers", layers.length - 1], "is the readout, expected a dense layer of one unit");
    for (const key of ["output", "error"] as const)
      expectCaseShape(context, ["expect", key], expect[key], [batch!, dimension]);
  });
export type VectorizedNetworkCase = z.infer<typeof VectorizedNetworkCase>;
