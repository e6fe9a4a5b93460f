import { describe, expect, it } from "vitest";
import { representationChapter } from "../../../src/measures/representation/chapter.ts";
import { embeddingFigure } from "../../../src/measures/representation/embedding.ts";
import type { Representation } from "../../../src/measures/representation/record.ts";
import { scoreSentences } from "../../../src/measures/representation/scores.ts";
import { chapterOfMeasure, measuredConditions } from "../../../src/report/chapter.ts";
import { conditionsOf } from "../../../src/report/conditions.ts";
import { drawFigure } from "../../../src/report/draw.ts";
import { classScale } from "../../../src/report/figures/class-colours.ts";
import { resultsTable } from "../../../src/report/results.ts";
import type { RunRecord } from "../../../src/report/run-record.ts";
import { representedRuns } from "../../report/cases.ts";
import { collectingLogger } from "../../report/collecting-logger.ts";
import { BP, exampleRun } from "../../report/example-data.ts";
import { readText } from "../../report/markup.ts";

const [gevb, bp] = representedRuns(1) as [RunRecord, RunRecord];

const representedConditions = (runs: readonly RunRecord[]) =>
  measuredConditions<Representation>(conditionsOf(runs), "representation");

async function drawn(runs: readonly RunRecord[]) {
  const figure = embeddingFigure(representedConditions(runs))!;
  const svg = await drawFigure(figure, collectingLogger());
  return { figure, svg, lines: readText(svg).split("\n") };
}

describe("the embedding figure", () => {
  it("writes every stimulus as its class, a panel a run with its scores above it", async () => {
    const { svg, lines, figure } = await drawn([gevb, bp]);
    for (let label = 0; label < 10; label++) expect(lines.filter((line) => line === `${label}`)).toHaveLength(2 * 6);
    const text = lines.join("\n");
    for (const word of ["GEVB", "BP", "silhouette 0.301", "purity 93.6\u00a0%"]) expect(text).toContain(word);
    const colours = new Set([...svg.matchAll(/fill="(#[0-9A-Fa-f]{6})">\d</g)].map(([, colour]) => colour));
    expect(colours.size).toBe(10);
    expect(figure.caption).toContain("the last hidden population (v2) for 60 test stimuli");
    expect(figure.caption).toContain("the axes have no unit");
  });

  it("has no ticks, since its axes have no unit", async () => {
    const { svg } = await drawn([gevb]);
    expect(svg).not.toMatch(/role-axis/);
  });

  it("tells runs of several seeds apart by the seed", async () => {
    const { lines } = await drawn(representedRuns(2));
    expect(lines.join("\n")).toMatch(/GEVB, seed 1.*BP, seed 1.*GEVB, seed 2.*BP, seed 2/s);
  });

  it("fills its panel whatever the size of the embedding, keeping its proportions", () => {
    const spread = (size: number) => {
      const representation = gevb.records.representation as Representation;
      const points = representation.points.map(({ x, y, label }) => ({ x: size * x + 1e3, y: size * y - 1e3, label }));
      const moved = { ...gevb, records: { representation: { ...representation, points } } };
      const figure = embeddingFigure(representedConditions([moved]))!;
      return (figure.spec as unknown as { data: { values: { x: number; y: number }[] } }).data.values;
    };
    const values = spread(1);
    expect(Math.max(...values.map(({ x }) => x))).toBe(1);
    expect(Math.min(...values.map(({ x }) => x))).toBe(-1);
    const height = Math.max(...values.map(({ y }) => y)) - Math.min(...values.map(({ y }) => y));
    expect(height / 2).toBeGreaterThan(0.5);
    expect(height / 2).toBeLessThan(0.8);
    for (const [index, { x, y }] of spread(1000).entries()) {
      expect(x).toBeCloseTo(values[index]!.x, 3);
      expect(y).toBeCloseTo(values[index]!.y, 3);
    }
  });

  it("shows twelve runs at most, says so, and is left out where there is nothing to show", () => {
    const figure = embeddingFigure(representedConditions(representedRuns(7)))!;
    expect(figure.caption).toContain("The first 12 of 14 runs are shown.");
    expect(JSON.stringify(figure.spec)).not.toContain("seed 7");
    expect(embeddingFigure(representedConditions([exampleRun(BP)]))).toBeUndefined();
  });
});

describe("scores of representations", () => {
  const sentences = (runs: readonly RunRecord[]) => scoreSentences(representedConditions(runs));

  it("of one seed each are told without a test", () => {
    expect(sentences([gevb, bp])).toEqual([
      "GEVB: silhouette 0.301, neighbour purity 93.57\u00a0%; BP: silhouette 0.41, neighbour purity 94.04\u00a0%.",
      "One seed each does not tell whether they differ.",
    ]);
    expect(sentences([gevb])).toEqual(["GEVB: silhouette 0.301, neighbour purity 93.57\u00a0%."]);
    expect(sentences([])).toEqual([]);
  });

  it("of the same seeds are compared in pairs, of other seeds by Welch's test", () => {
    const runs = representedRuns(3);
    const [silhouette, purity] = sentences(runs);
    expect(silhouette).toMatch(
      /^Silhouette, mean ± SD over seeds: GEVB 0\.3\S*\s±\s0\.0\S* \(3\) and BP 0\.4\S*\s±\s0\.0\S* \(3\); GEVB against BP: -0\.\S+, paired t-test, t\(2\) = -\S+, p [<=] 0\.\S+\.$/,
    );
    expect(purity).toMatch(/^Neighbour purity, .*\u00a0% .*: -0\.88 percentage points, paired t-test/);
    expect(sentences(runs.slice(0, 5))[0]).toContain("Welch's t-test");
    // Pairs are found by the seed, whatever the order, and as many other seeds are no partners.
    const [one, two, three, four] = runs as [RunRecord, RunRecord, RunRecord, RunRecord];
    expect(sentences([one, two, three, four])).toEqual(sentences([one, four, three, two]));
    expect(sentences([one, two, { ...three, seed: 4 }, four])[0]).toContain("Welch's t-test");
  });

  it("of a single seed beside several are not tested, and that is said", () => {
    expect(sentences(representedRuns(2).slice(0, 3))[0]).toContain(
      "GEVB against BP: no test, for a test needs at least 2 values of each condition, there are 2 and 1.",
    );
  });

  it("stand in the table of results where some run has them", () => {
    const cells = (runs: RunRecord[]) =>
      resultsTable(
        conditionsOf(runs),
        chapterOfMeasure("representation", representationChapter).quantities!({ runs, conditions: conditionsOf(runs) }),
      ).rows.flatMap(({ name, cells: values }) => (/silhouette|purity/.test(name) ? [values] : []));
    expect(cells([gevb, exampleRun(BP)])).toEqual([
      ["0.301", "\u2013"],
      ["93.57\u00a0%", "\u2013"],
    ]);
    expect(cells([exampleRun(BP)])).toEqual([]);
  });
});

it("ten classes have ten colours, more repeat them", () => {
  expect(new Set(classScale(10).range).size).toBe(10);
  expect(classScale(12).range.slice(10)).toEqual(classScale(2).range);
});
