import type { RuleDescription } from "../../src/plasticity/descriptions.ts";
import { buildRule } from "../../src/plasticity/rules/registry.ts";
import type { CircuitCase } from "../arbitraries/circuit-cases.ts";
import { withAllNoise } from "../arbitraries/tiny-smooth-cases.ts";
import { updatesBy } from "../oracles/circuit-updates.ts";

/**
 * A noisy rule's updates for one stimulus averaged over all noise there can be, taken to amplitude 0: with values at the
 * amplitudes s and s/2 that err by c s^2, (4 small - large) / 3 errs by s^4.
 */
export async function averageOverNoise(
  rule: RuleDescription,
  circuitCase: CircuitCase,
  kept: ReadonlyMap<string, Float32Array> = new Map(),
): Promise<ReadonlyMap<string, Float64Array>> {
  const { drawn, noise } = withAllNoise(circuitCase);
  const [large, small] = await Promise.all(
    [0.1, 0.05].map((amplitude) => updatesBy(buildRule({ ...rule, amplitude }), drawn, { kept, noise })),
  );
  return new Map(
    [...small!].map(([name, values]) => [
      name,
      Float64Array.from(values, (value, at) => (4 * value - large!.get(name)![at]!) / 3),
    ]),
  );
}
