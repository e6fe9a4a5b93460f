import { isWeighted, type Network } from "../circuits/network.ts";
import type { Results } from "../compute/executor.ts";
import { rowDirections, rowLargest, rowSquares, scaleToLength, scaleToOne } from "../compute/kernels/direction.ts";
import { rowProducts, rowSignAgreements, sumPositions } from "../compute/kernels/reduction.ts";
import { sizeOf } from "../compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../compute/trace.ts";
import type { Alignment } from "../records/learning-record.ts";
import { gradient } from "./gradient.ts";
import type { PlasticCircuit } from "./plastic-circuit.ts";
import type { LearningRule } from "./rules/rule.ts";
import { updatesOf } from "./updates-of.ts";

/**
 * Traces, for every projection, the sums from which angle and sign agreement between the rule's update and the
 * gradient (back-propagation in the same network and batch) are found.
 */
export function traceAlignment(trace: Trace, network: Network, circuit: PlasticCircuit, rule: LearningRule): void {
  const updates = updatesOf(rule, network, circuit);
  const gradients = gradient(circuit);
  for (const projection of network.projections.filter(isWeighted)) {
    const { name, weight, weights } = projection;
    const update = updates.get(weight);
    const slope = gradients.get(weight);
    if (!update || !slope) continue;
    const { shape, pre: columns } = weights;
    const rows = (tensor: Tensor) => reshape(tensor, [sizeOf(shape) / columns, columns]);
    traceAgreement(trace, name, rows(update), rows(slope));
    const mask = circuit.mask(projection);
    if (mask) trace.output(connectionsName(name), rowProducts({ left: rows(mask), right: rows(mask) }).sums);
  }
}

/** Name of the output that counts, row by row, which of a projection's weights exist; absent where all do. */
const connectionsName = (projection: string): string => `${projection}/connections`;

/** Alignment by projection name, from the results of a plan with `traceAlignment` in it. */
export function readAlignment(network: Network, results: Results): Record<string, Alignment> {
  const found: Record<string, Alignment> = {};
  for (const { name, weights } of network.projections.filter(isWeighted))
    if (results[`${name}/agreements`]) found[name] = readAgreement(results, name, sizeOf(weights.shape));
  return found;
}

/**
 * Traces the sums from which `readAgreement` finds how two vectors lie to each other: of u = left / |left| and
 * v = right / |right| the squares of u - v and u + v, row by row, and how many signs are the same.
 *
 * @param left [rows, columns]
 * @param right of the same shape
 */
export function traceAgreement(trace: Trace, name: string, left: Tensor, right: Tensor): void {
  const leftFactors = unitFactors(left);
  const { apart, together } = rowDirections({ left, right, leftFactors, rightFactors: unitFactors(right) });
  trace.output(`${name}/apart`, apart);
  trace.output(`${name}/together`, together);
  trace.output(`${name}/agreements`, rowSignAgreements({ left, right }).counts);
}

/** Factors that bring a vector to length 1, over the whole range of float32. */
function unitFactors(values: Tensor): Tensor {
  const [rows] = values.shape as [number];
  const { largest: ofRows } = rowLargest({ values });
  const { largest } = rowLargest({ values: reshape(ofRows, [1, rows]) });
  const { factors } = scaleToOne({ largest });
  const { sums } = rowSquares({ values, factors });
  const squares = reshape(sumPositions({ values: reshape(sums, [1, rows, 1]) }).sums, [1]);
  return scaleToLength({ factors, squares }).result;
}

/**
 * How two vectors of `size` elements lie to each other, from the results of a plan with `traceAgreement` in it. The angle is
 * 2 atan2(|u - v|, |u + v|), which unlike an arc cosine stays exact near 0 and 180 degrees; see `angleDegrees`. Where
 * only some of the elements exist, all others are 0 in both, and their signs are not counted.
 */
export function readAgreement(results: Results, name: string, size: number): Alignment {
  const total = (output: string) => results[`${name}/${output}`]!.reduce((sum, value) => sum + value, 0);
  const [apart, together] = [total("apart"), total("together")];
  // 4 of two unit vectors; 2 where one is zero, 0 where both are; NaN where one is not finite.
  const compared = apart + together > 3;
  if (!compared) return { angle: null, signAgreement: null };
  const missing = results[connectionsName(name)] ? size - total("connections") : 0;
  return {
    angle: (2 * Math.atan2(Math.sqrt(apart), Math.sqrt(together)) * 180) / Math.PI,
    signAgreement: (total("agreements") - missing) / (size - missing),
  };
}
