import * as z from "zod";
import { CaseTensor, expectCaseShape } from "./tensor.ts";

const Weights = z.record(z.string(), z.strictObject({ weight: CaseTensor, bias: CaseTensor }));

const Glimpse = z.strictObject({
  /** All but the last; attentionVN [batch, channels, height, width], the signal at the input of stage N, with some alone. */
  iterations: z.array(z.object({ logits: CaseTensor }).catchall(CaseTensor)),
  /** Of the last iteration, [batch, classes]. */
  logits: CaseTensor,
  /** Of the last iteration, [batch, channels, height, width]. */
  gatedInput: CaseTensor,
  selectedObject: z.array(z.int().min(0)),
  selectedLabel: z.array(z.int().min(0)),
  /** Mean cross-entropy, nats. */
  classLoss: z.number(),
  /** Mean squared error of the gated input, without the penalty. */
  maskLoss: z.number(),
  loss: z.number(),
  gradients: Weights.optional(),
});

/**
 * Reference case of a circuit with object-based attention, all maps channels first. Beside what is named here a glimpse holds
 * inhibitionOfReturnVN, 0 or 1, after it, for every stage.
 */
export const AttentionNetworkCase = z
  .strictObject({
    kind: z.literal("attention-network"),
    name: z.string(),
    strength: z.number().positive(),
    iterations: z.int().min(2),
    glimpses: z.int().min(1),
    maskPenalty: z.number().positive(),
    /** [channels, height, width] */
    inputShape: z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]),
    channels: z.array(z.int().min(1)).min(1),
    kernel: z.int().min(1),
    classes: z.int().min(2),
    input: CaseTensor,
    /** The scene as attention to each object would leave it, [batch, channels, height, width]. */
    objects: z.array(CaseTensor).min(1),
    /** By object, as the objects are, [batch] each. */
    labels: z.array(z.array(z.int().min(0))).min(1),
    /** As `parametersOfWeights` reads them, which checks their shapes. */
    weights: Weights,
    expect: z.strictObject({ glimpses: z.array(Glimpse.catchall(CaseTensor)) }),
  })
  .superRefine((reference, context) => {
    const { inputShape, classes, input, objects, labels, glimpses, iterations, expect } = reference;
    const batch = input.shape[0]!;
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message, input: undefined });
    expectCaseShape(context, ["input"], input, [batch, ...inputShape]);
    for (const [index, object] of objects.entries())
      expectCaseShape(context, ["objects", index], object, [batch, ...inputShape]);
    if (labels.length !== objects.length)
      issue(["labels"], `has ${labels.length} entries for ${objects.length} objects`);
    for (const [object, own] of labels.entries()) {
      if (own.length !== batch) issue(["labels", object], `has ${own.length} entries for a batch of ${batch}`);
      if (own.some((label) => label >= classes)) issue(["labels", object], `has a label of ${classes} or more`);
    }
    if (expect.glimpses.length !== glimpses)
      issue(["expect", "glimpses"], `has ${expect.glimpses.length} entries for ${glimpses} glimpses`);
    for (const [glimpse, { iterations: given, logits, gatedInput }] of expect.glimpses.entries()) {
      const path = ["expect", "glimpses", glimpse];
      if (given.length !== iterations - 1)
        issue([...path, "iterations"], `has ${given.length} entries, expected ${iterations - 1}: all but the last`);
      for (const [iteration, each] of given.entries())
        expectCaseShape(context, [...path, "iterations", iteration, "logits"], each.logits, [batch, classes]);
      expectCaseShape(context, [...path, "logits"], logits, [batch, classes]);
      expectCaseShape(context, [...path, "gatedInput"], gatedInput, [batch, ...inputShape]);
    }
  });
export type AttentionNetworkCase = z.infer<typeof AttentionNetworkCase>;
export type Glimpse = AttentionNetworkCase["expect"]["glimpses"][number];
