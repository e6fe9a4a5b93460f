import { above, below, choice, minus, negative, plus, times } from "../expression.ts";
import { defineElementwise } from "./elementwise.ts";

/**
 * result = rates (1 - strength signal), element by element: a signal such as attention turns rates down. Linear in the
 * rates, so it also carries an error at its result back to them.
 */
export const modulate = defineElementwise({
  name: "modulate",
  family: "pointwise",
  inputs: ["rates", "signal"],
  constants: ["strength"],
  result: ({ rates, signal }, { strength }) => times(rates, minus(1, times(strength, signal))),
});

/** result = -strength error rates: the error at the signal of `modulate`, from the error at its result. */
export const modulationSlope = defineElementwise({
  name: "modulation-slope",
  family: "error",
  inputs: ["error", "rates"],
  constants: ["strength"],
  result: ({ error, rates }, { strength }) => times(times(negative(strength), error), rates),
});

/**
 * result = rates (1 - inhibition) + inhibition: where a place is inhibited (1) the signal is 1 whatever it was, elsewhere (0)
 * it stays. The error at the rates is `modulate` of the error by the inhibition, strength 1.
 */
export const inhibitReturn = defineElementwise({
  name: "inhibit-return",
  family: "pointwise",
  inputs: ["rates", "inhibition"],
  result: ({ rates, inhibition }) => plus(times(rates, minus(1, inhibition)), inhibition),
});

/** result = 1 where inhibition > 1/2 or signal < threshold, else 0: what has been attended is inhibited from now on. */
export const markAttended = defineElementwise({
  name: "mark-attended",
  family: "pointwise",
  inputs: ["inhibition", "signal"],
  constants: ["threshold"],
  result: ({ inhibition, signal }, { threshold }) =>
    choice(above(plus(inhibition, choice(below(signal, threshold), 1, 0)), 0.5), 1, 0),
});
