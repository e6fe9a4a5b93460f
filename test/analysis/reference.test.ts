import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parseCase } from "../conformance/case-file.ts";
import { checkStatistics, StatisticsCase } from "../conformance/statistics.ts";

const fixture = new URL("../conformance/cases/statistics.json", import.meta.url);

test("every statistic of the reference case comes out within 1e-4 of its largest magnitude", async () => {
  const quantities = await checkStatistics(JSON.parse(await readFile(fixture, "utf8")));
  expect(Object.keys(quantities)).toEqual([
    "pairCorrelations",
    "meanCorrelation",
    "linearCKA",
    "angleDegrees",
    "participationRatioX",
  ]);
  for (const [name, { got, expected }] of Object.entries(quantities)) {
    expect(got.length, name).toBe(expected.length);
    const tolerance = 1e-4 * Math.max(...expected.map(Math.abs));
    got.forEach((value, index) => {
      expect(Math.abs(value - expected[index]!), `${name}[${index}]`).toBeLessThan(tolerance);
    });
  }
});

test("a case that lacks a quantity is refused", async () => {
  const reference = JSON.parse(await readFile(fixture, "utf8"));
  delete reference.expect.linearCKA;
  expect(() => parseCase("statistics.json", StatisticsCase, reference)).toThrow(
    "statistics.json, expect.linearCKA: got nothing, expected a finite number",
  );
});
