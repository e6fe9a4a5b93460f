import type { Library } from "../kinds/library.ts";
import type { FailedMeasure } from "../records/failed-measures-record.ts";
import type { Evaluation, RunSummary } from "../records/learning-record.ts";

/** What some units of a population are tuned to: the incoming weights of each, as images. */
export interface ReceptiveFields {
  /** The projection the weights belong to, "pixels->v1". */
  projection: string;
  /** Pixels of one field: of the whole image where the projection is dense, of the kernel where it is convolutional. */
  height: number;
  width: number;
  /** 1: weights in colours of sign and size; 3: red, green and blue, drawn as such. */
  channels: 1 | 3;
  /** Fields per unit: the dimension of the vector population, 1 where units are scalar. */
  components: number;
  /** One field of [height, width, channels] weights, row-major, per component. */
  units: {
    name: string;
    fields: Float32Array[];
    /** What training added to each field; drawn apart, since it is often small beside what the unit started from. */
    changes?: Float32Array[];
  }[];
}

/** A trained circuit whose parameters are kept. */
export interface KeptCircuit {
  /** Which kinds there are, to build its network with. */
  readonly library: Library;
  /** Reads a parameter by its name, row-major; weights are [post, pre]. */
  parameter(name: string): Promise<Float32Array>;
}

/** One training run, as the report shows it. */
export interface RunRecord {
  /** What the run is called: "GEVB", "BP". */
  label: string;
  /** What runs of different seeds share, shown as one curve and one column; by default the label. */
  condition?: string;
  /** Tells the runs of one condition apart. */
  seed: number;
  rule: string;
  /** Unit in which the objective measures losses: "nats". */
  lossUnit: string;
  /** The resolved configuration; any plain data. */
  config: Record<string, unknown>;
  /** In the order they were made. */
  evaluations: Evaluation[];
  summary: RunSummary;
  receptiveFields?: ReceptiveFields;
  /** What measures recorded after training, by the name of the measure. */
  records: Readonly<Record<string, unknown>>;
  /** Measures that failed after training, and why. */
  failedMeasures?: readonly FailedMeasure[];
  /** What it takes to look into the trained circuit, which `config` describes; absent where nothing is kept of it. */
  kept?: KeptCircuit;
}

/** Names of all projections whose alignment some run measured, in order of first appearance. */
export function alignedProjections(runs: readonly RunRecord[]): string[] {
  const names = runs.flatMap((run) => [...run.evaluations, run.summary].flatMap((each) => Object.keys(each.alignment)));
  return [...new Set(names)];
}
