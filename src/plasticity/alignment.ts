import { isWeighted, type Network } from "../circuits/network.ts";
import type { Results } from "../compute/executor.ts";
import { rowProducts, rowSignAgreements } from "../compute/kernels/reduction.ts";
import { sizeOf } from "../compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../compute/trace.ts";
import { gradient } from "./gradient.ts";
import type { PlasticCircuit } from "./plastic-circuit.ts";
import type { LearningRule } from "./rules/rule.ts";

/** How a rule's update of a projection's weights lies to the gradient of the loss, for one batch. */
export interface Alignment {
  /** Angle between them, degrees, 0 to 180. Where one of them is zero it is 90: it says nothing of the other. */
  angle: number;
  /** Share of the weights where both have the same sign (both 0 counts), 0 to 1. */
  signAgreement: number;
}

/**
 * Traces, for every projection, the row sums from which angle and sign agreement between the rule's update and the
 * gradient (back-propagation in the same network and batch) are found.
 */
export function traceAlignment(trace: Trace, network: Network, circuit: PlasticCircuit, rule: LearningRule): void {
  const updates = rule.updates(circuit);
  const gradients = gradient(circuit);
  for (const { name, weight, weights } of network.projections.filter(isWeighted)) {
    const update = updates.get(weight);
    const slope = gradients.get(weight);
    if (!update || !slope) continue;
    const { shape, pre: columns } = weights;
    const rows = (tensor: Tensor) => reshape(tensor, [sizeOf(shape) / columns, columns]);
    const pair = { left: rows(update), right: rows(slope) };
    trace.output(`${name}/update.gradient`, rowProducts(pair).sums);
    trace.output(`${name}/update.update`, rowProducts({ left: pair.left, right: pair.left }).sums);
    trace.output(`${name}/gradient.gradient`, rowProducts({ left: pair.right, right: pair.right }).sums);
    trace.output(`${name}/agreements`, rowSignAgreements(pair).counts);
  }
}

/** Alignment by projection name, from the results of a plan with `traceAlignment` in it. */
export function readAlignment(network: Network, results: Results): Record<string, Alignment> {
  const total = (output: string) => results[output]!.reduce((sum, value) => sum + value, 0);
  const found: Record<string, Alignment> = {};
  for (const { name, weights } of network.projections.filter(isWeighted)) {
    if (!results[`${name}/agreements`]) continue;
    const norms = Math.sqrt(total(`${name}/update.update`) * total(`${name}/gradient.gradient`));
    const cosine = norms > 0 ? total(`${name}/update.gradient`) / norms : 0;
    found[name] = {
      angle: (Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI,
      signAgreement: total(`${name}/agreements`) / sizeOf(weights.shape),
    };
  }
  return found;
}
