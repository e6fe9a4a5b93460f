import { type Condition, overSeeds } from "../../../report/conditions.ts";
import type { Spread } from "../../../report/spread.ts";
import type { SpecializationRecord } from "../specialization-record.ts";
import { largestShareIn } from "./decisions.ts";
import { type DensityPoint, type ModulesRun, meanOf } from "./density-points.ts";
import { metricsIn, specializationIn } from "./metrics.ts";
import { dimensionsIn, similarityIn } from "./states.ts";

/** A quantity of points, as tables and files give it. */
export interface Column {
  /** Begins the names of its columns in files. */
  key: string;
  /** With its unit. */
  title: string;
  /** The table that it belongs to: what modules do, or what the circuit is like and how well it does. */
  table: "function" | "circuit";
  /** "percent" of a share, in per cent with a decimal; or a plain number with so many decimals. */
  format: "percent" | 1 | 2 | 3;
  of(point: Condition<ModulesRun>): Spread;
}

/**
 * What tables of points report: specialization by each metric and the largest share of decisions that a module has;
 * accuracies, Newman's Q, likeness and dimensions of states.
 */
export function columnsOf(points: readonly DensityPoint[]): Column[] {
  const recorded =
    (value: (record: SpecializationRecord) => number) =>
    ({ record }: ModulesRun) =>
      value(record);
  const circuit = (
    key: string,
    title: string,
    format: Column["format"],
    value: (run: ModulesRun) => number,
  ): Column => ({
    key,
    title,
    table: "circuit",
    format,
    of: (point) => overSeeds(point, value),
  });
  return [
    ...metricsIn(points.flatMap(({ runs }) => runs)).map(
      (metric): Column => ({
        key: metric.key,
        title: metric.title,
        table: "function",
        format: 2,
        of: (point) => overSeeds(point, (run) => specializationIn(run, metric)),
      }),
    ),
    ...(points.some(({ runs }) => runs.some((run) => Number.isFinite(largestShareIn(run))))
      ? [
          {
            ...circuit("largest_share", "largest share of decisions (%)", "percent", largestShareIn),
            table: "function" as const,
          },
        ]
      : []),
    circuit(
      "accuracy",
      "accuracy, whole circuit (%)",
      "percent",
      recorded(({ ablation }) => ablation.whole),
    ),
    circuit(
      "accuracy_cut",
      "accuracy, connections cut (%)",
      "percent",
      recorded(({ ablation }) => ablation.cut),
    ),
    circuit(
      "accuracy_silenced",
      "accuracy, one module silenced (%)",
      "percent",
      recorded(({ ablation }) => meanOf(ablation.silenced)),
    ),
    circuit(
      "modularity",
      "modularity Q",
      3,
      recorded(({ structure }) => structure.modularity),
    ),
    circuit("cka", "linear CKA", 2, similarityIn),
    circuit("dimensions", "dimensions", 1, dimensionsIn),
  ];
}
