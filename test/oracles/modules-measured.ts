import { parameterShapes } from "../../src/circuits/observation.ts";
import { moduleName } from "../../src/circuits/ready-made/modules.ts";
import type { Executor } from "../../src/compute/executor.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { gradient } from "../../src/plasticity/gradient.ts";
import { traceError } from "../../src/plasticity/learning-program.ts";
import { namingClasses, scoresName } from "../../src/plasticity/objectives/classification.ts";
import type { ModulesCase } from "../arbitraries/modules-cases.ts";
import { interpreter } from "./circuit-interpreter.ts";

/** What a circuit of modules computes for a batch. */
export interface MeasuredModules {
  /** [batch, units] of a module, and [batch, classes] of a readout in the order of the circuit's, at a time step. */
  state(module: number, step: number): Float32Array;
  output(readout: number, step: number): Float32Array;
  /** [batch, classes] of each report. */
  readonly reports: readonly Float32Array[];
  readonly loss: Float32Array;
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/** Runs a case forwards and backwards. */
export async function measureModules(
  { network, batch, values, feeds }: ModulesCase,
  executor: Executor = interpreter,
): Promise<MeasuredModules> {
  const residents = parameterShapes(network);
  const plan = tracePlan("measure", residents, (trace) => {
    const { circuit, presentation } = traceError(trace, network, namingClasses, batch);
    for (const { population, step, rates } of circuit.activity.states)
      trace.output(`state ${population.name}@${step}`, rates);
    for (const [name, scores] of Object.entries(presentation.judgement.outputs)) trace.output(name, scores);
    trace.output("loss", circuit.loss);
    for (const [name, update] of gradient(circuit)) trace.output(`gradient ${name}`, update);
  });
  const session = await executor.load({ residents, plans: { measure: plan } });
  try {
    for (const [name, value] of values) await session.write(name, value);
    const taken = Object.fromEntries([...plan.inputs.keys()].map((name) => [name, feeds[name]!]));
    const [results] = await session.run("measure", [taken]);
    const kept = Object.fromEntries(Object.entries(results!).map(([name, array]) => [name, array.slice()]));
    return {
      state: (module, step) => kept[`state ${moduleName(module)}@${step}`]!,
      output: (readout, step) => kept[`state ${network.readouts[readout]!.name}@${step}`]!,
      reports: network.reports.map(({ index }) => kept[scoresName(index)]!),
      loss: kept.loss!,
      gradients: new Map(
        Object.entries(kept)
          .filter(([name]) => name.startsWith("gradient "))
          .map(([name, array]) => [name.slice("gradient ".length), array]),
      ),
    };
  } finally {
    await session.dispose();
  }
}
