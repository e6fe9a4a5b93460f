import { buildNetwork, buildObjective, buildOptimiser, buildRule, openDevice } from "../../src/built-in.ts";
import type { CircuitDescription } from "../../src/circuits/description.ts";
import type { Network } from "../../src/circuits/network.ts";
import type { Feeds } from "../../src/compute/executor.ts";
import { costOf, type Plan } from "../../src/compute/plan.ts";
import { randomStream } from "../../src/compute/random.ts";
import { sizeOf } from "../../src/compute/shape.ts";
import type { Part } from "../../src/kinds/kind.ts";
import { learningProgram, startValues } from "../../src/plasticity/learning-program.ts";
import type { PreparedWorkload } from "../workload.ts";

/** What is stepped: a circuit and how it learns. */
export interface Learning {
  readonly circuit: CircuitDescription;
  readonly objective?: Part;
  readonly rule: { readonly kind: string };
  readonly optimiser: Part;
  readonly batch: number;
}

/** A plan of a learning program on the cpu device, ready to run on random stimuli; steps of a batch follow one another. */
export async function prepareSteps(
  learning: Learning,
  { plan: name, provider, presentations = 1 }: { plan: "train" | "evaluate"; provider: string; presentations?: number },
): Promise<PreparedWorkload> {
  const network = buildNetwork(learning.circuit);
  const rule = buildRule(learning.rule);
  const optimiser = buildOptimiser(learning.optimiser);
  const objective = buildObjective(learning.objective ?? { kind: "classification" });
  const program = learningProgram({ network, rule, optimiser, objective, batch: learning.batch });
  const plan = program.plans[name]!;
  const executor = await openDevice({ device: "cpu", provider });
  const session = await executor.load({ residents: program.residents, plans: { [name]: plan } });
  for (const [resident, values] of startValues(network, rule, 1)) await session.write(resident, values);
  const feeds = randomFeeds(plan, network, learning.batch);
  const continues = Array.from({ length: presentations }, (_, index) =>
    new Float32Array(learning.batch).fill(index > 0 ? 1 : 0),
  );
  let step = 0;
  const { flops, bytes } = costOf(plan);
  return {
    async step() {
      for (const again of continues) {
        step++;
        await session.run(name, [
          {
            ...feeds,
            ...(plan.inputs.has("schedule") ? { schedule: optimiser.schedule(step) } : {}),
            ...(plan.inputs.has("continues") ? { continues: again } : {}),
          },
        ]);
      }
    },
    cost: { flops: presentations * flops, bytes: presentations * bytes },
    dispose: () => session.dispose(),
  };
}

/** Classes for what holds classes, shares for weights, and for all else values in [0, 1). */
function randomFeeds({ inputs, shapes, ranges }: Plan, { reports }: Network, batch: number): Feeds {
  const random = randomStream(1, "bench/stimuli");
  const { units: classes } = reports[0]!;
  const feeds: Record<string, Float32Array> = {};
  for (const [name, id] of inputs) {
    const holdsClasses = typeof ranges.get(name) === "object" || name === "objectLabels";
    const draw =
      name === "weights"
        ? () => 1 / batch
        : name === "present" || name === "objectWeights"
          ? () => 1
          : holdsClasses
            ? () => random.integer(0, classes - 1)
            : () => random.uniform();
    feeds[name] = Float32Array.from({ length: sizeOf(shapes[id]!) }, draw);
  }
  delete feeds.schedule;
  delete feeds.continues;
  return feeds;
}
