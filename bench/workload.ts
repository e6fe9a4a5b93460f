import type { PlanCost } from "../src/compute/plan.ts";

/** How a run of the benchmark asks for a workload. */
export interface WorkloadSettings {
  /** Contraction provider of the cpu device. */
  readonly provider: string;
  /** Whether only that it runs is of interest: as little work as makes sense. */
  readonly quick: boolean;
}

/** The same work in another library: a script that prints one JSON object with milliseconds in one of its fields. */
export interface Peer {
  /** What it is in a table: "PyTorch, tuned". */
  readonly name: string;
  /** File in the folder of peers. */
  readonly script: string;
  /** @param steps steps to time, besides those that warm it up */
  words(steps: number): readonly string[];
  /** Field of the JSON object that holds the median milliseconds a step. */
  readonly field: string;
}

/** A workload that is ready to be timed. */
export interface PreparedWorkload {
  step(): Promise<void>;
  /** What one step costs by its plans, kernel by kernel. */
  readonly cost: Pick<PlanCost, "flops" | "bytes">;
  dispose(): Promise<void>;
}

/** Something that is timed here and, where there is a peer, there. */
export interface Workload {
  /** By which it is chosen: "gevb-dense". */
  readonly name: string;
  /** What one step is. */
  readonly summary: string;
  /** Steps in a turn; their median counts. */
  readonly steps: number;
  /** Steps that are not timed, once after `prepare`. */
  readonly warmUp: number;
  readonly peers: readonly Peer[];
  prepare(settings: WorkloadSettings): Promise<PreparedWorkload>;
}
