import type { Chapter, MeasuredRun } from "../../report/chapter.ts";
import { embeddingFigure } from "./embedding.ts";
import type { Representation } from "./record.ts";
import { scores } from "./scores.ts";

/** The embedding of the last hidden population, and its scores as rows of the table of results. */
export const representationChapter: Chapter<MeasuredRun<Representation>> = {
  place: "after",
  figures: ({ conditions }) => [embeddingFigure(conditions)],
  quantities: () =>
    scores.map(({ name, value, shown }) => ({ name, value: ({ record }) => value(record), format: shown })),
};
