import { markAttended } from "../compute/kernels/modulation.ts";
import { scaleRows } from "../compute/kernels/scaling.ts";
import type { Shape } from "../compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../compute/trace.ts";
import type { Activity } from "./activity.ts";
import type { Network, Population } from "./network.ts";

/** Name of the resident that holds a population's inhibition of return, [batch, units]. */
export const inhibitionName = (population: string) => `${population}/inhibition`;

const remembering = ({ populations }: Pick<Network, "populations">) =>
  populations.filter(({ returnThreshold }) => returnThreshold !== undefined);

/** Shapes of the residents that hold inhibition of return, by name; none where no population has it. */
export function inhibitionShapes(network: Pick<Network, "populations">, batch: number): Record<string, Shape> {
  return Object.fromEntries(
    remembering(network).map(({ name, units, dimension }) => [inhibitionName(name), [batch, dimension * units]]),
  );
}

/**
 * Inhibition of return as it was left by the presentation before, by population.
 *
 * @param continues [batch]: 1 where the same stimuli are shown again, 0 where new ones are, for which nothing is inhibited
 */
export function recallInhibition(trace: Trace, network: Network, continues: Tensor): Map<string, Tensor> {
  return new Map(
    remembering(network).map(({ name }) => {
      const values = trace.resident(inhibitionName(name));
      return [name, scaleRows({ values, scales: continues }, { factor: 1 }).result];
    }),
  );
}

/**
 * Inhibition of return after a presentation, by the name of its resident: R' = [R + [rate < threshold] > 0.5] with the
 * rates before the last time step, from which the last step's activity was gated.
 * Source: Lei, Benjamin & Kording 2021, section 2.
 */
export function nextInhibition(
  network: Network,
  activity: Activity,
  recalled: ReadonlyMap<string, Tensor>,
): Map<string, Tensor> {
  return new Map(
    remembering(network).map((population: Population) => {
      const inhibition = recalled.get(population.name)!;
      const attended = activity.state(population.name, network.steps - 2);
      const next = attended
        ? markAttended(
            { inhibition, signal: reshape(attended.rates, inhibition.shape) },
            { threshold: population.returnThreshold! },
          ).result
        : inhibition;
      return [inhibitionName(population.name), next];
    }),
  );
}
