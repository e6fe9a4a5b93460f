import fc from "fast-check";
import { expect, test } from "vitest";
import { buildNetwork, buildOptimiser, buildRule } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { lastHiddenPopulation } from "../../src/circuits/last-hidden.ts";
import { learningProgram } from "../../src/plasticity/learning-program.ts";
import { circuitCases, feedsOfCase } from "../arbitraries/circuit-cases.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";

const bp = buildRule({ kind: "bp" });
const optimiser = buildOptimiser({ kind: "sgd", rate: 1 });
const chains = circuitCases({ units: "vector", wiring: "chain", signs: ["excitatory", "mixed"] });

test("rates of the last hidden population are what the readout turns into scores", async () => {
  await fc.assert(
    fc.asyncProperty(chains, async (drawn) => {
      const { network, values, batch } = drawn;
      const { labels, ...stimuli } = feedsOfCase(drawn);
      const session = await interpreter.load(learningProgram({ network, rule: bp, optimiser, batch }));
      for (const [name, array] of values) await session.write(name, array);
      const [represented] = await session.run("represent", [stimuli]);
      const [evaluated] = await session.run("evaluate", [{ ...stimuli, labels }]);
      const { name, units, dimension } = lastHiddenPopulation(network)!;
      const [rates, scores] = [represented!.rates!, evaluated!.scores!];
      expect(rates).toHaveLength(batch * dimension * units);
      const weights = values.get(`${name}->report/weight`)!;
      const bias = values.get("report/bias") ?? new Float32Array(dimension);
      for (let sample = 0; sample < batch; sample++)
        for (let k = 0; k < dimension; k++) {
          const own = rates.slice((sample * dimension + k) * units, (sample * dimension + k + 1) * units);
          const score = own.reduce((sum, rate, unit) => sum + rate * weights[unit]!, bias[k]!);
          expect(scores[sample * dimension + k]).toBeCloseTo(score, 3);
        }
      await session.dispose();
    }),
    { numRuns: 30 },
  );
});

test("a circuit without a hidden population has no such plan", () => {
  const network = buildNetwork(
    circuit("direct", (c) => {
      c.project(c.input("input", { units: 3 }), c.population("report", { units: 2 }));
    }),
  );
  expect(Object.keys(learningProgram({ network, rule: bp, optimiser, batch: 2 }).plans)).not.toContain("represent");
});
