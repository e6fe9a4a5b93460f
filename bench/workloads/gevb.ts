import { buildNetwork } from "../../src/circuits/network.ts";
import { openDevice } from "../../src/compute/devices.ts";
import { costOf } from "../../src/compute/plan.ts";
import { randomStream } from "../../src/compute/random.ts";
import { type Architecture, paperHidden } from "../../src/experiments/gevb-choices.ts";
import { gevbCircuit } from "../../src/experiments/gevb-circuit.ts";
import { learningProgram, startValues } from "../../src/plasticity/learning-program.ts";
import { buildOptimiser } from "../../src/plasticity/optimisers/registry.ts";
import { buildRule } from "../../src/plasticity/rules/registry.ts";
import type { Peer, Workload } from "../workload.ts";

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
export async function prepareGevbStep({ arch, batch = 128, hidden }: GevbSizes, provider: string) {
  const units = hidden ?? paperHidden("mnist", arch, "vector");
  const network = buildNetwork(
    gevbCircuit({ image, arch, units: "vector", hidden: [...units], classes, sign: "excitatory" }),
  );
  const rule = buildRule({ kind: "gevb" });
  const optimiser = buildOptimiser({ kind: "adam", rate: 3e-4 });
  const program = learningProgram({ network, rule, optimiser, batch });
  const train = program.plans.train!;
  const executor = await openDevice({ device: "cpu", provider });
  const session = await executor.load({ residents: program.residents, plans: { train } });
  for (const [name, values] of startValues(network, rule, 1)) await session.write(name, values);
  const random = randomStream(1, "bench/stimuli");
  const stimuli = Float32Array.from({ length: batch * network.input.units }, () => random.uniform());
  const labels = Float32Array.from({ length: batch }, () => random.integer(0, classes - 1));
  const weights = new Float32Array(batch).fill(1 / batch);
  let step = 0;
  return {
    async step() {
      step++;
      await session.run("train", [{ stimuli, labels, weights, schedule: optimiser.schedule(step) }]);
    },
    cost: costOf(train),
    dispose: () => session.dispose(),
  };
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
