import type { WeightConstraint } from "../../src/circuits/constraints/constraint.ts";
import { builtIn } from "../../src/library.ts";

/** Constraints of which all weights of a projection have one sign, or any. */
export type PlainSign = "excitatory" | "inhibitory" | "mixed";

/** Whether a weight has a sign that a constraint allows. */
export const signAllows = (sign: string | undefined, weight: number): boolean => {
  if (sign === "excitatory") return weight >= 0;
  return sign === "inhibitory" ? weight <= 0 : !Number.isNaN(weight);
};

/** A constraint of a dense projection from one population to another. */
export const constraintOf = (
  sign: string,
  pre = 1,
  { post = 1, inhibitoryFraction = 0 }: { post?: number; inhibitoryFraction?: number } = {},
): WeightConstraint =>
  builtIn.build("constraint", sign, {
    source: { name: "pre", units: pre, inhibitoryFraction },
    weights: {
      shape: [post, pre],
      axes: ["post", "pre"],
      copies: 1,
      post,
      pre,
      postChannels: post,
      preChannels: pre,
    },
    topology: "dense",
  });
