import { builtIn } from "../../src/library.ts";
import type { Chapter } from "../../src/report/chapter.ts";
import { contentsOf } from "../../src/report/contents.ts";
import type { Figure } from "../../src/report/figures/figure.ts";
import type { RunRecord } from "../../src/report/run-record.ts";

/** Chapters of all measures that Sulcus comes with. */
export const chaptersOfMeasures: readonly Chapter[] = builtIn.list("measure").flatMap(({ chapter }) => chapter ?? []);

/** Every figure of a report on runs, in its order. */
export async function allFigures(
  runs: readonly RunRecord[],
  chapters: readonly Chapter[] = chaptersOfMeasures,
): Promise<readonly Figure[]> {
  const data = { title: "", experiment: "", created: "", environment: {}, runs: [...runs], chapters };
  return (await contentsOf(data)).figures;
}
