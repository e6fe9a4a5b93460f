import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { summaryTable } from "../../src/cli/narration/table.ts";
import type { MetricWords } from "../../src/records/learning-record.ts";
import { metricLabel } from "../../src/records/metrics.ts";
import { conditionsOf } from "../../src/report/conditions.ts";
import { errorsFigure } from "../../src/report/figures/errors.ts";
import { learningCurvesFigure } from "../../src/report/figures/learning-curves.ts";
import { signedAxis } from "../../src/report/figures/value-axis.ts";
import { resultsTable } from "../../src/report/results.ts";
import type { RunRecord } from "../../src/report/run-record.ts";
import { shownMetrics } from "../../src/report/shown-metrics.ts";
import { exampleRun, GEVB } from "./example-data.ts";

const metrics: Record<string, MetricWords> = {
  r2: { unit: "", better: "more", of: "variance of targets that is explained", label: "R\u00b2" },
  absoluteError: { unit: "deg", better: "less", of: "absolute errors" },
};

/** A run that reports values: its R^2 rises to an end, from far below 0. */
function runOfValues(label: string, end: number, seed = 1): RunRecord {
  const run = exampleRun({ ...GEVB, label, seed });
  const evaluations = run.evaluations.map(({ error: _, trainError: __, ...evaluation }, at, { length }) => {
    const r2 = end - 20 * (1 - (at + 1) / length) ** 3;
    return { ...evaluation, r2, trainR2: r2, absoluteError: 2 - end, trainAbsoluteError: 2 - end };
  });
  const { testError: _, trainError: __, ...summary } = run.summary;
  const values = { testR2: end, trainR2: end, testAbsoluteError: 2 - end, trainAbsoluteError: 2 - end };
  return { ...run, lossUnit: "deg\u00b2", evaluations, summary: { ...summary, ...values, metrics } };
}

describe("metrics of which more is better", () => {
  const conditions = conditionsOf([runOfValues("near", 0.9), runOfValues("far", 0.5)]);

  it("are compared that way round, in their own words and units", () => {
    const figure = errorsFigure(conditions)!;
    expect(figure.title).toBe("Final test R\u00b2");
    expect(figure.caption).toBe(
      "Variance of targets that is explained on test stimuli after training, a row for each run. near has the highest R\u00b2 (0.9), 0.4 above far.",
    );
    expect(figure.numbers.map(({ condition, test_r2 }) => [condition, test_r2])).toEqual([
      ["near", 0.9],
      ["far", 0.5],
    ]);
  });

  it("have curves on an axis that the first evaluations do not press flat, and a panel each", () => {
    const { spec, caption, numbers } = learningCurvesFigure(conditions)!;
    const panels = (
      spec as unknown as { vconcat: { encoding: { y: { title: string; scale: { domain: number[] } } } }[] }
    ).vconcat;
    expect(panels.map(({ encoding }) => encoding.y.title)).toEqual([
      "R\u00b2",
      "absolute error (deg)",
      "loss (deg\u00b2)",
    ]);
    const [low, high] = panels[0]!.encoding.y.scale.domain as [number, number];
    expect(high).toBeCloseTo(0.9, 6);
    expect(low).toBeGreaterThan(-15);
    expect(caption).toContain("R\u00b2, absolute error and loss (from top to bottom) during training");
    expect(caption).toContain("Where the dashed line of the loss keeps falling");
    expect(caption).toContain("near ends at 0.9 test R\u00b2 and far ends at 0.5 test R\u00b2.");
    expect(numbers[0]).toMatchObject({ r2: expect.any(Number), training_absoluteError: 1.1 });
  });

  it("stand in the table of results and in that of the command line, one after the other", () => {
    const rows = resultsTable(conditions).rows.map(({ name, cells }) => [name, ...cells]);
    expect(rows).toEqual(
      expect.arrayContaining([
        ["test R\u00b2", "0.9", "0.5"],
        ["training R\u00b2", "0.9", "0.5"],
        ["test absolute error", "1.1\u00a0deg", "1.5\u00a0deg"],
      ]),
    );
    expect(rows.some(([name]) => name === "test error")).toBe(false);
    const [head, near] = summaryTable(conditions.map(({ runs }) => runs[0]!.summary)).split("\n");
    expect(head).toMatch(
      /test R\u00b2 +training R\u00b2 +test absolute error \(deg\) +training absolute error \(deg\)/,
    );
    expect(near).toMatch(/ 0\.9 +0\.9 +1\.1 +1\.1 /);
  });
});

test("metrics of all runs are shown, each once, in order of importance", () => {
  const runs = conditionsOf([exampleRun(GEVB), runOfValues("values", 0.9), runOfValues("again", 0.8)]);
  expect(shownMetrics(runs).map(({ name, axisTitle }) => [name, axisTitle])).toEqual([
    ["error", "error (%)"],
    ["r2", "R\u00b2"],
    ["absoluteError", "absolute error (deg)"],
  ]);
  // Who lacks a metric has no number of it.
  const row = resultsTable(runs).rows.find(({ name }) => name === "test error")!;
  expect(row.cells.slice(1)).toEqual(["\u2013", "\u2013"]);
  expect(metricLabel("meanReactionTime", {})).toBe("mean reaction time");
});

test("a signed axis holds 0 and the best value, and clips none but the worst", () => {
  const value = fc.double({ min: -1e6, max: 1e3, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.oneof(value, fc.constant(Number.NaN)), { maxLength: 12 }), (values) => {
      const axis = signedAxis(values);
      const finite = values.filter(Number.isFinite);
      const [low, high] = axis.scale.domain;
      expect(low).toBeLessThan(high);
      expect(low).toBeLessThanOrEqual(0);
      expect(high).toBeGreaterThanOrEqual(Math.max(0, ...finite));
      const clipped = finite.filter((each) => axis.place(each) !== each);
      expect(axis.clamped).toBe(clipped.length > 0);
      for (const each of clipped) expect(axis.place(each)).toBe(low);
      const sorted = finite.toSorted((a, b) => a - b);
      // At least half of the values are drawn where they are.
      expect(clipped.length).toBeLessThanOrEqual(sorted.length >> 1);
    }),
  );
});
