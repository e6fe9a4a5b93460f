import fc from "fast-check";
import { expect, test } from "vitest";
import { stateCorrelations } from "../../src/analysis/state-correlation.ts";
import { randomStream } from "../../src/compute/random.ts";
import { correlations } from "../../src/experiments/specialization/correlations.ts";

const units = 3;
const modules = 2;

/** Trials of two digits from few values, of which some may stand alone, and states of two modules. */
const drawnTrials = fc
  .record({ values: fc.integer({ min: 1, max: 12 }), count: fc.integer({ min: 1, max: 24 }), seed: fc.nat() })
  .map(({ values, count, seed }) => {
    const random = randomStream(seed, "trials");
    const drawn = (size: number, draw: () => number) => Float32Array.from({ length: size }, draw);
    return {
      digits: [0, 1].map(() => drawn(count, () => random.integer(0, values - 1))),
      states: Array.from({ length: modules }, () => ({
        shape: [count, units] as const,
        data: drawn(count * units, () => random.uniform()),
      })),
      count,
      seed,
    };
  });

const isShared = (labels: Float32Array, trials: readonly number[]) => (trial: number) =>
  trials.some((other) => other !== trial && labels[other] === labels[trial]);

test("are taken of the trials that share each digit with another, and of none where there are none", () => {
  fc.assert(
    fc.property(drawnTrials, fc.integer({ min: 1, max: 30 }), ({ digits, states, count, seed }, pairs) => {
      const { correlation } = correlations({ states, digits }, pairs, seed);
      const drawn = [...randomStream(seed, "correlation/trials").permutation(count).subarray(0, pairs)];
      const loners = drawn.filter((trial) => !digits.every((labels) => isShared(labels, drawn)(trial)));
      if (loners.length === drawn.length) {
        expect(correlation).toBeUndefined();
        return;
      }
      if (correlation) {
        expect(correlation.map((row) => row.length)).toEqual([2, 2]);
        for (const value of correlation.flat()) expect(value).toBeLessThanOrEqual(1 + 1e-9);
      }
      if (loners.length > 0) return;
      const chosen = (values: Float32Array, width: number) =>
        Float32Array.from(drawn.flatMap((trial) => [...values.subarray(trial * width, (trial + 1) * width)]));
      expect(correlation).toEqual(
        states.map(({ data }, module) => [
          ...stateCorrelations({
            states: { shape: [drawn.length, units], data: chosen(data, units) },
            digits: digits.map((labels) => chosen(labels, 1)),
            random: randomStream(seed, `correlation/module-${module}`),
          }),
        ]),
      );
    }),
    { numRuns: 300 },
  );
});
