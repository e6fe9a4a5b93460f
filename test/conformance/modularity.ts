import * as z from "zod";
import { modularity } from "../../src/analysis/modularity.ts";

const graph = z.object({ shape: z.tuple([z.int(), z.int()]), data: z.array(z.number()) });

export const ModularityCase = z.object({
  kind: z.literal("modularity"),
  adjacency: graph,
  undirected: graph,
  labels: z.array(z.int()),
  expect: z.object({ directed: z.number(), undirected: z.number() }),
});

/**
 * Computes what a reference case of kind "modularity" expects.
 *
 * @returns each quantity of the case under its name there, as computed and as expected
 */
export async function checkModularity(
  reference: z.infer<typeof ModularityCase>,
): Promise<Record<string, { got: number[]; expected: number[] }>> {
  const { adjacency, undirected, labels, expect } = reference;
  return {
    directed: { got: [modularity({ adjacency, labels })], expected: [expect.directed] },
    undirected: {
      got: [modularity({ adjacency: undirected, labels, directed: false })],
      expected: [expect.undirected],
    },
  };
}
