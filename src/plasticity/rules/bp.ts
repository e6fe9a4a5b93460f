import { gradient } from "../gradient.ts";
import { defineRule } from "./rule.ts";

/**
 * Back-propagation: the gradient of the mean loss,
 *
 *   dW_ij = delta_i . h_j,   db_i = delta_i,   delta = local slope * (sum over targets of W' delta).
 *
 * In vector networks with one vector readout delta_i = g_i s_i e with scalar s_i, s_j = sum_i W_ij g_i s_i (s = 1 at the
 * readout); the errors' shared form finds this by itself.
 *
 * Plausible: nothing but the locality of the last product; errors travel backwards through the forward weights, layer by
 * layer, while activity waits.
 * Source: Rumelhart, Hinton & Williams 1986; Clark, Abbott & Chung 2021, section 3.
 */
export const bp = defineRule({
  kind: "bp",
  summary: "back-propagation: the gradient, carried back through the transposed weights",
  build: () => ({ updates: gradient }),
});
