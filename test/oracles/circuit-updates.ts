import type { Executor } from "../../src/compute/executor.ts";
import { crossEntropy } from "../../src/compute/kernels/decision.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { traceError } from "../../src/plasticity/learning-program.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { gevb } from "../../src/plasticity/rules/gevb.ts";
import type { CircuitCase } from "../arbitraries/circuit-cases.ts";
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
  const rules = [gevb.build({}), bp.build({})].filter((rule) => rule.refuse(network) === undefined);
  const plan = tracePlan("measure", residents, (trace) => {
    const { circuit, scores, labels: targets } = traceError(trace, network, batch);
    trace.output("scores", scores);
    trace.output("loss", crossEntropy({ scores, labels: targets }).loss);
    for (const [name, rates] of circuit.rates) trace.output(`rates ${name}`, rates);
    for (const rule of rules)
      for (const [name, update] of rule.updates(circuit)) trace.output(`${rule.name} ${name}`, update);
  });
  const session = await executor.load({ residents, plans: { measure: plan } });
  try {
    for (const [name, parameter] of values) await session.write(name, parameter);
    const [results] = await session.run("measure", [{ stimuli, labels, weights }]);
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
      rates: named("rates"),
      gevb: named("gevb"),
      bp: named("bp"),
    };
  } finally {
    await session.dispose();
  }
}
