import type { Evaluation, RunSummary } from "./learning-record.ts";
import type { Representation } from "./representation-record.ts";
import type { TableCell } from "./table-record.ts";
import type { WidthSeries } from "./width-record.ts";

/** What some units of a vector population are tuned to: the incoming weights of each, as images. */
export interface ReceptiveFields {
  /** The projection the weights belong to, "pixels->v1". */
  projection: string;
  /** Pixels of one field. */
  height: number;
  width: number;
  /** Fields per unit: the dimension of the vector population, 1 where units are scalar. */
  components: number;
  /** One field of height x width weights, row by row, per component. */
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
  /** The resolved configuration; any plain data. */
  config: Record<string, unknown>;
  /** In the order they were made. A number that was lost on the way through JSON (null for NaN) counts as NaN. */
  evaluations: Evaluation[];
  summary: RunSummary;
  receptiveFields?: ReceptiveFields;
  representation?: Representation;
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
  /** In the order of tables and legends; at least one unless there are widths. */
  runs: RunRecord[];
  /** Alignment in networks of several widths, before learning. */
  widths?: WidthSeries;
  /** Test errors over architectures, units, rules and signs, as the paper tables them. */
  table?: readonly TableCell[];
}

/** Puts a whole file in place: either all of `content` ends up under `path` or nothing does. */
export type Writer = (path: string, content: string | Uint8Array) => Promise<void>;

/**
 * A label per run, none of them empty and no two the same, so that a figure never joins two runs into one line: a run
 * without a label goes by its rule, and a repeated label is counted ("GEVB", "GEVB (2)").
 */
export function distinctLabels(runs: readonly RunRecord[]): string[] {
  return distinct(runs.map((run, index) => run.label.trim() || run.rule.trim() || `run ${index + 1}`));
}

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

/** Epoch of the first evaluation whose loss is no longer a number, if the run diverged. */
export function divergedAt(run: RunRecord): number | undefined {
  const lost = run.evaluations.find((each) => !Number.isFinite(each.loss) || Number.isNaN(each.trainLoss));
  if (lost) return lost.epoch;
  return Number.isFinite(run.summary.testLoss) ? undefined : run.summary.epochs;
}

/** Names of all projections whose alignment some run measured, in order of first appearance. */
export function alignedProjections(runs: readonly RunRecord[]): string[] {
  const names = runs.flatMap((run) => [...run.evaluations, run.summary].flatMap((each) => Object.keys(each.alignment)));
  return [...new Set(names)];
}
