import { describe, expect, it, onTestFinished } from "vitest";
import { circuit } from "../../../src/circuits/circuit.ts";
import { freeze, lesion } from "../../../src/circuits/manipulations/description.ts";
import { maxPool } from "../../../src/circuits/topologies/pooling.ts";
import { randomStream } from "../../../src/compute/random.ts";
import { DescriptionError } from "../../../src/kinds/errors.ts";
import { builtIn } from "../../../src/library.ts";
import { adamw } from "../../../src/plasticity/optimisers/adam.ts";
import { bp } from "../../../src/plasticity/rules/bp.ts";
import { digits } from "../../../src/tasks/images/digits-task.ts";
import { createLearner } from "../../../src/training/learner.ts";
import { parseRun } from "../../../src/training/run-description.ts";
import { networkOf } from "../../../src/training/run-network.ts";

const small = circuit("small", (c) => {
  const image = c.input("image", { map: { height: 2, width: 2, channels: 1 } });
  const pooled = c.population("pooled", { map: { height: 1, width: 1, channels: 1 }, bias: "none" });
  const v1 = c.population("v1", { units: 3, gain: "tanh" });
  const v2 = c.population("v2", { units: 3, gain: "tanh" });
  const report = c.population("report", { units: 2 });
  c.project(image, pooled, { topology: maxPool({ size: 2 }) });
  c.project(image, v1);
  c.project(pooled, v2);
  c.project(v1, v2);
  c.project(v2, report);
});

/** Parameters that two steps of training have moved. */
async function moved(manipulations: readonly unknown[]): Promise<string[]> {
  const run = { circuit: small, task: digits(), rule: bp(), optimiser: adamw({ rate: 0.1 }), batch: 2, device: "cpu" };
  const description = parseRun({ ...run, ...(manipulations.length > 0 ? { manipulations } : {}) }, builtIn);
  const learner = await createLearner(description, builtIn);
  onTestFinished(() => learner.dispose());
  const random = randomStream(1, "stimuli");
  const batches = [0, 1].map((step) => ({
    stimuli: [[Float32Array.from({ length: 8 }, () => random.normal())]],
    targets: [{ values: [Float32Array.of(0, 1)] }],
    weights: Float32Array.of(0.5, 0.5),
    context: {},
    factors: {},
    count: 2,
    trials: Uint32Array.of(0, 1),
    round: `step ${step}`,
  }));
  const before = await learner.readState();
  await learner.train(batches, 0);
  const after = await learner.readState();
  return learner.network.parameters
    .map(({ name }) => name)
    .filter((name) => after[name]!.data.some((value, at) => value !== before[name]!.data[at]));
}

describe("what is frozen in training", () => {
  const all = ["image->v1/weight", "pooled->v2/weight", "v1->v2/weight", "v2->report/weight"];
  const biases = ["v1/bias", "v2/bias", "report/bias"];

  it("stays as it is: a projection, or a population with all that leads to it", async () => {
    expect((await moved([])).sort()).toEqual([...all, ...biases].sort());
    expect((await moved([freeze("v1->v2")])).sort()).toEqual(
      [...all.filter((name) => name !== "v1->v2/weight"), ...biases].sort(),
    );
    expect((await moved([freeze("v2"), freeze("v1")])).sort()).toEqual(["report/bias", "v2->report/weight"].sort());
  });

  it("goes with what is done to the circuit while it runs", async () => {
    // No error passes the lesion, and weight decay moves weights that are taught nothing.
    expect((await moved([freeze("v2"), lesion("v1")])).sort()).toEqual(
      ["image->v1/weight", "report/bias", "v2->report/weight"].sort(),
    );
  });

  it.each([
    [
      "v3",
      'circuit "small", freeze of "v3": there is no projection or population of that name (did you mean "v1"?); there are image->pooled, image->v1, pooled->v2, v1->v2, v2->report, pooled, v1, v2, report',
    ],
    [
      "pooled",
      'circuit "small", freeze of "pooled": it has neither weights nor biases, so that nothing of it learns; leave it out',
    ],
    [
      "image->pooled",
      'circuit "small", freeze of "image->pooled": it has neither weights nor biases, so that nothing of it learns; leave it out',
    ],
  ])("is refused where nothing of it learns: %s", (of, complaint) => {
    expect(() => networkOf({ circuit: small, manipulations: [freeze(of)] }, builtIn)).toThrow(
      new DescriptionError(complaint),
    );
  });
});
