import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { costOf } from "../../src/compute/plan.ts";
import { nodeLibrary } from "../../src/node-library.ts";
import { gevbCollection } from "../../src/papers/gevb/gevb.ts";
import { QuickstartConfig } from "../../src/papers/gevb/settings.ts";
import { TaskShelf } from "../../src/runs/execution/task-shelf.ts";
import { runExperiment } from "../../src/runs/experiments.ts";
import { BatchSequence } from "../../src/tasks/batches.ts";
import { planLearner } from "../../src/training/learner.ts";
import type { Workload } from "../workload.ts";

/** Digits of a quick run. */
const quickLimit = 256;

/** What `npm start` does, from the digits to the report. Its cost is that of its training steps. */
export const mainJob: Workload = {
  name: "main-job",
  summary: "the quickstart, end to end: one epoch of the digits by GEVB and one by back-propagation, and their report",
  steps: 1,
  warmUp: 0,
  peers: [],
  async prepare({ provider, quick }) {
    const options = { device: "cpu", provider, ...(quick ? { limit: quickLimit, testLimit: quickLimit } : {}) };
    const folder = await mkdtemp(path.join(tmpdir(), "sulcus-bench-"));
    let times = 0;
    return {
      async step() {
        times++;
        const out = path.join(folder, String(times));
        await runExperiment({ experiment: "quickstart", settings: options }, { library: nodeLibrary, out });
      },
      cost: await trainingCost(options),
      dispose: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

/** Of all training steps of all runs. */
async function trainingCost(options: object) {
  const { cells, tasks } = await gevbCollection(
    "quickstart",
    QuickstartConfig.parse(options),
    new TaskShelf(nodeLibrary),
  );
  const cost = { flops: 0, bytes: 0 };
  for (const { description } of cells) {
    const { training } = await tasks.take(description);
    const { stepsPerEpoch } = new BatchSequence(training, description.batch, description.seed);
    const step = costOf(planLearner(description, nodeLibrary).program.plans.train!);
    const steps = stepsPerEpoch * description.epochs;
    cost.flops += steps * step.flops;
    cost.bytes += steps * step.bytes;
  }
  return cost;
}
