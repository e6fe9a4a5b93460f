import { buildRule } from "../../src/built-in.ts";
import type { CircuitDescription } from "../../src/circuits/description.ts";
import { randomStream } from "../../src/compute/random.ts";
import type { Part } from "../../src/kinds/kind.ts";
import type { CircuitCase } from "../arbitraries/circuit-cases.ts";
import { withAllNoise } from "../arbitraries/tiny-smooth-cases.ts";
import type { Components } from "../oracles/circuit-loss.ts";
import { updatesBy } from "../oracles/circuit-updates.ts";

/**
 * A noisy rule's updates for one stimulus averaged over all noise there can be, taken to amplitude 0: with values at the
 * amplitudes s and s/2 that err by c s^2, (4 small - large) / 3 errs by s^4.
 */
export async function averageOverNoise(
  rule: Part,
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

/** Noise for every population, [batch, dimension, units], by name. */
export function drawNoise({ network, batch }: CircuitCase, seed: number): Map<string, Float32Array> {
  return new Map(
    network.populations.map(({ name, dimension, units }) => [
      name,
      randomStream(seed, name).signs(batch * dimension * units),
    ]),
  );
}

/** `amplitude` times the noise of one sample, [component][unit]. */
export function noiseOfSample(
  { populations }: CircuitDescription,
  noise: ReadonlyMap<string, Float32Array>,
  { batch, sample, amplitude }: { batch: number; sample: number; amplitude: number },
): Map<string, Components> {
  return new Map(
    populations.map(({ name, dimension }): [string, Components] => {
      const all = noise.get(name)!;
      const units = all.length / batch / dimension;
      const own = all.subarray(sample * dimension * units, (sample + 1) * dimension * units);
      const component = (k: number) => Array.from(own.subarray(k * units, (k + 1) * units), (sign) => amplitude * sign);
      return [name, Array.from({ length: dimension }, (_, k) => component(k))];
    }),
  );
}
