import type { Network } from "../circuits/network.ts";
import { sizeOf } from "../compute/shape.ts";
import type { Tensor } from "../compute/trace.ts";
import { lookUp, UsageError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";
import type { Updates } from "./local-updates.ts";
import type { PlasticCircuit } from "./plastic-circuit.ts";
import type { LearningRule } from "./rules/rule.ts";

/**
 * The updates that a rule gives for a circuit.
 *
 * @throws UsageError naming the rule where it gives no map, an update of a parameter that there is not, or one of another size than the
 *   parameter
 */
export function updatesOf(rule: LearningRule, { parameters }: Network, circuit: PlasticCircuit): Updates {
  const updates: unknown = rule.updates(circuit);
  const owner = `rule "${rule.name}"`;
  if (!(updates instanceof Map))
    throw new UsageError(
      `${owner}: updates gives ${shown(updates)}, expected a Map from names of parameters to tensors`,
    );
  const shapes = Object.fromEntries(parameters.map(({ name, shape }) => [name, shape]));
  for (const [name, update] of updates as Map<string, Partial<Tensor> | undefined>) {
    const shape = lookUp(`${owner} updates what is no parameter:`, name, shapes);
    if (update?.shape === undefined || update.trace === undefined)
      throw new UsageError(
        `${owner}: the update of ${shown(name)} is no tensor; give what a kernel's output holds, such as scale({ values }).result`,
      );
    if (sizeOf(update.shape) !== sizeOf(shape))
      throw new UsageError(
        `${owner}: the update of ${shown(name)} has shape [${update.shape.join(", ")}], expected [${shape.join(", ")}] as the parameter has`,
      );
  }
  return updates as Updates;
}
