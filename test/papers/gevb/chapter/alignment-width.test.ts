import { describe, expect, it } from "vitest";
import { alignmentWidthFigure } from "../../../../src/papers/gevb/chapter/figures/alignment-width.ts";
import { widthsChapter } from "../../../../src/papers/gevb/chapter/widths-chapter.ts";
import { type WidthSeries, widthLimit, widthMarkdown, widthPoints } from "../../../../src/papers/gevb/width-record.ts";
import { drawFigure } from "../../../../src/report/draw.ts";
import { writeReport } from "../../../../src/report/write-report.ts";
import { collectingLogger } from "../../../report/collecting-logger.ts";
import { readText } from "../../../report/markup.ts";

/** Angles that halve with every doubling but at the last hidden population; seeds lie 2 degrees apart. */
function exampleSeries(widths: readonly number[], seeds: readonly number[]): WidthSeries {
  const networks = widths.flatMap((width) =>
    seeds.map((seed) => ({
      width,
      seed,
      alignment: {
        "pixels->v1": { angle: 800 / width + 2 * seed, signAgreement: 0.9 },
        "v1->v2": { angle: 55 + 2 * seed, signAgreement: 0.5 },
      },
    })),
  );
  return { depth: 2, batch: 32, sign: "excitatory", initial: "on-off", networks };
}

describe("points of a series", () => {
  it("are mean and deviation over seeds, by projection and rising width", () => {
    const points = widthPoints(exampleSeries([64, 32], [1, 2, 3]));
    expect(points.map(({ projection, width }) => [projection, width])).toEqual([
      ["pixels->v1", 32],
      ["pixels->v1", 64],
      ["v1->v2", 32],
      ["v1->v2", 64],
    ]);
    const { seeds, angle, deviation, signAgreement } = points[0]!;
    expect([seeds, angle, deviation]).toEqual([3, 29, 2]);
    expect(signAgreement).toBeCloseTo(0.9, 12);
    expect(widthPoints(exampleSeries([32], [1]))[0]).toMatchObject({ seeds: 1, deviation: 0 });
  });

  it("as Markdown are a line a width", () => {
    expect(widthMarkdown(exampleSeries([32, 64], [1, 2, 3]))).toBe(
      [
        "| width | seeds | pixels->v1: angle in degrees (equal signs) | v1->v2: angle in degrees (equal signs) |",
        "| --- | --- | --- | --- |",
        "| 32 | 3 | 29.0 ± 2.0 (90.0 %) | 59.0 ± 2.0 (50.0 %) |",
        "| 64 | 3 | 16.5 ± 2.0 (90.0 %) | 59.0 ± 2.0 (50.0 %) |",
        "",
      ].join("\n"),
    );
  });

  it("have a limit where weights have one sign", () => {
    expect(widthLimit({ sign: "excitatory", initial: "on-off" })).toBeCloseTo(55.65, 2);
    expect(widthLimit({ sign: "excitatory", initial: "he" })).toBeCloseTo(37.07, 2);
    expect(widthLimit({ sign: "mixed", initial: "he" })).toBeUndefined();
  });
});

describe("the figure of alignment against width", () => {
  it("names its axes, widths, projections and the limit, without a warning", async () => {
    const log = collectingLogger();
    const figure = alignmentWidthFigure(exampleSeries([32, 64, 128], [1, 2]))!;
    const svg = await drawFigure(figure, log);
    expect(log.messages).toEqual([]);
    expect(svg).not.toMatch(/NaN|Infinity|undefined|\[object/);
    const lines = readText(svg).split("\n");
    for (const word of ["angle to gradient (°)", "units of each hidden population", "32", "64", "128", "pixels → v1"])
      expect(lines).toContain(word);
    expect(lines).toContain("55.7°: limit onto the last hidden population");
    expect(figure.caption).toContain("From width 32 to 128: pixels → v1 from 28.0° to 9.3° and v1 → v2 at 58.0°.");
    expect(figure.caption).toContain("Mean over 2 seeds, bars ±1 SD.");
    // A bar a point where there are several seeds.
    expect(svg.match(/<line [^>]*stroke-width="1.5"/g)).toHaveLength(6);
  });

  it("of one width and seed has no bars, and without a limit no rule", async () => {
    const log = collectingLogger();
    const figure = alignmentWidthFigure({ ...exampleSeries([32], [1]), sign: "mixed" })!;
    const svg = await drawFigure(figure, log);
    expect(log.messages).toEqual([]);
    expect(svg).not.toMatch(/limit onto|mark-rule role-mark/);
    expect(figure.caption).toContain("At width 32: pixels → v1 at 27.0° and v1 → v2 at 57.0°.");
  });

  it("stands in a report without runs, with its table and what was measured", async () => {
    const files = new Map<string, string>();
    const data = {
      title: "Widths",
      experiment: "gevb-widths",
      created: "2025-03-04T15:16:17Z",
      environment: {},
      runs: [],
    };
    const write = async (path: string, content: string | Uint8Array) => void files.set(path, String(content));
    await writeReport("out", { ...data, chapters: [widthsChapter(exampleSeries([32, 1024], [1, 2]))] }, { write });
    const page = files.get("out/report.html")!;
    expect([...files.keys()]).toContain("out/figures/alignment-width.svg");
    expect(page).toContain("4 networks of 2 hidden populations with 32 and 1,024 units each (seeds 1 and 2)");
    expect(page).toContain("width 1,024");
    expect(page).toContain("28.0° ± 1.4°, 90.00\u00a0%");
    await expect(writeReport("out", data, { write })).rejects.toThrow('Report "Widths" has no runs');
  });
});
