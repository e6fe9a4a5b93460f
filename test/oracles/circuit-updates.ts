import { buildRule } from "../../src/built-in.ts";
import type { Executor } from "../../src/compute/executor.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { traceError } from "../../src/plasticity/learning-program.ts";
import { namingClasses } from "../../src/plasticity/objectives/classification.ts";
import { explorationName } from "../../src/plasticity/plastic-circuit.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { gevb } from "../../src/plasticity/rules/gevb.ts";
import type { LearningRule } from "../../src/plasticity/rules/rule.ts";
import { type CircuitCase, feedsOfCase } from "../arbitraries/circuit-cases.ts";
import { interpreter } from "./circuit-interpreter.ts";

/** What a circuit computes for a batch. Keys are population and parameter names. */
export interface Measured {
  readonly scores: Float32Array;
  readonly loss: Float32Array;
  readonly rates: ReadonlyMap<string, Float32Array>;
  readonly gevb: ReadonlyMap<string, Float32Array>;
  readonly bp: ReadonlyMap<string, Float32Array>;
}

/** Weights of a batch of equal samples. */
export const equalWeights = (batch: number) => new Float32Array(batch).fill(1 / batch);

/**
 * Rates, scores, losses and both rules' updates of a circuit; gevb's are left out where the rule refuses the circuit.
 * A parameter without an update (its population leads nowhere) is absent.
 */
export async function measure(
  { network, values, batch, stimuli, labels }: CircuitCase,
  weights: Float32Array = equalWeights(batch),
  executor: Executor = interpreter,
): Promise<Measured> {
  const residents = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, shape]));
  const rules = [buildRule(gevb()), buildRule(bp())].filter((rule) => rule.refuse(network) === undefined);
  const plan = tracePlan("measure", residents, (trace) => {
    const { circuit, presentation } = traceError(trace, network, namingClasses, batch);
    trace.output("scores", presentation.judgement.outputs.scores!);
    trace.output("loss", circuit.loss);
    for (const { population, rates } of circuit.activity.states) trace.output(`rates ${population.name}`, rates);
    for (const rule of rules)
      for (const [name, update] of rule.updates(circuit)) trace.output(`${rule.name} ${name}`, update);
  });
  const session = await executor.load({ residents, plans: { measure: plan } });
  try {
    for (const [name, parameter] of values) await session.write(name, parameter);
    const [results] = await session.run("measure", [{ ...feedsOfCase({ network, batch, stimuli, labels }), weights }]);
    const named = (prefix: string) =>
      new Map(
        Object.entries(results!)
          .filter(([name]) => name.startsWith(`${prefix} `))
          .map(([name, array]) => [name.slice(prefix.length + 1), array.slice()]),
      );
    const { scores, loss } = results as { scores: Float32Array; loss: Float32Array };
    return {
      scores: scores.slice(),
      loss: loss.slice(),
      rates: new Map([[network.inputs[0]!.name, stimuli], ...named("rates")]),
      gevb: named("gevb"),
      bp: named("bp"),
    };
  } finally {
    await session.dispose();
  }
}

/** What a rule finds besides the circuit: the batch's weights, values that it keeps, noise of populations by name. */
export interface Circumstances {
  readonly weights?: Float32Array;
  readonly kept?: ReadonlyMap<string, Float32Array>;
  /** +1 or -1, [batch, dimension, units]; needed by noisy rules. */
  readonly noise?: ReadonlyMap<string, Float32Array>;
}

/** Updates of one rule, by parameter, in the circumstances given. */
export async function updatesBy(
  rule: LearningRule,
  { network, values, batch, stimuli, labels }: CircuitCase,
  { weights = equalWeights(batch), kept = new Map(), noise = new Map() }: Circumstances = {},
): Promise<ReadonlyMap<string, Float32Array>> {
  const keeps = { ...rule.fixed?.(network), ...rule.memories?.(network) };
  const residents = Object.fromEntries([
    ...network.parameters.map(({ name, shape }) => [name, shape]),
    ...Object.entries(keeps).map(([name, { shape }]) => [name, shape]),
  ]);
  const plan = tracePlan("updates", residents, (trace) => {
    const { circuit } = traceError(trace, network, namingClasses, batch);
    for (const [name, update] of rule.updates(circuit)) trace.output(name, update);
  });
  const session = await interpreter.load({ residents, plans: { updates: plan } });
  for (const [name, value] of [...values, ...kept]) await session.write(name, value);
  const noises = Object.fromEntries([...noise].map(([population, value]) => [explorationName(population, 0), value]));
  const [results] = await session.run("updates", [
    { ...feedsOfCase({ network, batch, stimuli, labels }), weights, ...noises },
  ]);
  return new Map(Object.entries(results!));
}
