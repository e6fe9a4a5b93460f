import type { Condition } from "./conditions.ts";
import type { Figure } from "./figures/figure.ts";
import type { Table } from "./html/table.ts";
import type { RunRecord } from "./run-record.ts";

/** The runs of a report, as a chapter sees them. */
export interface Reported<Run extends RunRecord = RunRecord> {
  /** In the order in which they were given. */
  readonly runs: readonly Run[];
  /** The same runs by condition. */
  readonly conditions: readonly Condition<Run>[];
}

/** A quantity of runs: a row of the table of results, with mean and SD over the seeds of each condition. */
export interface Quantity<Run extends RunRecord = RunRecord> {
  /** Name of the row, with its unit where the text of a value does not say it: "silhouette", "test loss (nats)". */
  readonly name: string;
  /** NaN or null where a run does not have it. */
  value(run: Run): number | null;
  /** A value as text; `digits`: significant digits, where the format leaves a choice. Absent: three digits. */
  format?(value: number, digits?: number): string;
}

/** A text file beside the report. */
export interface ReportFile {
  /** Without a folder: "specialization.csv". */
  readonly name: string;
  readonly content: string;
}

/**
 * What a report shows of one matter: training, alignment, what a measure recorded, what an experiment sums up. Each part may be
 * left out, and shows nothing where there is nothing to show.
 */
export interface Chapter<Run extends RunRecord = RunRecord> {
  /**
   * Where its parts stand: before those of training (default), as what the runs are about, or after them.
   */
  readonly place?: "before" | "after";
  /** In the order of the report; what is undefined is left out. Names of figures are unique within a report. */
  figures?(reported: Reported<Run>): readonly (Figure | undefined)[] | Promise<readonly (Figure | undefined)[]>;
  tables?(reported: Reported<Run>): readonly (Table | undefined)[];
  /** Rows of the table of results, below the errors and losses. */
  quantities?(reported: Reported<Run>): readonly Quantity<Run>[];
  /** Sentences for the paragraph that opens the report; plain text. */
  words?(reported: Reported<Run>): string;
  /** What somebody should know before anything else, a sentence each; plain text. */
  warnings?(reported: Reported<Run>): readonly string[];
  files?(reported: Reported<Run>): readonly ReportFile[];
}

/** A run that has the record of a measure. */
export type MeasuredRun<Result> = RunRecord & { readonly record: Result };

/** The runs that have the record of a measure, each with it. */
export function measuredRuns<Result>(runs: readonly RunRecord[], measure: string): MeasuredRun<Result>[] {
  return runs.flatMap((run) => measured<Result>(run, measure) ?? []);
}

/** The same by condition; a condition without such a run is left out. */
export function measuredConditions<Result>(
  conditions: readonly Condition[],
  measure: string,
): Condition<MeasuredRun<Result>>[] {
  return conditions.flatMap((condition) => {
    const runs = measuredRuns<Result>(condition.runs, measure);
    return runs.length > 0 ? [{ ...condition, runs }] : [];
  });
}

/**
 * A chapter on the record of a measure as one of any runs: it sees the runs that have the record, and is not asked where none
 * has.
 */
export function chapterOfMeasure<Result>(measure: string, chapter: Chapter<MeasuredRun<Result>>): Chapter {
  const asked = <Part>(
    { runs, conditions }: Reported,
    part: ((reported: Reported<MeasuredRun<Result>>) => Part) | undefined,
    nothing: Part,
  ): Part => {
    const measured = measuredRuns<Result>(runs, measure);
    if (measured.length === 0 || !part) return nothing;
    return part.call(chapter, { runs: measured, conditions: measuredConditions<Result>(conditions, measure) });
  };
  return {
    ...(chapter.place && { place: chapter.place }),
    figures: (reported) => asked(reported, chapter.figures, []),
    tables: (reported) => asked(reported, chapter.tables, []),
    words: (reported) => asked(reported, chapter.words, ""),
    warnings: (reported) => asked(reported, chapter.warnings, []),
    files: (reported) => asked(reported, chapter.files, []),
    quantities: (reported) =>
      asked(reported, chapter.quantities, []).map(({ value, ...quantity }) => ({
        ...quantity,
        value(run) {
          const found = measured<Result>(run, measure);
          return found ? value(found) : Number.NaN;
        },
      })),
  };
}

function measured<Result>(run: RunRecord, measure: string): MeasuredRun<Result> | undefined {
  if (!Object.hasOwn(run.records, measure)) return undefined;
  return { ...run, record: run.records[measure] as Result };
}
