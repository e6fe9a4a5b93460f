import { multiply } from "../../compute/kernels/pointwise.ts";
import { addScaled, scaleRows } from "../../compute/kernels/scaling.ts";
import { reshape, type Tensor } from "../../compute/trace.ts";
import type { PlasticCircuit } from "../plastic-circuit.ts";

/**
 * Scalar reward: one number for each sample, how much better or worse things went than expected, broadcast to every
 * unit of every population. It says nothing of which unit was to blame; a unit finds that out by correlating it with
 * its own fluctuations.
 * Sources: Williams 1992; Fremaux & Gerstner 2016.
 *
 * @param loss loss of each sample, [batch]
 * @param expected loss that was expected of it, [batch]
 * @returns (loss - expected), weighted per sample, [batch]
 */
export function scalarReward(circuit: PlasticCircuit, loss: Tensor, expected: Tensor): Tensor {
  const surprise = addScaled({ left: loss, right: expected }, { factor: -1 }).result;
  return multiply({ left: surprise, right: circuit.weights }).result;
}

/** factor reward[b] fluctuation[b, k, n]: what a unit makes of the reward. */
export function correlate(reward: Tensor, fluctuation: Tensor, factor: number): Tensor {
  const [batch, dimension, units] = fluctuation.shape as [number, number, number];
  const values = reshape(fluctuation, [batch, dimension * units]);
  return reshape(scaleRows({ values, scales: reward }, { factor }).result, fluctuation.shape);
}
