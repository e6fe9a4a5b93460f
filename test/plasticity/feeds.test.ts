import { expect, onTestFinished, test } from "vitest";
import { buildNetwork, buildOptimiser, buildRule, openDevice } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { stimuliName } from "../../src/circuits/network.ts";
import { DataError } from "../../src/kinds/errors.ts";
import { gated } from "../../src/neurons/gains/gated.ts";
import { learningProgram, startValues } from "../../src/plasticity/learning-program.ts";
import { explorationName } from "../../src/plasticity/plastic-circuit.ts";

const network = buildNetwork(
  circuit("small", (c) => {
    const input = c.input("input", { units: 3 });
    const hidden = c.population("hidden", { units: 2, dimension: 3, gain: gated() });
    const report = c.population("report", { units: 1, dimension: 3 });
    c.project(input, hidden);
    c.project(hidden, report);
  }),
);
const rule = buildRule({ kind: "node-perturbation" });
const optimiser = buildOptimiser({ kind: "sgd", rate: 0.1 });
const program = learningProgram({ network, rule, optimiser, batch: 2 });

test("labels that are no class and values that are no numbers are refused, and no weight has changed", async () => {
  const session = await (await openDevice({ device: "cpu" })).load(program);
  onTestFinished(() => session.dispose());
  for (const [name, values] of startValues(network, rule, 1)) await session.write(name, values);
  const weight = await session.read("input->hidden/weight");
  const right: Record<string, Float32Array> = {
    [stimuliName("input")]: new Float32Array(6).fill(0.5),
    labels: Float32Array.of(0, 2),
    weights: new Float32Array(2).fill(0.5),
    schedule: optimiser.schedule(1),
    [explorationName("hidden", 0)]: Float32Array.from({ length: 12 }, (_, index) => (index % 3 === 0 ? 1 : -1)),
    [explorationName("report", 0)]: Float32Array.from({ length: 6 }, (_, index) => (index % 3 === 0 ? 1 : -1)),
  };
  for (const [name, values] of Object.entries(right)) {
    const wrong = values.slice();
    wrong[wrong.length - 1] = Number.NaN;
    const expected = name === "labels" ? "whole numbers from 0 to 2" : "finite numbers";
    await expect(session.run("train", [right, { ...right, [name]: wrong }])).rejects.toThrow(
      new DataError(`plan "train", input "${name}": value ${wrong.length - 1} is NaN, expected ${expected}`),
    );
  }
  for (const plan of ["train", "evaluate", "align"]) {
    const names = program.plans[plan]!.inputs;
    const feed = Object.fromEntries(Object.entries(right).filter(([name]) => names.has(name)));
    await expect(session.run(plan, [{ ...feed, labels: Float32Array.of(1, 3) }])).rejects.toThrow(
      `plan "${plan}", input "labels": value 1 is 3, expected whole numbers from 0 to 2`,
    );
  }
  expect(await session.read("input->hidden/weight")).toEqual(weight);
  await session.run("train", [right]);
  expect(await session.read("input->hidden/weight")).not.toEqual(weight);
});
