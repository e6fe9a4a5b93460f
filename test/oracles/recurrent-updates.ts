import { tracePlan } from "../../src/compute/plan.ts";
import { gradient } from "../../src/plasticity/gradient.ts";
import { traceError } from "../../src/plasticity/learning-program.ts";
import { namingClasses, scoresName } from "../../src/plasticity/objectives/classification.ts";
import type { RecurrentCase } from "../arbitraries/recurrent-cases.ts";
import { interpreter } from "./circuit-interpreter.ts";
import { equalWeights } from "./circuit-updates.ts";

/** What kernels compute for a batch over time. */
export interface MeasuredInTime {
  /** By "name@step", [batch, dimension, units]. */
  readonly rates: ReadonlyMap<string, Float32Array>;
  /** Of each target, [batch, classes]. */
  readonly scores: readonly Float32Array[];
  readonly loss: Float32Array;
  /** By parameter; absent where nothing leads from it to the loss. */
  readonly gradient: ReadonlyMap<string, Float32Array>;
}

/** Rates, scores, losses and gradient of a circuit in time. */
export async function measureInTime(
  { network, values, batch, feeds }: RecurrentCase,
  weights: Float32Array = equalWeights(batch),
): Promise<MeasuredInTime> {
  const residents = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, shape]));
  const plan = tracePlan("measure", residents, (trace) => {
    const { circuit, presentation } = traceError(trace, network, namingClasses, batch);
    for (const { population, step, rates } of circuit.activity.states)
      trace.output(`rates ${population.name}@${step}`, rates);
    for (const [name, scores] of Object.entries(presentation.judgement.outputs)) trace.output(name, scores);
    trace.output("loss", circuit.loss);
    for (const [name, update] of gradient(circuit)) trace.output(`gradient ${name}`, update);
  });
  const session = await interpreter.load({ residents, plans: { measure: plan } });
  for (const [name, value] of values) await session.write(name, value);
  const asked = Object.entries({ ...feeds, weights }).filter(([name]) => plan.inputs.has(name));
  const [results] = await session.run("measure", [Object.fromEntries(asked)]);
  const named = (prefix: string) =>
    new Map(
      Object.entries(results!)
        .filter(([name]) => name.startsWith(`${prefix} `))
        .map(([name, array]) => [name.slice(prefix.length + 1), array] as const),
    );
  const scores = network.reports.map(({ index }) => results![scoresName(index)]!);
  return { rates: named("rates"), scores, loss: results!.loss!, gradient: named("gradient") };
}
