import { type Program, tracePlan } from "../compute/plan.ts";
import type { Shape } from "../compute/shape.ts";
import { sizeOf } from "../compute/shape.ts";
import { reshape } from "../compute/trace.ts";
import { type Network, stimuliInputs } from "./network.ts";

/** A population at a time step, whose rates are looked at. */
export interface Observed {
  readonly population: string;
  readonly step: number;
}

/** Name of the output that holds what was observed, [batch, dimension * units]. */
export const observedName = ({ population, step }: Observed): string => `${population}@${step}`;

/** Shapes of everything a network keeps, by name. */
export const parameterShapes = ({ parameters }: Pick<Network, "parameters">): Record<string, Shape> =>
  Object.fromEntries(parameters.map(({ name, shape }) => [name, shape]));

/**
 * A program with one plan, "observe": stimuli -> rates of some populations at some time steps, without noise of the
 * circuit's own. Its residents are the network's parameters.
 *
 * @throws ReferenceError for a state that no drive has reached
 */
export function observationProgram(network: Network, batch: number, observed: readonly Observed[]): Program {
  const residents = parameterShapes(network);
  return {
    residents,
    plans: {
      observe: tracePlan("observe", residents, (trace) => {
        const activity = network.propagate(trace, { stimuli: stimuliInputs(trace, network, batch) });
        for (const each of observed) {
          const state = activity.state(each.population, each.step);
          if (!state) throw new ReferenceError(`population "${each.population}" is silent at time step ${each.step}`);
          trace.output(observedName(each), reshape(state.rates, [batch, sizeOf(state.rates.shape) / batch]));
        }
      }),
    },
  };
}
