import { gevbCircuit } from "../../src/circuits/ready-made/gevb.ts";
import type { Architecture } from "../../src/circuits/ready-made/gevb-choices.ts";
import { paperHidden } from "../../src/papers/gevb/choices.ts";
import type { Peer, Workload } from "../workload.ts";
import { prepareSteps } from "./steps.ts";

const image = { height: 28, width: 28, channels: 1 };
const classes = 10;

export interface GevbSizes {
  readonly arch: Architecture;
  /** Stimuli in a batch; default 128. */
  readonly batch?: number;
  /** Units of each hidden population; default the paper's. */
  readonly hidden?: readonly number[];
}

/** A GEVB training step of a vector network for images of MNIST's size on the cpu device, ready to run. */
export function prepareGevbStep({ arch, batch = 128, hidden }: GevbSizes, provider: string) {
  const units = hidden ?? paperHidden("mnist", arch, "vector");
  const circuit = gevbCircuit({ image, arch, units: "vector", hidden: [...units], classes, sign: "excitatory" });
  const learning = { rule: { kind: "gevb" }, optimiser: { kind: "adam" as const, rate: 3e-4 }, batch };
  return prepareSteps({ circuit, ...learning }, { plan: "train", provider });
}

/** First layers of the peer: an ordinary one with K times the units, or the image in K copies padded with zeros. */
function peer(arch: Architecture, firstLayer: "tuned" | "published"): Peer {
  return {
    name: `PyTorch, ${firstLayer}`,
    script: "gevb_torch.py",
    words: (steps) => ["--arch", arch, "--first-layer", firstLayer, "--steps", String(steps)],
    field: "medianMsPerStep",
  };
}

function gevbStep(arch: Architecture, summary: string, steps: number, peers: readonly Peer[]): Workload {
  return {
    name: `gevb-${arch}`,
    summary: `GEVB training step, vector network for MNIST, ${summary}, batch 128, Adam`,
    steps,
    warmUp: 3,
    peers,
    prepare: ({ provider }) => prepareGevbStep({ arch }, provider),
  };
}

/** Training steps of the gevb paper's vector networks for MNIST. */
export const gevbSteps: readonly Workload[] = [
  gevbStep("dense", "dense 784-1024-512-10", 9, [peer("dense", "tuned"), peer("dense", "published")]),
  gevbStep("conv", "64@3x3 and 32@3x3 convolutions with average pools, dense 1024", 5, [peer("conv", "tuned")]),
  gevbStep("local", "32@3x3 and 32@3x3 local windows with average pools, dense 1024", 5, [peer("local", "tuned")]),
];
