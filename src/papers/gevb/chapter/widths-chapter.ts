import type { Chapter } from "../../../report/chapter.ts";
import type { WidthSeries } from "../width-record.ts";
import { alignmentWidthFigure } from "./figures/alignment-width.ts";
import { widthsInWords, widthTable } from "./width-results.ts";

/** Alignment in networks of several widths, before learning. */
export const widthsChapter = (series: WidthSeries): Chapter => ({
  figures: () => [alignmentWidthFigure(series)],
  tables: () => [widthTable(series)],
  words: () => widthsInWords(series),
});
