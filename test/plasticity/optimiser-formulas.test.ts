import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mean } from "../../src/analysis/moments.ts";
import { buildNetwork, buildOptimiser, buildRule, openDevice } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import type { Executor } from "../../src/compute/executor.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { randomStream } from "../../src/compute/random.ts";
import type { Part } from "../../src/kinds/kind.ts";
import { gated } from "../../src/neurons/gains/gated.ts";
import { learningProgram } from "../../src/plasticity/learning-program.ts";
import { adam, adamw } from "../../src/plasticity/optimisers/adam.ts";
import { momentum } from "../../src/plasticity/optimisers/momentum.ts";
import { sgd } from "../../src/plasticity/optimisers/sgd.ts";
import { memoryName } from "../../src/plasticity/optimisers/trace-step.ts";
import { circuitCase, feedsOfCase } from "../arbitraries/circuit-cases.ts";
import { expectClose } from "../arbitraries/circuit-close.ts";
import { constraintOf } from "../arbitraries/signs.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";
import { equalWeights, measure } from "../oracles/circuit-updates.ts";

const bp = buildRule({ kind: "bp" });

/** One step of a weight in float64, as the papers write it; memories start empty. */
type TextbookStep = (weight: number, gradient: number, step: number, memory: { m?: number; v?: number }) => number;

/** All settings that optimisers have, of which each has some. */
type Numbers = Readonly<Record<"rate" | "momentum" | "beta1" | "beta2" | "epsilon", number>> & {
  readonly decay?: number;
};

const textbooks: Record<string, (settings: Numbers, decays: boolean) => TextbookStep> = {
  sgd:
    ({ rate }) =>
    (weight, gradient) =>
      weight - rate * gradient,
  momentum:
    ({ rate, momentum: kept }) =>
    (weight, gradient, _step, memory) => {
      memory.m = kept * (memory.m ?? 0) + gradient;
      return weight - rate * memory.m;
    },
  adam: adaptive,
  adamw: adaptive,
};

/** Kingma & Ba 2015, algorithm 1; Loshchilov & Hutter 2019, algorithm 2. */
function adaptive(settings: Numbers, decays: boolean): TextbookStep {
  const { rate, beta1, beta2, epsilon, decay = 0 } = settings;
  return (weight, gradient, step, memory) => {
    memory.m = beta1 * (memory.m ?? 0) + (1 - beta1) * gradient;
    memory.v = beta2 * (memory.v ?? 0) + (1 - beta2) * gradient ** 2;
    const moved = memory.m / (1 - beta1 ** step) / (Math.sqrt(memory.v / (1 - beta2 ** step)) + epsilon);
    return weight - rate * moved - (decays ? rate * decay * weight : 0);
  };
}

const description = circuit("scalar to vector", (c) => {
  const input = c.input("input", { units: 3 });
  const hidden = c.population("hidden", { units: 4, dimension: 2, gain: gated() });
  c.project(input, hidden);
  c.project(hidden, c.population("report", { units: 1, dimension: 2 }), { sign: "excitatory" });
});

const settings: fc.Arbitrary<Part> = fc.oneof(
  fc.constant(sgd({ rate: 0.1 })),
  fc.constantFrom(0, 0.5, 0.9).map((kept) => momentum({ rate: 0.1, momentum: kept })),
  fc.constant(momentum({ rate: 0.1 })),
  fc.constantFrom(adam({ rate: 0.1 }), adam({ rate: 0.1, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 })),
  fc.constantFrom(adamw({ rate: 0.1 }), adamw({ rate: 0.1, beta1: 0.8, decay: 0.2 })),
);

describe("a training step", () => {
  it("moves every weight and bias as the optimiser's paper says, then clamps; biases do not decay", async () => {
    await fc.assert(
      fc.asyncProperty(settings, fc.nat(), async (chosen, seed) => {
        const batch = { stimuli: Float32Array.of(1, -0.5, 0.25, 0.5, 2, -1), labels: Float32Array.of(0, 1) };
        let state = circuitCase(description, seed, batch);
        const { network } = state;
        const optimiser = buildOptimiser(chosen);
        const session = await interpreter.load(learningProgram({ network, rule: bp, optimiser, batch: 2 }));
        for (const [name, values] of state.values) await session.write(name, values);
        const memories = new Map<string, { m?: number; v?: number }>();
        for (const step of [1, 2, 3]) {
          const { bp: updates } = await measure(state);
          const feeds = { ...feedsOfCase(state), weights: equalWeights(2), schedule: optimiser.schedule(step) };
          await session.run("train", [feeds]);
          const values = new Map(state.values);
          for (const { name, constraint } of network.parameters.filter(({ plastic }) => plastic)) {
            const move = textbooks[chosen.kind]!(chosen as unknown as Numbers, name.endsWith("/weight"));
            const expected = Array.from(state.values.get(name)!, (weight, at) => {
              const memory = memories.get(`${name} ${at}`) ?? {};
              memories.set(`${name} ${at}`, memory);
              const moved = move(weight, updates.get(name)![at]!, step, memory);
              return constraint?.signFrom(0) === 1 ? Math.max(0, moved) : moved;
            });
            const got = await session.read(name);
            expectClose(got, expected, `${name} after step ${step}`);
            values.set(name, got);
          }
          // The next step starts from what the session holds, so that rounding does not add up.
          state = { ...state, values };
        }
      }),
      { numRuns: 40 },
    );
  });

  it("keeps the optimiser's memories of plastic parameters, and of no others", () => {
    const network = buildNetwork(description);
    const program = learningProgram({ network, rule: bp, optimiser: buildOptimiser(adam({ rate: 0.1 })), batch: 2 });
    expect(Object.keys(program.residents)).toContain(memoryName("hidden/bias", "firstMoment"));
    expect(Object.keys(program.residents)).not.toContain(memoryName("hidden/gatingVectors", "firstMoment"));
    expect([...program.plans.evaluate!.assignments.keys()]).toEqual([]);
    expect([...program.plans.align!.assignments.keys()]).toEqual([]);
    expect([...program.plans.train!.assignments.keys()]).not.toContain("hidden/gatingVectors");
  });
});

describe("a decay of weights by less than single precision tells from 1", () => {
  const [count, steps, rate, decay] = [256, 400, 1e-3, 1e-5];
  const shape = [1, count];
  const { minimum, maximum } = constraintOf("mixed").bounds;
  const bounds = { minimum, maximum, decays: true };

  /** Mean of weights that start at 1, after steps along gradients of random sign. */
  async function meanAfterwards(settings: Part, executor: Executor): Promise<number> {
    const optimiser = buildOptimiser(settings);
    const residents = Object.fromEntries(["weight", ...optimiser.memories].map((name) => [name, shape]));
    const plan = tracePlan("step", residents, (trace) => {
      const memories = Object.fromEntries(optimiser.memories.map((name) => [name, trace.resident(name)]));
      const [gradient, schedule] = [trace.input("gradient", shape), trace.input("schedule", [optimiser.scheduleSize])];
      const stepped = optimiser.step(trace.resident("weight"), gradient, memories, schedule, bounds);
      for (const [name, value] of Object.entries({ weight: stepped.parameter, ...stepped.memories }))
        trace.assign(name, value);
    });
    const session = await executor.load({ residents, plans: { step: plan } });
    await session.write("weight", new Float32Array(count).fill(1));
    const random = randomStream(1, "gradients");
    for (let step = 1; step <= steps; step++)
      await session.run("step", [{ gradient: random.signs(count), schedule: optimiser.schedule(step) }]);
    const weights = await session.read("weight");
    await session.dispose();
    return mean(weights);
  }

  it.each([
    ["kernels", async () => interpreter] as const,
    ["accelerators", () => openDevice({ device: "cpu" })] as const,
  ])("is made with the steps that gradients ask for, by %s", async (_name, open) => {
    const executor = await open();
    const kept = await meanAfterwards(adam({ rate }), executor);
    const decayed = await meanAfterwards(adamw({ rate, decay }), executor);
    expect((kept - decayed) / (steps * rate * decay)).toBeCloseTo(1, 0);
  });
});
