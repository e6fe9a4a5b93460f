import type { CircuitDescription } from "../../src/circuits/description.ts";
import { periodOf } from "./circuit-layout.ts";
import type { Components } from "./circuit-loss.ts";
import { wiringsOf } from "./circuit-wiring.ts";

/**
 * Postsynaptic error at the drive times presynaptic rate for each weight, the error itself for each bias, added up over
 * what shares them, for one sample in plain float64 loops.
 *
 * @param atDrives error of populations, by name; populations without one have no updates
 */
export function localUpdatesOf(
  description: CircuitDescription,
  atDrives: ReadonlyMap<string, Components>,
  rates: ReadonlyMap<string, Components>,
): Map<string, Float64Array> {
  const updates = new Map<string, Float64Array>();
  for (const { pre, post, synapses, weights } of wiringsOf(description)) {
    const error = atDrives.get(post);
    if (!error || weights === 0) continue;
    const source = rates.get(pre)!;
    const spreading = source.length < error.length;
    const update = new Float64Array(spreading ? error.length * weights : weights);
    error.forEach((component, k) => {
      for (const { post: i, pre: j, weight } of synapses)
        update[(spreading ? k * weights : 0) + weight!]! += component[i]! * source[spreading ? 0 : k]![j]!;
    });
    updates.set(`${pre}->${post}/weight`, update);
  }
  for (const population of description.populations) {
    const error = atDrives.get(population.name);
    if (!error || population.bias === "none") continue;
    const period = periodOf(population, population.bias);
    const update = new Float64Array(population.dimension * period);
    error.forEach((component, k) => {
      component.forEach((value, i) => {
        update[k * period + (i % period)]! += value;
      });
    });
    updates.set(`${population.name}/bias`, update);
  }
  return updates;
}
