import { defineConstraint, unbounded } from "./constraint.ts";

/** Weights of either sign, which no synapse is known to change. */
export const mixed = defineConstraint({
  kind: "mixed",
  summary: "weights of either sign",
  build: () => ({
    signFrom: () => 0,
    bounds: { minimum: -unbounded, maximum: unbounded },
    allowed: "weights of either sign",
  }),
});
