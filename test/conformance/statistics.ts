import * as z from "zod";
import { angleDegrees } from "../../src/analysis/angle.ts";
import { meanCorrelation, pairCorrelations } from "../../src/analysis/correlation.ts";
import { participationRatio } from "../../src/analysis/dimensionality.ts";
import { linearCKA } from "../../src/analysis/similarity.ts";

const matrix = z.object({ shape: z.tuple([z.int(), z.int()]), data: z.array(z.number()) });
const vector = z.object({ shape: z.tuple([z.int()]), data: z.array(z.number()) });

export const StatisticsCase = z.object({
  kind: z.literal("statistics"),
  states: matrix,
  permutation: z.array(z.int()),
  x: matrix,
  y: matrix,
  a: vector,
  b: vector,
  expect: z.object({
    pairCorrelations: z.array(z.number()),
    meanCorrelation: z.number(),
    linearCKA: z.number(),
    angleDegrees: z.number(),
    participationRatioX: z.number(),
  }),
});

/**
 * Computes what a reference case of kind "statistics" expects.
 *
 * @returns each quantity of the case under its name there, as computed and as expected
 */
export async function checkStatistics(
  reference: z.infer<typeof StatisticsCase>,
): Promise<Record<string, { got: number[]; expected: number[] }>> {
  const { states, permutation, x, y, a, b, expect } = reference;
  return {
    pairCorrelations: { got: [...pairCorrelations(states, permutation)], expected: expect.pairCorrelations },
    meanCorrelation: { got: [meanCorrelation(states, permutation)], expected: [expect.meanCorrelation] },
    linearCKA: { got: [linearCKA(x, y)], expected: [expect.linearCKA] },
    angleDegrees: { got: [angleDegrees(a.data, b.data)], expected: [expect.angleDegrees] },
    participationRatioX: { got: [participationRatio(x)], expected: [expect.participationRatioX] },
  };
}
