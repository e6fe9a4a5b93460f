import { defineElementwise } from "./elementwise.ts";

/** result = l1 |values| + l2 values^2, element by element: what values cost by how large they are. */
export const penalty = defineElementwise({
  name: "penalty",
  inputs: ["values"],
  constants: ["l1", "l2"],
  operations: 5,
  body: function (values) {
    const value = values[this.thread.y * this.constants.columns + this.thread.x]!;
    return this.constants.l1 * Math.abs(value) + this.constants.l2 * value * value;
  },
});

/** result = l1 sign(values) + 2 l2 values, the slope of `penalty`; 0 at 0. */
export const penaltySlope = defineElementwise({
  name: "penalty-slope",
  inputs: ["values"],
  constants: ["l1", "l2"],
  operations: 5,
  body: function (values) {
    const value = values[this.thread.y * this.constants.columns + this.thread.x]!;
    const sign = value > 0 ? 1 : value < 0 ? -1 : 0;
    return this.constants.l1 * sign + 2 * this.constants.l2 * value;
  },
});
