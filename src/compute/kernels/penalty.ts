import { above, below, choice, magnitude, plus, times } from "../expression.ts";
import { defineElementwise } from "./elementwise.ts";

/** result = l1 |values| + l2 values^2, element by element: what values cost by how large they are. */
export const penalty = defineElementwise({
  name: "penalty",
  inputs: ["values"],
  constants: ["l1", "l2"],
  result: ({ values }, { l1, l2 }) => plus(times(l1, magnitude(values)), times(times(l2, values), values)),
});

/** result = l1 sign(values) + 2 l2 values, the slope of `penalty`; 0 at 0. */
export const penaltySlope = defineElementwise({
  name: "penalty-slope",
  inputs: ["values"],
  constants: ["l1", "l2"],
  result({ values }, { l1, l2 }) {
    const sign = choice(above(values, 0), 1, choice(below(values, 0), -1, 0));
    return plus(times(l1, sign), times(times(2, l2), values));
  },
});
