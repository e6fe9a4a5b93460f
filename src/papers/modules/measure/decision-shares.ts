import { stimuliInputs } from "../../../circuits/network.ts";
import { parameterShapes } from "../../../circuits/observation.ts";
import { tracePlan } from "../../../compute/plan.ts";
import { sequentialBatches } from "../../../tasks/batches.ts";
import type { TrialSet } from "../../../tasks/trials.ts";
import { feederOf } from "../../../training/feeds.ts";
import type { FrozenNetwork } from "./frozen-network.ts";

/** Name of the output that says where the decision about a target took a readout. */
const takenName = (target: number, readout: string) => `taken/${target}/${readout}`;

/**
 * The share of trials that each module decides, by target: of those in which the decision takes one of the readouts, without
 * the circuit's own noise; 1 for the module of a readout that alone decides. Nothing where all readouts take part in every
 * decision.
 *
 * @param modules populations that are modules
 * @returns [target][module]
 */
export async function decisionShares(
  { network, executor, parameters, batch, seed }: FrozenNetwork,
  trials: TrialSet,
  modules: readonly string[],
): Promise<number[][] | undefined> {
  const { module: decision } = network.description.decision;
  const isReadBy = (module: string, readout: string) =>
    network.projections.some(({ pre, post }) => pre === module && post === readout);
  if (typeof decision === "object") return [modules.map((module) => Number(isReadBy(module, decision.readout)))];
  const residents = parameterShapes(network);
  const taken: string[][] = [];
  const plan = tracePlan("decide", residents, (trace) => {
    const activity = network.propagate(trace, { stimuli: stimuliInputs(trace, network, batch) });
    for (const [target, report] of network.decide(trace, activity).entries()) {
      taken.push([...(report.taken?.keys() ?? [])]);
      for (const [readout, share] of report.taken ?? []) trace.output(takenName(target, readout), share);
    }
  });
  if (taken.every((readouts) => readouts.length === 0)) return undefined;
  const feed = await feederOf(plan, network);
  const session = await executor.load({ residents, plans: { decide: plan } });
  const counts = taken.map(() => modules.map(() => 0));
  try {
    for (const { name } of network.parameters) await session.write(name, parameters[name]!);
    for (const shown of sequentialBatches(trials, { batch, seed })) {
      const [results] = await session.run("decide", [feed(shown, { seed })]);
      for (const [target, readouts] of taken.entries())
        for (const readout of readouts) {
          const module = modules.findIndex((name) => isReadBy(name, readout));
          for (const one of results![takenName(target, readout)]!.subarray(0, shown.count))
            counts[target]![module]! += one;
        }
    }
  } finally {
    await session.dispose();
  }
  return counts.map((row) => row.map((count) => count / trials.count));
}
