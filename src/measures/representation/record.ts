import * as z from "zod";

/** How one population represents test stimuli after training: representation.json of a run folder. */
export const Representation = z
  .object({
    /** The population whose rates these are. */
    population: z.string(),
    /** Stimuli. */
    count: z.int().min(1),
    /** Mean silhouette of the classes by the distances of rates, -1 to 1. */
    silhouette: z.number(),
    /** Mean share of the nearest neighbours that are of the stimulus' class, 0 to 1. */
    purity: z.number(),
    /** How many nearest neighbours. */
    neighbours: z.int().min(1),
    /** Of the t-SNE that places the points. */
    perplexity: z.number(),
    /** A point a stimulus, in the plane of the embedding, which has no unit, and its class. */
    points: z.array(z.object({ x: z.number(), y: z.number(), label: z.int().min(0) })),
  })
  .superRefine(({ count, points }, context) => {
    if (points.length !== count)
      context.addIssue({ code: "custom", message: `it has ${points.length} points for ${count} stimuli` });
  });
export type Representation = z.infer<typeof Representation>;
