import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mean, standardDeviation } from "../../src/analysis/moments.ts";
import { metricIn } from "../../src/records/metrics.ts";
import { conditionsOf, overSeeds } from "../../src/report/conditions.ts";
import { seedNote, seedsInWords } from "../../src/report/seeds-in-words.ts";
import { spread } from "../../src/report/spread.ts";
import { stepsOf } from "../../src/report/steps.ts";
import { anyRun } from "./arbitraries.ts";
import { BP, exampleRun, exampleSeeds, GEVB } from "./example-data.ts";

const runs = fc.array(anyRun, { maxLength: 8 });
const seeds = exampleSeeds(GEVB, 5);

describe("conditions", () => {
  it("hold every run once, no seed twice, under names that are unique and not empty", () => {
    fc.assert(
      fc.property(runs, (records) => {
        const conditions = conditionsOf(records);
        expect(new Set(conditions.flatMap((each) => each.runs))).toEqual(new Set(records));
        expect(conditions.flatMap((each) => each.runs)).toHaveLength(records.length);
        for (const { name, runs: own } of conditions) {
          expect(name.trim()).not.toBe("");
          expect(own.length).toBeGreaterThan(0);
          expect(new Set(own.map(({ seed }) => seed)).size).toBe(own.length);
        }
        expect(new Set(conditions.map(({ name }) => name)).size).toBe(conditions.length);
      }),
    );
  });

  it("go by the label, then by the rule", () => {
    const [first, second] = seeds as [(typeof seeds)[0], (typeof seeds)[0]];
    expect(conditionsOf([first, { ...second, condition: "GEVB" }])).toEqual([
      { name: "GEVB", runs: [first, { ...second, condition: "GEVB" }] },
    ]);
    expect(conditionsOf([{ ...first, label: " " }])[0]?.name).toBe("gevb");
  });

  it("take a second run of the same seed for another condition", () => {
    const names = conditionsOf([...seeds, ...seeds.slice(0, 2)]).map(({ name, runs: own }) => [name, own.length]);
    expect(names).toEqual([
      ["GEVB", 5],
      ["GEVB (2)", 2],
    ]);
  });
});

describe("steps of a condition", () => {
  it("of one seed are all its evaluations", () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const steps = stepsOf({ name: "x", runs: [run] });
        expect(steps.map(({ evaluations }) => evaluations)).toEqual(run.evaluations.map((each) => [each]));
      }),
    );
  });

  it("ascend, and hold at most one evaluation of each seed, made at that step on those stimuli", () => {
    fc.assert(
      fc.property(runs, (records) => {
        for (const condition of conditionsOf(records)) {
          const steps = stepsOf(condition);
          expect(steps.map(({ step }) => step)).toEqual(steps.map(({ step }) => step).sort((a, b) => a - b));
          for (const { step, set, evaluations } of steps) {
            expect(evaluations.length).toBeGreaterThan(0);
            const owners = evaluations.map((each) => condition.runs.findIndex((run) => run.evaluations.includes(each)));
            expect(new Set(owners).size).toBe(evaluations.length);
            for (const each of evaluations) expect([each.step, each.set]).toEqual([step, set]);
          }
        }
      }),
    );
  });

  it("go on with the seeds that go on, and skip steps that one of them lacks", () => {
    const short = { ...seeds[0]!, evaluations: seeds[0]!.evaluations.slice(0, 6) };
    const sparse = { ...seeds[1]!, evaluations: seeds[1]!.evaluations.filter((_, index) => index % 2 === 1) };
    const steps = stepsOf({ name: "GEVB", runs: [short, sparse, seeds[2]!] });
    expect(steps.map(({ epoch, evaluations }) => [epoch, evaluations.length])).toEqual([
      [2, 3],
      [4, 3],
      [6, 3],
      [8, 2],
      [10, 2],
    ]);
  });
});

describe("a spread", () => {
  it("is mean and standard deviation of the finite values, and counts the others", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6 }), fc.constant(Number.NaN))), (values) => {
        const finite = values.filter(Number.isFinite);
        const result = spread(values);
        expect([result.count, result.lost]).toEqual([finite.length, values.length - finite.length]);
        if (finite.length === 0) expect(result.mean).toBeNaN();
        else {
          expect(result.mean).toBeCloseTo(mean(finite), 6);
          expect(result.deviation).toBeCloseTo(standardDeviation(finite), 6);
        }
      }),
    );
  });

  it("of equal values is 0 exactly", () => {
    expect(spread([29.64, 29.64, 29.64, 29.64, 29.64])).toEqual({ mean: 29.64, deviation: 0, count: 5, lost: 0 });
  });
});

describe("results over seeds", () => {
  it("do not depend on the order of seeds, and leave out and count those that have none", () => {
    const error = ({ summary }: (typeof seeds)[0]) => metricIn(summary, "error", "test");
    const all = overSeeds({ name: "", runs: seeds }, error);
    expect(overSeeds({ name: "", runs: seeds.toReversed() }, error).mean).toBeCloseTo(all.mean, 12);
    const unasked = { ...seeds[2]!, summary: { ...seeds[2]!.summary, testError: null } };
    const others = overSeeds({ name: "", runs: seeds.toSpliced(2, 1) }, error);
    expect(overSeeds({ name: "", runs: seeds.with(2, unasked) }, error)).toEqual({ ...others, lost: 1 });
  });
});

describe("words on seeds", () => {
  it("are short for seeds in a row", () => {
    expect([[3], [2, 1], [5, 3, 4, 2], [1, 3, 7]].map(seedsInWords)).toEqual(["3", "1 and 2", "2 to 5", "1, 3 and 7"]);
  });

  it("say how many, what a band is, and who is missing", () => {
    const bp = exampleRun(BP);
    expect(seedNote(conditionsOf([bp]))).toBe("");
    expect(seedNote(conditionsOf(seeds))).toBe("Lines are means over 5 seeds, bands \u00b11 SD.");
    expect(seedNote(conditionsOf([...seeds, bp]))).toBe("Lines are means over seeds (GEVB 5, BP 1), bands \u00b11 SD.");
    const short = { ...seeds[0]!, evaluations: seeds[0]!.evaluations.slice(0, 6) };
    expect(seedNote(conditionsOf(seeds.with(0, short)))).toContain(
      "Where some seeds ended before others, the mean is of those that went on.",
    );
  });
});
