import type { PreparedWorkload } from "../workload.ts";
import { prepareGevbStep } from "../workloads/gevb.ts";
import { prepareModulesStep } from "../workloads/modules.ts";

/** A size that grows while all else stays. */
export interface ScalingAxis {
  /** By which its figure is called: "batch". */
  readonly name: string;
  /** What an axis of a figure says. */
  readonly title: string;
  /** What is timed, and at which sizes all else stays. */
  readonly summary: string;
  /** From the smallest on. */
  readonly values: readonly number[];
  prepare(value: number, provider: string): Promise<PreparedWorkload>;
}

const doubling = (from: number, to: number): number[] =>
  Array.from({ length: Math.log2(to / from) + 1 }, (_, index) => from * 2 ** index);

/** Every size along which time is measured. */
export const scalingAxes: readonly ScalingAxis[] = [
  {
    name: "batch",
    title: "stimuli in a batch",
    summary: "GEVB training step of the dense vector network 784-1024-512-10, Adam",
    values: doubling(16, 1024),
    prepare: (batch, provider) => prepareGevbStep({ arch: "dense", batch }, provider),
  },
  {
    name: "width",
    title: "units of each hidden population",
    summary: "GEVB training step of a dense vector network with two hidden populations, batch 128, Adam",
    values: doubling(256, 4096),
    prepare: (width, provider) => prepareGevbStep({ arch: "dense", hidden: [width, width] }, provider),
  },
  {
    name: "modules",
    title: "modules",
    summary: "training step of modules of 100 units that each see a digit, density 0.1, 5 time steps, batch 256, AdamW",
    values: doubling(2, 16),
    prepare: (modules, provider) => prepareModulesStep({ modules }, provider),
  },
  {
    name: "time-steps",
    title: "time steps",
    summary: "training step of 2 modules of 100 units that each see a digit, density 0.1, batch 256, AdamW",
    values: [2, 5, 10, 20, 50],
    prepare: (steps, provider) => prepareModulesStep({ steps }, provider),
  },
];
