import { defineConstraint, unbounded } from "./constraint.ts";

/** Weights <= 0. */
export const inhibitory = defineConstraint({
  kind: "inhibitory",
  summary: "weights <= 0",
  build: () => ({ signFrom: () => -1, bounds: { minimum: -unbounded, maximum: 0 }, allowed: "weights <= 0" }),
});
