import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stateCorrelations } from "../../../../src/analysis/state-correlation.ts";
import { randomStream } from "../../../../src/compute/random.ts";
import { correlations } from "../../../../src/papers/modules/measure/correlations.ts";

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

describe("the correlation metric", () => {
  test("is taken of the trials that share each digit with another, and of none where there are none", () => {
    fc.assert(
      fc.property(drawnTrials, fc.integer({ min: 1, max: 30 }), ({ digits, states, count, seed }, pairs) => {
        const { correlation, notes } = correlations({ states, digits }, pairs, seed);
        const drawn = [...randomStream(seed, "correlation/trials").permutation(count).subarray(0, pairs)];
        const loners = drawn.filter((trial) => !digits.every((labels) => isShared(labels, drawn)(trial)));
        expect(correlation.map((row) => row.length)).toEqual([2, 2]);
        for (const [module, row] of correlation.entries()) {
          const note = `no two of ${drawn.length} trials share a digit`;
          if (row.includes(null)) {
            expect(row).toEqual([null, null]);
            expect(notes).toContainEqual({ module, note });
          } else {
            expect(notes.map((each) => each.module)).not.toContain(module);
            for (const value of row) expect(value).toBeLessThanOrEqual(1 + 1e-9);
          }
        }
        if (loners.length === drawn.length) expect(correlation.flat()).toEqual([null, null, null, null]);
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

  test("leaves out, of one module alone, the trials in which all its units have the same rate, and says so", () => {
    const [count, silent] = [40, 12];
    const random = randomStream(1, "trials");
    const digits = [0, 1].map(() => Float32Array.from({ length: count }, () => random.integer(0, 1)));
    const data = () => Float32Array.from({ length: count * units }, () => random.uniform());
    const [first, second] = [data(), data()];
    const shape = [count, units] as const;
    const before = correlations({ states: [first, second].map((each) => ({ shape, data: each })), digits }, count, 7);
    const states = [
      { shape, data: first },
      { shape, data: second.map((rate, at) => (at < silent * units ? 0.5 : rate)) },
    ];
    const { correlation, notes } = correlations({ states, digits }, count, 7);
    expect(correlation[0]).toEqual(before.correlation[0]);
    expect(correlation[1]).not.toEqual(before.correlation[1]);
    for (const value of correlation[1]!) expect(Number.isFinite(value)).toBe(true);
    expect(notes).toEqual([{ module: 1, note: "all units have the same rate in 12 of 40 trials, which are left out" }]);
    const silenced = [
      { shape, data: first },
      { shape, data: second.map(() => 0) },
    ];
    expect(correlations({ states: silenced, digits }, count, 7)).toEqual({
      correlation: [before.correlation[0], [null, null]],
      notes: [
        {
          module: 1,
          note: "all units have the same rate in 40 of 40 trials, which are left out",
        },
      ],
    });
    const lost = [
      { shape, data: first },
      { shape, data: second.map(() => Number.NaN) },
    ];
    expect(correlations({ states: lost, digits }, count, 7)).toMatchObject({
      correlation: [before.correlation[0], [null, null]],
      notes: [{ module: 1, note: expect.stringContaining("is NaN, expected finite numbers") }],
    });
  });
});
