import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { widthsInWords, widthTable } from "../../src/papers/gevb/chapter/width-results.ts";
import { widthsChapter } from "../../src/papers/gevb/chapter/widths-chapter.ts";
import { type WidthSeries, widthMarkdown, widthPoints } from "../../src/papers/gevb/width-record.ts";
import type { Evaluation } from "../../src/records/learning-record.ts";
import { conditionsOf, overSeeds } from "../../src/report/conditions.ts";
import { contentsOf } from "../../src/report/contents.ts";
import { explanation } from "../../src/report/explanation.ts";
import { alignmentTable, resultsTable } from "../../src/report/results.ts";
import type { RunRecord } from "../../src/report/run-record.ts";
import { allFigures } from "./all-figures.ts";
import { BP, exampleReport, exampleRun, exampleSeeds, GEVB } from "./example-data.ts";

const none = { angle: null, signAgreement: null };

/** The run without a direction in a projection, at its end or at every evaluation that is named. */
function withoutDirection(run: RunRecord, projection: string, at: (index: number) => boolean = () => true): RunRecord {
  const evaluations = run.evaluations.map((each, index) =>
    at(index) ? { ...each, alignment: { ...each.alignment, [projection]: none } } : each,
  );
  return { ...run, evaluations, summary: { ...run.summary, alignment: evaluations.at(-1)!.alignment } };
}

interface Points {
  readonly spec: {
    readonly concat: { readonly data: { readonly values: { projection: string; value: number | null }[] } }[];
  };
}
const pointsOf = async (runs: readonly RunRecord[], name: string) =>
  (
    (await allFigures(runs)).find((figure) => figure.name === name) as unknown as Points | undefined
  )?.spec.concat.flatMap(({ data }) => data.values) ?? [];

/** The paragraph that opens a report, and its warnings. */
async function told(runs: RunRecord[]) {
  const contents = await contentsOf(exampleReport(runs));
  return { text: explanation("gevb", contents, contents.words), warnings: contents.warnings };
}

describe("an angle that is not defined", () => {
  const [first, ...others] = exampleSeeds(GEVB, 5) as [RunRecord, ...RunRecord[]];

  it("is no part of the mean over seeds, which says how many it is of", () => {
    const conditions = conditionsOf([withoutDirection(first, "pixels->v1"), ...others]);
    const measured = ({ summary }: RunRecord) => summary.alignment["pixels->v1"]!.angle;
    const { mean, count, lost } = overSeeds(conditions[0]!, measured);
    expect([count, lost]).toEqual([4, 1]);
    expect(mean).toBeCloseTo(
      others.reduce((sum, run) => sum + measured(run)! / 4, 0),
      10,
    );
    const cells = alignmentTable(conditions)!.rows.map((row) => row.cells[0]);
    expect(cells[0]).toMatch(/^[\d.]+\u00a0±\u00a0[\d.]+°,\u00a099\.6\u00a0% \(4\u00a0of\u00a05\u00a0seeds\)$/);
    expect(cells[1]).not.toContain("seeds");
  });

  it("is a dash in the table of a single run, and the text says why", async () => {
    const run = withoutDirection(first, "v1->v2");
    expect(alignmentTable(conditionsOf([run]))!.rows.map((row) => row.cells)).toEqual([
      [expect.stringMatching(/°/)],
      ["\u2013"],
      [expect.stringMatching(/°/)],
    ]);
    const { text } = await told([run]);
    expect(text).toContain("there is no direction to compare, no angle and no sign");
    expect((await told([first])).text).not.toContain("no direction");
  });

  it("breaks the lines of figures, and has no panel where there is none at any time", async () => {
    const gap = await pointsOf([withoutDirection(first, "v1->v2", (index) => index === 4)], "alignment");
    const inPanel = gap.filter(({ projection }) => projection === "v1 \u2192 v2");
    expect(inPanel.map(({ value }) => value === null)).toEqual(Array.from({ length: 10 }, (_, index) => index === 4));
    for (const name of ["alignment", "sign-agreement"]) {
      const points = await pointsOf([withoutDirection(first, "v1->v2")], name);
      expect([...new Set(points.map(({ projection }) => projection))]).toEqual([
        "pixels \u2192 v1",
        "v2 \u2192 report",
      ]);
    }
  });
});

describe("networks of several widths", () => {
  const series = (angles: readonly (readonly (number | null)[])[]): WidthSeries => ({
    ...{ depth: 1, batch: 8, sign: "mixed", initial: "he" },
    networks: angles.flatMap((seeds, width) =>
      seeds.map((angle, seed) => ({
        width: width + 1,
        seed,
        alignment: { "a->b": angle === null ? none : { angle, signAgreement: 0.5 } },
      })),
    ),
  });

  it("have means over the seeds with a direction, and say how many those are", () => {
    const angle = fc.option(fc.integer({ min: 0, max: 180 }), { freq: 2 });
    fc.assert(
      fc.property(fc.array(angle, { minLength: 1, maxLength: 5 }), (seeds) => {
        const [point] = widthPoints(series([seeds]));
        const defined = seeds.filter((each) => each !== null);
        expect([point!.seeds, point!.compared]).toEqual([seeds.length, defined.length]);
        if (defined.length === 0) expect(point!.angle).toBeNaN();
        else expect(point!.angle).toBeCloseTo(defined.reduce((a, b) => a + b, 0) / defined.length, 9);
      }),
    );
  });

  it("have a dash in tables where no seed has one", async () => {
    const mixed = series([
      [30, null, 40],
      [null, null, null],
    ]);
    const rows = widthMarkdown(mixed).split("\n").slice(2, 4);
    expect(rows).toEqual(["| 1 | 3 | 35.0 ± 7.1 (50.0 %), 2 of 3 seeds |", "| 2 | 3 | - |"]);
    const cells = widthTable(mixed)!.rows.map((row) => row.cells[0]);
    expect(cells).toEqual(["35.0° ± 7.1°, 50.00\u00a0%, 2 of 3 seeds", "\u2013"]);
    expect(widthsInWords(mixed)).toContain("there is no direction to compare and no angle");
    const figures = async (shown: WidthSeries) =>
      (await allFigures([], [widthsChapter(shown)])).map(({ name }) => name);
    expect(await figures(mixed)).toEqual(["alignment-width"]);
    expect(await figures(series([[null]]))).toEqual([]);
  });
});

describe("a run that trained nothing", () => {
  const whole = exampleRun(BP);
  const only: Evaluation = { ...whole.evaluations[9]!, step: 0, epoch: 0, trainLoss: null, trainError: null };
  const summary = { ...whole.summary, steps: 0, epochs: 0, trainError: null };
  const run: RunRecord = { ...whole, label: "shipped", evaluations: [only], summary };
  const conditions = conditionsOf([run]);

  it("has no training error in the table, which says that nothing was trained", async () => {
    const rows = Object.fromEntries(resultsTable(conditions).rows.map(({ name, cells }) => [name, cells[0]]));
    expect(rows).toMatchObject({
      "learning rule": "bp (not trained in this run)",
      "training error": "\u2013",
      "test error": "1.50\u00a0%\n95\u00a0%\u00a0CI 1.3\u00a0to\u00a01.8\u00a0%",
    });
    expect(resultsTable(conditions).caption).toBe("Results without training");
    const { text } = await told([run]);
    expect(text).toContain(
      "It was not trained in this run, and is measured as it started, all random numbers from seed 1.",
    );
    expect(text).not.toContain("trained for");
  });

  it("is measured with the weights of the file that it started from", async () => {
    const from = async (...sources: (string | undefined)[]) => {
      const runs = sources.map((source, index) => ({ ...run, seed: index, config: { ...run.config, from: source } }));
      return (await told(runs)).text;
    };
    expect(await from("shipped")).toContain(
      'It was not trained in this run, and is measured with the weights of "shipped",',
    );
    expect(await from("a.npz", "b.npz")).toContain(
      "Each was not trained in this run, and is measured with the weights of the file that it started from",
    );
    expect(await from("a.npz", undefined)).toContain("Each was not trained in this run, and is measured as it started");
  });

  it("has no learning curves, which need two evaluations; beside a trained one it is a point of them", async () => {
    expect((await allFigures([run])).map(({ name }) => name)).not.toContain("learning-curves");
    const trained = exampleRun(GEVB);
    expect((await allFigures([trained, run])).map(({ name }) => name)).toContain("learning-curves");
    const once = { ...trained, evaluations: trained.evaluations.slice(0, 1) };
    expect((await allFigures([once])).map(({ name }) => name)).not.toContain("learning-curves");
  });
});
