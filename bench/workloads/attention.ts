import { digitAttention } from "../../src/circuits/ready-made/attention/named-circuits.ts";
import type { Workload } from "../workload.ts";
import { prepareSteps } from "./steps.ts";

function glimpses(name: string, summary: string, plan: "train" | "evaluate", field: string): Workload {
  return {
    name,
    summary: `${summary} of 64 scenes of two digits: two glimpses of five iterations each`,
    steps: 3,
    warmUp: 2,
    peers: [{ name: "PyTorch", script: "attention_torch.py", words: (steps) => ["--repeats", String(steps)], field }],
    prepare: ({ provider }) =>
      prepareSteps(
        {
          circuit: digitAttention(2),
          objective: { kind: "attended-object" },
          rule: { kind: "bp" },
          optimiser: { kind: "adam", rate: 1e-3 },
          batch: 64,
        },
        { plan, provider, presentations: 2 },
      ),
  };
}

/** Batches of the attention paper's circuit for digits. */
export const attentionBatches: readonly Workload[] = [
  glimpses("attention-train", "training batch", "train", "medianMsPerTrainBatch"),
  glimpses("attention-test", "test batch", "evaluate", "medianMsPerTestBatch"),
];
