import * as z from "zod";
import type { Representation } from "../../records/representation-record.ts";
import { resultFile } from "./result-file.ts";
import { runFiles } from "./run-files.ts";

/** representation.json of a run folder. */
export const representationFile = resultFile<Representation>(
  runFiles.representation,
  "a representation",
  z.looseObject({
    population: z.string(),
    count: z.int().min(1),
    silhouette: z.number(),
    purity: z.number(),
    neighbours: z.int().min(1),
    perplexity: z.number(),
    points: z.array(z.looseObject({ x: z.number(), y: z.number(), label: z.int().min(0) })),
  }),
  ({ count, points }) => (points.length === count ? undefined : `it has ${points.length} points for ${count} stimuli`),
);
