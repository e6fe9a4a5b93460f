import { type Condition, overSeeds } from "../conditions.ts";
import type { RunRecord } from "../report-data.ts";
import type { SpecializationRecord } from "../specialization-record.ts";
import type { Spread } from "../spread.ts";
import { largestShareIn } from "./decisions.ts";
import { type DensityPoint, meanOf } from "./density-points.ts";
import { metricsIn, specializationIn } from "./metrics.ts";
import { dimensionsIn, similarityIn } from "./states.ts";

/** A quantity of points, as tables and files give it. */
export interface Column {
  /** Begins the names of its columns in files. */
  key: string;
  title: string;
  /** "percent" of a share, or a plain number. */
  format: "percent" | "number";
  of(point: Condition): Spread;
}

/** What a table of points tells: accuracies, Newman's Q, the largest share of decisions that a
 * module has, specialization by each metric, likeness and dimensions of states. */
export function columnsOf(points: readonly DensityPoint[]): Column[] {
  const recorded = (value: (record: SpecializationRecord) => number) => (run: RunRecord) =>
    run.specialization ? value(run.specialization) : Number.NaN;
  const column = (key: string, title: string, format: Column["format"], value: (run: RunRecord) => number): Column => ({
    key,
    title,
    format,
    of: (point) => overSeeds(point, value),
  });
  return [
    column(
      "accuracy",
      "test accuracy",
      "percent",
      recorded(({ ablation }) => ablation.whole),
    ),
    column(
      "accuracy_cut",
      "accuracy, cut",
      "percent",
      recorded(({ ablation }) => ablation.cut),
    ),
    column(
      "accuracy_silenced",
      "accuracy, silenced",
      "percent",
      recorded(({ ablation }) => meanOf(ablation.silenced)),
    ),
    column(
      "modularity",
      "modularity Q",
      "number",
      recorded(({ structure }) => structure.modularity),
    ),
    ...(points.some(({ runs }) => runs.some((run) => Number.isFinite(largestShareIn(run))))
      ? [column("largest_share", "largest share of decisions", "percent", largestShareIn)]
      : []),
    ...metricsIn(points.flatMap(({ runs }) => runs)).map((metric) =>
      column(metric.key, metric.title, "number", (run) => specializationIn(run, metric)),
    ),
    column("cka", "linear CKA", "number", similarityIn),
    column("dimensions", "dimensions", "number", dimensionsIn),
  ];
}
