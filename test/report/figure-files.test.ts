import { csvParse } from "d3-dsv";
import fc from "fast-check";
import { decode } from "fast-png";
import { beforeAll, describe, expect, it } from "vitest";
import { UsageError } from "../../src/kinds/errors.ts";
import type { Figure } from "../../src/report/figures/figure.ts";
import { figureFormats, readFormats, readWidth } from "../../src/report/files/figure-format.ts";
import { numbersCsv } from "../../src/report/files/numbers-csv.ts";
import { sizedDrawing } from "../../src/report/files/sized.ts";
import { writeFigure } from "../../src/report/files/write-figure.ts";
import { writeReport } from "../../src/report/write-report.ts";
import { allFigures } from "./all-figures.ts";
import { anyName } from "./arbitraries.ts";
import { CASES } from "./cases.ts";
import { BP, exampleFields, exampleReport, exampleRun, GEVB } from "./example-data.ts";
import { readText } from "./markup.ts";

const gevb = exampleRun({ ...GEVB, fields: false });
const figures = await allFigures([gevb, { ...exampleRun(BP), receptiveFields: exampleFields(2, 1) }]);
const figure = (name: string) => figures.find((each) => each.name === name) as Figure;

/** The files of a figure by their extensions. */
async function filesOf(name: string, width?: number) {
  const files: Record<string, string | Uint8Array> = {};
  const write = async (path: string, content: string | Uint8Array) => {
    files[path.slice(path.indexOf(".") + 1)] = content;
  };
  await writeFigure("a", figure(name), { formats: figureFormats, ...(width ? { width } : {}) }, { write });
  return files;
}

describe("files of a figure", () => {
  const width = 85;
  let files: Awaited<ReturnType<typeof filesOf>>;
  beforeAll(async () => {
    files = await filesOf("alignment", width);
  }, 60_000);

  it("are as wide as is asked for, in every format, with one shape", async () => {
    const svg = String(files.svg);
    const [, w, h] = /^<svg [^>]*width="([\d.]+)mm" height="([\d.]+)mm"/.exec(svg)!.map(Number) as [0, number, number];
    expect(w).toBeCloseTo(width, 2);
    const png = decode(files.png as Uint8Array);
    expect(Math.abs(png.width - (300 * width) / 25.4)).toBeLessThan(1);
    expect(Math.abs(png.height - (300 * h) / 25.4)).toBeLessThan(2);
    expect(png.resolution).toEqual({ x: 11811, y: 11811, unit: 1 });
    const [, page, tall] = /MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/
      .exec(Buffer.from(files.pdf as Uint8Array).toString("latin1"))!
      .map(Number) as [0, number, number];
    expect(page).toBeCloseTo((72 * width) / 25.4, 1);
    expect(tall).toBeCloseTo((72 * h) / 25.4, 1);
  });

  it("are the same bytes, made a second time", async () => {
    expect(await filesOf("alignment", width)).toEqual(files);
  });

  it("have text in the font that travels with the package: letters in the image, a font in the PDF", async () => {
    // Without a font, the title of a panel would be white.
    const { data, width: across } = decode(files.png as Uint8Array);
    const dark = (from: number, to: number) =>
      Array.from({ length: (to - from) * across }, (_, at) => data[3 * (from * across + at)]!).filter(
        (red) => red < 90,
      );
    expect(dark(0, 60).length).toBeGreaterThan(200);
    expect(Buffer.from(files.pdf as Uint8Array).toString("latin1")).toMatch(/\/BaseFont \/[A-Z]{6}\+Arimo/);
  });

  it("have images with sharp pixels", async () => {
    const { png, pdf, csv } = await filesOf("receptive-fields");
    expect(csv).toBeUndefined();
    expect(Buffer.from(pdf as Uint8Array).toString("latin1")).toMatch(/\/Subtype \/Image\n[^>]*\/Width 224/);
    expect(decode(png as Uint8Array).width).toBeGreaterThan(400);
  });

  it("have text of one size in print at every width, within limits", async () => {
    const sizeIn = async (millimetres: number) => {
      const { svg } = await sizedDrawing(figure("errors"), millimetres);
      const [box] = /viewBox="0 0 ([\d.]+)/.exec(svg)!.slice(1).map(Number) as [number];
      const [pixels] = /font-size="([\d.]+)px"/.exec(svg)!.slice(1).map(Number) as [number];
      return (pixels / box) * millimetres;
    };
    const [column, page] = [await sizeIn(85), await sizeIn(170)];
    expect(column).toBeGreaterThan(2.1);
    expect(Math.abs(page / column - 1)).toBeLessThan(0.1);
    expect(await sizeIn(60)).toBeLessThan(column);
  });

  it("are SVG and CSV unless others are asked for", async () => {
    const endings = async (options: object) => {
      const names: string[] = [];
      const write = async (path: string) => void names.push(path.slice(path.indexOf(".") + 1));
      await writeReport("run", exampleReport([gevb]), { write, page: false, ...options });
      return [...new Set(names)];
    };
    expect(await endings({})).toEqual(["vl.json", "svg", "csv"]);
    expect(await endings({ formats: ["csv"] })).toEqual(["vl.json", "csv"]);
    await expect(endings({ width: 2 })).rejects.toThrow("width: got 2 mm, expected 40 to 1000 mm");
  });
});

describe("numbers of figures", () => {
  it("give back every line as CSV, whatever names are", () => {
    const line = fc.record({
      name: anyName,
      seed: fc.integer(),
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (numbers) => {
        const read = csvParse(numbersCsv({ numbers })).map(({ name, seed, value }) => ({
          name,
          seed: Number(seed),
          value: Number(value),
        }));
        expect(read).toEqual(numbers.map((each) => ({ ...each, value: each.value + 0 })));
      }),
    );
  });

  it("have a cell for every column, empty where a line lacks it or it is no number", () => {
    const numbers = [{ a: 1 }, { b: Number.NaN, c: null }, { a: undefined, c: 2 }];
    expect(numbersCsv({ numbers })).toBe("a,b,c\n1,,\n,,\n,,2\n");
  });

  it("are there for every figure but those of images, and name no column twice", async () => {
    for (const [name, data] of Object.entries(CASES))
      for (const each of await allFigures(data.runs, data.chapters)) {
        const images = /^(receptive-fields|learned-changes)/.test(each.name);
        expect([name, each.name, each.numbers.length > 0]).toEqual([name, each.name, !images]);
      }
  });

  it("are those of the record: errors and loss at each evaluation, angles of each projection", () => {
    const [first] = figure("learning-curves").numbers;
    const { step, epoch, error, loss, trainError, trainLoss } = gevb.evaluations[0]!;
    expect(first).toMatchObject({ condition: "GEVB", seed: 1, step, epoch, error, loss });
    expect(first).toMatchObject({ stimuli: "test", training_error: trainError, training_loss: trainLoss });
    const angles = figure("alignment").numbers.filter(({ condition }) => condition === "GEVB");
    expect(angles).toEqual(
      gevb.evaluations.flatMap((each) =>
        Object.entries(each.alignment).map(([projection, { angle }]) => ({
          ...{ condition: "GEVB", seed: 1, projection, step: each.step, epoch: each.epoch, angle },
        })),
      ),
    );
  });
});

describe("formats and widths as a user writes them", () => {
  it("are read, or refused with what is allowed", () => {
    expect(readFormats("png, PDF,png")).toEqual(["png", "pdf"]);
    expect(() => readFormats("png,jpg")).toThrow(
      new UsageError(
        'format "jpg" is not known (did you mean "svg"?); known: svg, pdf, png, csv; several with commas between',
      ),
    );
    for (const [text, millimetres] of [
      ["85mm", 85],
      [" 8.5 cm", 85],
      ["3in", 76.2],
      ["240pt", 84.6667],
    ] as const)
      expect(readWidth(text)).toBeCloseTo(millimetres, 3);
    for (const text of ["85", "wide", "-85mm", "1e3mm", ""])
      expect(() => readWidth(text)).toThrow(
        `width: got ${JSON.stringify(text)}, expected a number with its unit (mm, cm, in or pt), such as 85mm`,
      );
    expect(() => readWidth("5mm")).toThrow(
      "width: got 5 mm, expected 40 to 1000 mm; a column of a journal has some 85 mm, a page 180 mm",
    );
  });

  it("keep captions and labels of a figure", async () => {
    const { svg } = await sizedDrawing(figure("alignment"), 85);
    expect(readText(svg)).toContain("angle to gradient (°)");
  });
});
