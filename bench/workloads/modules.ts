import { modularCircuit, uniformWiring } from "../../src/circuits/ready-made/modules.ts";
import type { Workload } from "../workload.ts";
import { prepareSteps } from "./steps.ts";

const [units, density, batch] = [100, 0.1, 256];
const digit = { height: 28, width: 28, channels: 1 };

export interface ModulesSizes {
  /** Default 2. */
  readonly modules?: number;
  /** Time steps; default 5. */
  readonly steps?: number;
}

/** A training step of modules that each see a digit on the cpu device, ready to run. */
export function prepareModulesStep({ modules = 2, steps = 5 }: ModulesSizes, provider: string) {
  const circuit = modularCircuit({
    units,
    wiring: uniformWiring(modules, density),
    inputs: Array.from({ length: modules }, () => digit),
    classes: 10,
    steps,
  });
  const learning = { rule: { kind: "bp" }, optimiser: { kind: "adamw" as const, rate: 1e-3, decay: 1e-5 }, batch };
  return prepareSteps({ circuit, ...learning }, { plan: "train", provider });
}

/** A training step of two modules that each see a digit, unrolled over some time steps. */
function modulesStep(steps: number): Workload {
  return {
    name: `modules-${steps}`,
    summary: `training step of 2 modules of ${units} units, density ${density}, ${steps} time steps, batch ${batch}, AdamW`,
    steps: 25,
    warmUp: 5,
    peers: [
      {
        name: "PyTorch",
        script: "modules_torch.py",
        words: (repeats) => [
          ...["--units", String(units), "--density", String(density), "--batch", String(batch)],
          ...["--steps-in-time", String(steps), "--repeats", String(repeats)],
        ],
        field: "medianMsPerTrainStep",
      },
    ],
    prepare: ({ provider }) => prepareModulesStep({ steps }, provider),
  };
}

/** Training steps of the modules paper's circuits, with as few time steps as signals between modules need, and with 5. */
export const modulesSteps: readonly Workload[] = [modulesStep(2), modulesStep(5)];
