import type { AttentionRecord } from "../papers/attention/attention-record.ts";
import type { TableCell } from "../papers/gevb/table-record.ts";
import type { WidthSeries } from "../papers/gevb/width-record.ts";
import type { ConnectionMatrix } from "../papers/modules/connection-record.ts";
import type { SpecializationRecord } from "../papers/modules/specialization-record.ts";
import type { FailedMeasure } from "../records/failed-measures-record.ts";
import type { Evaluation, RunSummary } from "../records/learning-record.ts";
import type { Representation } from "../records/representation-record.ts";

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
  representation?: Representation;
  specialization?: SpecializationRecord;
  attention?: AttentionRecord;
  /** Measures that failed after training, and why. */
  failedMeasures?: readonly FailedMeasure[];
  /** Of the modules; of few runs, since it is large. */
  connections?: ConnectionMatrix;
}

/** Everything a report shows. Two reports of equal data are equal byte for byte. */
export interface ReportData {
  title: string;
  /** Name of the experiment: "gevb". */
  experiment: string;
  /** The command that repeats it. */
  command?: string;
  /** When, ISO 8601. */
  created: string;
  /** Versions and the machine in words. */
  environment: Record<string, string>;
  /** In the order of tables and legends; at least one unless there is a table or widths. */
  runs: RunRecord[];
  /** Alignment in networks of several widths, before learning. */
  widths?: WidthSeries;
  /** Test errors over architectures, units, rules and signs, as the paper tables them. */
  table?: readonly TableCell[];
}

/** Puts a whole file in place: either all of `content` ends up under `path` or nothing does. */
export type Writer = (path: string, content: string | Uint8Array) => Promise<void>;

/** The names, with a count behind each one that was there before. */
export function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let count = 2; taken.has(free); count++) free = `${name} (${count})`;
    taken.add(free);
    return free;
  });
}

/** Names of all projections whose alignment some run measured, in order of first appearance. */
export function alignedProjections(runs: readonly RunRecord[]): string[] {
  const names = runs.flatMap((run) => [...run.evaluations, run.summary].flatMap((each) => Object.keys(each.alignment)));
  return [...new Set(names)];
}
