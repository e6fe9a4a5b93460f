import type * as z from "zod";
import { UsageError } from "../kinds/errors.ts";
import { type CallableKind, definer, type NoSettings, type SettingsSchema } from "../kinds/kind.ts";
import type { Library } from "../kinds/library.ts";
import { shown } from "../kinds/shown.ts";
import { type Chapter, chapterOfMeasure, type MeasuredRun } from "../report/chapter.ts";
import type { Measure, MeasureContext, RecordedMeasure } from "../training/measure.ts";
import { RunDescription } from "../training/run-description.ts";
import type { TrainedRun } from "../training/trained-run.ts";

declare module "../kinds/families.ts" {
  interface Families {
    measure: FamilyOf<
      MeasureContext,
      Measure,
      RecordedMeasure & {
        /** Its chapter of the report, which shows nothing of runs without its record. */
        readonly chapter: Chapter | undefined;
      }
    >;
  }
}

/** What whoever adds a measure writes. */
export interface MeasureDefinition<Result extends object, Schema extends SettingsSchema> {
  /**
   * Its name: the key of run descriptions that asks for it, and the name of its record, NAME.json of a run folder. Lower-case
   * letters, digits and "-".
   */
  readonly kind: string;
  /** One line of explanation, for lists and help. */
  readonly summary: string;
  /** Absent: the measure has no settings. */
  readonly settings?: Schema;
  /** Schema of its record. */
  readonly record: z.ZodType<Result>;
  /** See `RecordedMeasure`. */
  readonly shorthand?: string & keyof z.output<Schema>;
  asked?(settings: z.output<Schema>): boolean;
  /** Why it cannot be taken of a run, in words; undefined where it can. Asked before any work. */
  refuse?(settings: z.output<Schema>, context: MeasureContext, library: Library): string | undefined;
  /** See `Measure.take`. */
  take(settings: z.output<Schema>, run: TrainedRun): Result | Promise<Result>;
  /** What is told of a record when it has been taken, a line each. */
  words?(record: Result): readonly string[];
  /** What the report shows of it. */
  readonly chapter?: Chapter<MeasuredRun<Result>>;
}

const define = definer("measure");

/** Other files of a run folder whose names end in .json. */
const taken = ["summary", "timing", "failure", "failed-measures"];

/**
 * A measure of trained circuits: what is found out about a circuit when training is over, recorded in the run folder, told, and
 * shown in the report.
 *
 * ```ts
 * export const silence = defineMeasure({
 *   kind: "silence",
 *   summary: "share of units that are silent",
 *   record: z.object({ share: z.number() }),
 *   take: async (settings, run) => ({ share: await silentShareOf(run) }),
 *   words: ({ share }) => [`${share} of the units are silent`],
 * });
 * ```
 *
 * @throws UsageError where its name is not of lower-case letters, digits and "-", or is taken by a setting or file of runs
 */
export function defineMeasure<Result extends object, Schema extends SettingsSchema = NoSettings>(
  definition: MeasureDefinition<Result, Schema>,
): CallableKind<"measure", Schema> {
  const { kind, take, chapter, words, ...others } = definition;
  checkName(kind);
  return define({
    ...others,
    kind,
    build: (chosen: z.output<Schema>) => ({ take: async (run: TrainedRun) => take(chosen, run) }),
    ...(words && { words: (record: object) => words(record as Result) }),
    chapter: chapter && chapterOfMeasure(kind, chapter),
  } as unknown as Parameters<typeof define<Schema>>[0]);
}

function checkName(kind: string): void {
  if (!/^[a-z][a-z\d-]{0,60}$/.test(kind))
    throw new UsageError(
      `measure ${shown(kind)}: expected a name of lower-case letters, digits and "-", by which its file is called`,
    );
  if (Object.hasOwn(RunDescription.shape, kind) || taken.includes(kind))
    throw new UsageError(
      `measure ${shown(kind)}: run folders and descriptions of runs use this name for something else; give it another one`,
    );
}
