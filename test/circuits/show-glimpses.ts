import { buildRule } from "../../src/built-in.ts";
import { type Network, stimuliName } from "../../src/circuits/network.ts";
import { inputName } from "../../src/circuits/ready-made/attention/attention-circuit.ts";
import type { Executor, Results } from "../../src/compute/executor.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { alignmentProgram, traceError } from "../../src/plasticity/learning-program.ts";
import { objectNames } from "../../src/plasticity/objectives/attended-object.ts";
import type { Objective } from "../../src/plasticity/objectives/objective.ts";
import { continuesName, outputVerdict } from "../../src/plasticity/presentation.ts";
import type { LearningRule } from "../../src/plasticity/rules/rule.ts";

const bp = buildRule({ kind: "bp" });

/** Scenes and the objects that they are made of, as `attendedObject` takes them. */
export interface Scenes {
  readonly batch: number;
  /** [batch, units] */
  readonly stimuli: Float32Array;
  /** [batch, n, units] */
  readonly objects: Float32Array;
  /** [batch, n], as the following. */
  readonly labels: Float32Array;
  readonly weights: Float32Array;
  readonly present: Float32Array;
}

/** What to do with the scenes. */
export interface Showing {
  readonly network: Network;
  readonly objective: Objective;
  /** Parameters, and whatever else does not start at 0, by name. */
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly scenes: Scenes;
  /** For each glimpse, whether the scenes were shown just before. */
  readonly continues: readonly boolean[];
  /** Whether gradients are asked for. */
  readonly gradients?: boolean;
  /** What to ask for the updates of besides. */
  readonly rule?: LearningRule | undefined;
}

/** Name of a population's rates at a time step. */
export const atStep = (population: string, step: number) => `${population}@${step}`;
/** Name of a rule's update of a parameter. */
export const updateOf = (parameter: string) => `update ${parameter}`;
/** Name of the mean loss's gradient by a parameter. */
export const gradientOf = (parameter: string) => `gradient ${parameter}`;

/**
 * Shows scenes glimpse after glimpse.
 *
 * @returns for each glimpse the rates of every population at every step, what the objective gives, its loss and wrong, what is
 * remembered, gradients and updates, by name
 */
export async function showGlimpses(
  { network, objective, values, scenes, continues, gradients = false, rule }: Showing,
  executor: Executor,
): Promise<Results[]> {
  const { batch } = scenes;
  const { residents } = alignmentProgram({ network, rule: rule ?? bp, objective, batch });
  const look = tracePlan("look", residents, (trace) => {
    const { presentation, circuit } = traceError(trace, network, objective, batch);
    const { judgement, activity, memories } = presentation;
    outputVerdict(trace, judgement);
    for (const [name, value] of Object.entries(judgement.outputs)) trace.output(name, value);
    for (const { population, step, rates } of activity.states) trace.output(atStep(population.name, step), rates);
    for (const [name, value] of memories) {
      trace.output(name, value);
      trace.assign(name, value);
    }
    if (gradients) for (const [name, update] of bp.updates(circuit)) trace.output(gradientOf(name), update);
    if (rule) for (const [name, update] of rule.updates(circuit)) trace.output(updateOf(name), update);
  });
  const session = await executor.load({ residents, plans: { look } });
  try {
    for (const [name, given] of values) await session.write(name, given);
    const glimpses: Results[] = [];
    for (const continued of continues) {
      const feeds: Record<string, Float32Array> = {
        [stimuliName(inputName)]: scenes.stimuli,
        [objectNames.objects]: scenes.objects,
        [objectNames.labels]: scenes.labels,
        [objectNames.weights]: scenes.weights,
        [objectNames.present]: scenes.present,
        [continuesName]: new Float32Array(batch).fill(continued ? 1 : 0),
        weights: new Float32Array(batch).fill(1 / batch),
      };
      const asked = Object.entries(feeds).filter(([name]) => look.inputs.has(name));
      const [results] = await session.run("look", [Object.fromEntries(asked)]);
      glimpses.push(
        Object.fromEntries(Object.entries(results!).map(([name, array]) => [name, Float32Array.from(array)])),
      );
    }
    return glimpses;
  } finally {
    await session.dispose();
  }
}
