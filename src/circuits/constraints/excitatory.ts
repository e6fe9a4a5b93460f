import { defineConstraint, unbounded } from "./constraint.ts";

/** Weights >= 0. */
export const excitatory = defineConstraint({
  kind: "excitatory",
  summary: "weights >= 0",
  build: () => ({ signFrom: () => 1, bounds: { minimum: 0, maximum: unbounded }, allowed: "weights >= 0" }),
});
