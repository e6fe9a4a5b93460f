import { UsageError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";
import { alignmentChapter } from "./alignment-chapter.ts";
import type { Chapter, Reported, ReportFile } from "./chapter.ts";
import { conditionsOf, shownConditions } from "./conditions.ts";
import type { Figure } from "./figures/figure.ts";
import { receptiveFieldsChapter } from "./figures/receptive-fields.ts";
import type { Table } from "./html/table.ts";
import type { ReportData } from "./report-data.ts";
import type { RunRecord } from "./run-record.ts";
import { trainingChapter } from "./training-chapter.ts";
import { warningsOf } from "./warnings.ts";

/** What the chapters of a report show, in its order. */
export interface Contents extends Reported {
  readonly figures: readonly Figure[];
  readonly tables: readonly Table[];
  readonly words: readonly string[];
  readonly warnings: readonly string[];
  readonly files: readonly ReportFile[];
}

/** Collects what the chapters of the data and those on training show. Throws what chapters throw. */
export async function contentsOf({ runs, chapters = [] }: ReportData): Promise<Contents> {
  const reported = { runs, conditions: conditionsOf(runs) };
  const all = inOrder(chapters, reported);
  return {
    ...reported,
    figures: await figuresOf(all, runs),
    tables: there(all.flatMap((chapter) => chapter.tables?.(reported) ?? [])),
    words: all.flatMap((chapter) => chapter.words?.(reported) ?? []),
    warnings: warningsOf(
      reported,
      all.map((chapter) => chapter.warnings?.(reported) ?? []),
    ),
    files: all.flatMap((chapter) => chapter.files?.(reported) ?? []),
  };
}

/** Chapters on training between those that come before and after it. */
function inOrder(chapters: readonly Chapter[], reported: Reported): Chapter[] {
  const quantities = chapters.flatMap((chapter) => chapter.quantities?.(reported) ?? []);
  return [
    ...chapters.filter(({ place }) => place !== "after"),
    trainingChapter(quantities),
    alignmentChapter,
    ...chapters.filter(({ place }) => place === "after"),
    receptiveFieldsChapter,
  ];
}

async function figuresOf(chapters: readonly Chapter[], runs: readonly RunRecord[]): Promise<Figure[]> {
  const drawn = { runs, conditions: shownConditions(runs) };
  const figures: (Figure | undefined)[] = [];
  for (const chapter of chapters) figures.push(...((await chapter.figures?.(drawn)) ?? []));
  const all = there(figures);
  const taken = new Set<string>();
  for (const { name } of all) {
    if (taken.has(name))
      throw new UsageError(
        `Figure ${shown(name)}: two figures of one report have this name, by which their files are called; give one of them another name`,
      );
    taken.add(name);
  }
  return all;
}

const there = <T>(parts: readonly (T | undefined)[]): T[] => parts.filter((part) => part !== undefined);
