import type { Activity, PopulationState } from "../../circuits/activity.ts";
import { inhibitionShapes, nextInhibition } from "../../circuits/inhibition-of-return.ts";
import type { Network } from "../../circuits/network.ts";
import { parameterShapes } from "../../circuits/observation.ts";
import { type Program, tracePlan } from "../../compute/plan.ts";
import type { Shape } from "../../compute/shape.ts";
import type { Tensor, Trace } from "../../compute/trace.ts";
import { deltaOf, type PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import { layered } from "../../plasticity/channels/layered.ts";
import type { Objective } from "../../plasticity/objectives/objective.ts";
import { plasticCircuit } from "../../plasticity/plastic-circuit.ts";
import { tracePresentation, traceStimulation } from "../../plasticity/presentation.ts";
import type { TargetShape } from "../../tasks/targets.ts";
import { isState, type ProbedArray, type StateArray } from "./probed-arrays.ts";

/** Name of the output that holds an array at a time step, [batch, dimension, units]. */
export const outputName = ({ name }: StateArray, step: number): string => `${name}@${step}`;

interface Recorded {
  readonly batch: number;
  /** What errors are of; needed where they are recorded. */
  readonly objective?: Objective | undefined;
  /** Targets as the trials have them. */
  readonly targets?: readonly TargetShape[];
}

/**
 * A program with one plan, "record": what `learningProgram` feeds -> arrays at time steps (`outputName`). A state that no drive
 * has reached, and an error of one that leads to no loss, is left out: it is 0. Weights of the samples are to be 1, so that the
 * error is that of each sample's own loss. Where network or objective remember something from one presentation of a batch to the next,
 * the plan keeps it.
 *
 * @param batch stimuli that are shown at once
 */
export function recordingProgram(
  network: Network,
  arrays: readonly ProbedArray[],
  { batch, objective, targets }: Recorded,
): Program {
  const residents: Record<string, Shape> = {
    ...parameterShapes(network),
    ...inhibitionShapes(network, batch),
    ...objective?.memories(network, batch),
  };
  const states = arrays.filter(isState);
  return {
    residents,
    plans: {
      record: tracePlan("record", residents, (trace) => {
        const { activity, memories, errors } = objective
          ? tracedErrors(trace, network, objective, batch, targets)
          : tracedActivity(trace, network, batch);
        for (const array of states)
          for (const step of array.steps) {
            const value = recordedValue(array, step, activity, errors);
            if (value) trace.output(outputName(array, step), value);
          }
        for (const [name, value] of memories) trace.assign(name, value);
      }),
    },
  };
}

interface Traced {
  readonly activity: Activity;
  readonly memories: ReadonlyMap<string, Tensor>;
  /** At the rates of states that lead to the loss. */
  readonly errors: ReadonlyMap<PopulationState, PostsynapticError>;
}

function tracedActivity(trace: Trace, network: Network, batch: number): Traced {
  const remembered = Object.keys(inhibitionShapes(network, batch)).length > 0;
  const { inhibition, run } = traceStimulation(trace, network, batch, remembered);
  const activity = run();
  return { activity, memories: nextInhibition(network, activity, inhibition), errors: new Map() };
}

function tracedErrors(
  trace: Trace,
  network: Network,
  objective: Objective,
  batch: number,
  targets: readonly TargetShape[] | undefined,
): Traced {
  const presentation = tracePresentation(trace, network, objective, batch, { targets });
  const weights = trace.input("weights", [batch], "finite");
  // A mean over those samples that are asked would divide each one's error by how many others are.
  const { asked: _, ...judgement } = presentation.judgement;
  const circuit = plasticCircuit(trace, network, { ...presentation, judgement, weights });
  return {
    activity: presentation.activity,
    memories: presentation.memories,
    errors: layered(circuit, circuit.weight),
  };
}

function recordedValue(
  { of, what }: StateArray,
  step: number,
  activity: Activity,
  errors: Traced["errors"],
): Tensor | undefined {
  const state = activity.state(of, step);
  if (what === "rates") return (state ?? activity.input(of, step))?.rates;
  if (!state || what === "drive") return state?.drive;
  const error = errors.get(state);
  return error && deltaOf(state.localise(error));
}
