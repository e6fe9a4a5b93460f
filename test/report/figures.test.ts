import fc from "fast-check";
import { decode } from "fast-png";
import { resetSVGDefIds } from "vega";
import { describe, expect, it } from "vitest";
import { ShapeError, UsageError } from "../../src/kinds/errors.ts";
import { drawFigure } from "../../src/report/draw.ts";
import { conditionScales } from "../../src/report/figures/condition-encoding.ts";
import { divergingColour, divergingScale } from "../../src/report/figures/diverging-colours.ts";
import { fieldImage } from "../../src/report/figures/field-image.ts";
import { figure } from "../../src/report/figures/own-figure.ts";
import { ticksTo } from "../../src/report/figures/ticks.ts";
import type { RunRecord } from "../../src/report/run-record.ts";
import { allFigures } from "./all-figures.ts";
import { anyRun } from "./arbitraries.ts";
import { collectingLogger } from "./collecting-logger.ts";
import { BP, exampleFields, exampleRun, exampleSeeds, GEVB } from "./example-data.ts";
import { readTags, readText } from "./markup.ts";

const gevb = exampleRun(GEVB);
const seeds = [...exampleSeeds(GEVB, 5), ...exampleSeeds(BP, 5)];
const bp = exampleRun(BP);

/** The figure of a name, drawn. */
async function drawn(name: string, runs: Parameters<typeof allFigures>[0]) {
  const figure = (await allFigures(runs)).find((each) => each.name === name);
  if (!figure) throw new Error(`no figure ${name}`);
  const svg = await drawFigure(figure, collectingLogger());
  return { figure, svg, text: readText(svg) };
}

describe("every figure", () => {
  it("compiles without a warning whatever the runs are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRun, { maxLength: 7 }), async (runs) => {
        const log = collectingLogger();
        for (const figure of await allFigures(runs)) {
          const svg = await drawFigure(figure, log);
          readTags(svg);
          expect(svg).not.toMatch(/[(,= "](NaN|undefined|Infinity)[), "]/);
        }
        expect(log.messages).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it("is the same, drawn a second time", async () => {
    for (const figure of await allFigures([gevb, bp])) {
      expect(await drawFigure(figure)).toBe(await drawFigure(figure));
    }
  });

  it("survives a specification's way through JSON", async () => {
    for (const figure of await allFigures([gevb, bp])) {
      const copy = { ...figure, spec: JSON.parse(JSON.stringify(figure.spec)) };
      expect(await drawFigure(copy)).toBe(await drawFigure(figure));
    }
  });

  it("says what it shows to those who cannot see it", async () => {
    for (const figure of await allFigures([gevb, bp])) {
      const [svg] = readTags(await drawFigure(figure));
      expect(svg?.attributes).toMatchObject({ role: "img", "aria-label": figure.description });
    }
  });

  it("leaves a label alone that reads like an id or a reference", async () => {
    const units = exampleFields(3, 2).units.map((unit, index) => ({
      ...unit,
      name: ['a id="gradient_0"', "url(#gradient_0)", 'b="url(#gradient_0)"'][index] as string,
    }));
    const fields = { ...exampleFields(3, 2), units };
    // From here on Vega's next gradient is the one that the labels name.
    resetSVGDefIds();
    const { svg, text } = await drawn("receptive-fields", [{ ...bp, receptiveFields: fields }]);
    expect(svg).toContain('id="receptive-fields-0"');
    expect(text.split("\n")).toEqual(expect.arrayContaining(units.map((unit) => unit.name)));
  });
});

describe("what learning added", () => {
  const fields = exampleFields(3, 2);
  const added = (unit: (typeof fields.units)[number], factor: number) => ({
    ...unit,
    changes: unit.fields.map((field) => field.map((weight) => factor * weight)),
  });

  it("is drawn beside the fields, on a scale of its own", async () => {
    const record = { ...bp, receptiveFields: { ...fields, units: fields.units.map((unit) => added(unit, 0.01)) } };
    const { text } = await drawn("learned-changes", [record]);
    expect(text).toContain("change of weight");
    const figures = await allFigures([record]);
    const [weights, changes] = ["receptive-fields", "learned-changes"].map((name) =>
      figures.find((figure) => figure.name === name),
    );
    expect(changes?.caption).toContain("at the end of training, less what they were at its start");
    expect(changes?.caption).not.toBe(weights?.caption);
  });

  it("is left out where a unit lacks it", async () => {
    const [first, ...rest] = fields.units;
    const units = [added(first!, 1), ...rest];
    const names = (await allFigures([{ ...bp, receptiveFields: { ...fields, units } }])).map(({ name }) => name);
    expect(names).toContain("receptive-fields");
    expect(names).not.toContain("learned-changes");
  });

  it("of another size than it says is refused", async () => {
    const units = fields.units.map((unit) => ({ ...unit, changes: [Float32Array.of(1)] }));
    await expect(allFigures([{ ...bp, receptiveFields: { ...fields, units } }])).rejects.toThrow(
      "got a field of 1 weights",
    );
  });
});

describe("learning curves", () => {
  it("name their axes, their runs and their stimuli", async () => {
    const { text } = await drawn("learning-curves", [gevb, bp]);
    for (const word of [
      "error (%)",
      "loss (nats)",
      "training epochs",
      "run",
      "GEVB",
      "BP",
      "stimuli",
      "test",
      "training",
    ]) {
      expect(text.split("\n")).toContain(word);
    }
  });

  it("draw as many lines per panel as there are runs and kinds of digits", async () => {
    const { svg } = await drawn("learning-curves", [gevb, bp]);
    const lines = svg.match(/class="mark-line role-mark[^>]*>/g) ?? [];
    expect(lines).toHaveLength(2 * 2 * 2);
  });

  it("draw seeds as one line in a band, and say so", async () => {
    const { svg, text, figure } = await drawn("learning-curves", seeds);
    expect(svg.match(/class="mark-line role-mark[^>]*>/g)).toHaveLength(2 * 2 * 2);
    expect(svg.match(/class="mark-area role-mark[^>]*>/g)).toHaveLength(2 * 2 * 2);
    expect(text.split("\n")).toContain("condition");
    expect(figure.caption).toContain("Lines are means over 5 seeds, bands \u00b11 SD. GEVB ends at 1.89");
    const single = await drawn("learning-curves", [gevb, bp]);
    expect(single.svg).not.toContain("mark-area role-mark child");
    expect(single.figure.caption).not.toContain("seeds");
  });

  it("count on nothing that JSON turned into null", async () => {
    const lost = { ...bp.evaluations[9]!, loss: null as unknown as number, trainLoss: null as unknown as number };
    const [figure] = await allFigures([{ ...bp, evaluations: [...bp.evaluations.slice(0, 9), lost] }]);
    const { values } = (figure as unknown as { spec: { data: { values: { loss: number | null }[] } } }).spec.data;
    expect(values.at(-1)?.loss).toBeNull();
    expect(values.slice(0, -2).every((value) => typeof value.loss === "number")).toBe(true);
  });
});

describe("the alignment figure", () => {
  it("has a panel per projection, in the order of the circuit, and a line at 90 degrees in each", async () => {
    const { figure, svg, text } = await drawn("alignment", [gevb, bp]);
    expect(text.match(/^.* \u2192 .*$/gm)).toEqual(["pixels \u2192 v1", "v1 \u2192 v2", "v2 \u2192 report"]);
    expect(svg.match(/90°: unrelated/g)).toHaveLength(3);
    expect(new Set(JSON.stringify(figure.spec).match(/"datum":\d+/g))).toEqual(new Set(['"datum":90']));
    for (const word of ["angle to gradient (°)", "training epochs", "GEVB", "BP"])
      expect(text.split("\n")).toContain(word);
  });

  it("says of exact alignment that it is exact", async () => {
    const figure = (await allFigures([gevb, bp])).find(({ name }) => name === "alignment");
    expect(figure?.caption).toContain("GEVB ends between 0° and 37.9° and BP is exactly aligned (0°).");
  });

  it("is left out where nothing was measured", async () => {
    const names = (await allFigures([exampleRun({ ...BP, projections: [] })])).map((figure) => figure.name);
    expect(names).toEqual(["learning-curves"]);
  });
});

describe("figures that show nothing", () => {
  const names = async (runs: Parameters<typeof allFigures>[0]) => (await allFigures(runs)).map(({ name }) => name);

  it("are left out: alignment of rules that follow the gradient, curves of one point, the error of one run", async () => {
    expect(await names([bp])).toEqual(["learning-curves"]);
    expect(await names([gevb, bp])).toEqual(expect.arrayContaining(["errors", "alignment", "sign-agreement"]));
    const once = [exampleRun({ ...GEVB, evaluations: 1, fields: false }), exampleRun({ ...BP, evaluations: 1 })];
    expect(await names(once)).toEqual(["errors"]);
  });
});

describe("panels of projections", async () => {
  const long = ["lateral-2->feedback-2", "lateral-1->feedback-1", "report->feedback-top", "v1->v2", "v2->report"];
  const figure = (
    await allFigures([exampleRun({ ...GEVB, projections: long }), exampleRun({ ...BP, projections: long })])
  ).find(({ name }) => name === "alignment")!;
  const { concat } = figure.spec as unknown as {
    concat: { title: { text: string[] }; layer: { encoding: { x?: { axis: { labels: boolean } } } }[] }[];
  };

  it("have whole names, in two lines where one is too short", async () => {
    expect(concat.map(({ title }) => title.text)).toEqual([
      ["lateral-2 \u2192", "feedback-2"],
      ["lateral-1 \u2192", "feedback-1"],
      ["report \u2192", "feedback-top"],
      ["v1 \u2192", "v2"],
      ["v2 \u2192", "report"],
    ]);
    expect(await drawFigure(figure, collectingLogger())).not.toContain("\u2026");
  });

  it("have an axis below each column, under the lowest panel that there is", async () => {
    const five = await allFigures([exampleRun({ ...GEVB, projections: ["a->b", "b->c", "c->d", "d->e", "e->f"] })]);
    const { concat: panels } = five.find(({ name }) => name === "alignment")!.spec as unknown as {
      concat: typeof concat;
    };
    expect(panels.map(({ layer }) => layer.at(-1)!.encoding.x!.axis.labels)).toEqual([false, false, true, true, true]);
  });
});

describe("ticks up to a last value", () => {
  it("are few, round and evenly spaced from 0, and end at the last value where it is round", () => {
    for (const [last, most, ticks] of [
      [1, 4, [0, 0.25, 0.5, 0.75, 1]],
      [3, 4, [0, 1, 2, 3]],
      [20, 4, [0, 5, 10, 15, 20]],
      [190, 4, [0, 50, 100, 150]],
    ] as const)
      expect(ticksTo(last, most)).toEqual(ticks);
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e4, noNaN: true }), fc.integer({ min: 2, max: 8 }), (last, most) => {
        const ticks = ticksTo(last, most);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        expect(ticks[0]).toBe(0);
        expect(ticks.at(-1)).toBeLessThanOrEqual(last * (1 + 1e-9));
      }),
    );
  });
});

describe("the figure of agreement in sign", () => {
  it("has a panel per projection and starts near what was measured", async () => {
    const { text, figure } = await drawn("sign-agreement", [gevb, bp]);
    expect(text.match(/^.* \u2192 .*$/gm)).toEqual(["pixels \u2192 v1", "v1 \u2192 v2", "v2 \u2192 report"]);
    expect(text.split("\n")).toEqual(expect.arrayContaining(["same sign (%)", "99.5", "training epochs"]));
    expect(figure.caption).toContain("GEVB ends between 99.6\u00a0% and 100\u00a0% and BP ends at 100\u00a0%.");
  });

  it("draws a line at chance where that is on the axis", async () => {
    const evaluations = gevb.evaluations.map((each) => ({
      ...each,
      alignment: { "pixels->v1": { angle: 89, signAgreement: 0.51 } },
    }));
    expect((await drawn("sign-agreement", [{ ...gevb, evaluations }])).text).toContain("50 %: unrelated");
    expect((await drawn("sign-agreement", [gevb])).text).not.toContain("50 %: unrelated");
  });
});

describe("the error figure", () => {
  it("gives mean and SD over seeds, a point for each", async () => {
    const { svg, text, figure } = await drawn("errors", seeds);
    expect(text.split("\n")).toContain("1.89\u00a0\u00b1\u00a00.08\u00a0%");
    const marks = [...svg.matchAll(/class="mark-symbol role-mark[^>]*>(.*?)<\/g>/gs)];
    expect(marks.map(([, paths]) => paths?.match(/<path/g)?.length)).toEqual([10, 2]);
    expect(figure.caption).toContain(
      "Large points are means over 5 seeds, bars \u00b11 SD, small points single seeds.",
    );
  });

  it("gives each run's number", async () => {
    const { text, figure } = await drawn("errors", [gevb, bp]);
    expect(text.split("\n")).toEqual(expect.arrayContaining(["test error (%)", "1.88\u00a0%", "1.50\u00a0%"]));
    expect(figure.caption).toContain("BP has the lowest error (1.50\u00a0%), 0.38 percentage points below GEVB");
  });

  it("says where a difference may be chance, and who is equally good", async () => {
    const tested = (run: RunRecord, label: string, error: number): RunRecord => ({
      ...run,
      label,
      condition: label,
      evaluations: [...run.evaluations.slice(0, -1), { ...run.evaluations.at(-1)!, set: "test", count: 100, error }],
      summary: { ...run.summary, testError: error },
    });
    const captionOf = async (...errors: number[]) =>
      (
        await drawn(
          "errors",
          errors.map((error, index) => tested(gevb, `run ${index}`, error)),
        )
      ).figure.caption;
    expect(await captionOf(0.1, 0.12)).toContain(
      "run 0 has the lowest error (10.00\u00a0%), 2.00 percentage points below run 1; their bars overlap, so that this may be chance.",
    );
    expect(await captionOf(0.1, 0.6, 0.1)).toContain(
      "run 0 and run 2 have the lowest error (10.00\u00a0%), 50.00 percentage points below run 1.",
    );
  });
});

describe("receptive fields", () => {
  it("are one image per unit and component, with numbered columns, named rows and a scale", async () => {
    const { svg, text } = await drawn("receptive-fields", [gevb, bp]);
    expect(readTags(svg).filter((tag) => tag.name === "image")).toHaveLength(4 * 10);
    const words = ["0", "9", "v1[0]", "v1[3]", "unit", "weight", "component of the unit's vector (one per class)"];
    expect(text.split("\n")).toEqual(expect.arrayContaining(words));
  });

  it("of several runs are figures of their own", async () => {
    const names = (await allFigures([gevb, gevb])).map((figure) => figure.name);
    expect(names.slice(-2)).toEqual(["receptive-fields-1", "receptive-fields-2"]);
  });

  it("of several seeds are those of the first", async () => {
    const figures = (await allFigures(seeds)).filter(({ name }) => name.startsWith("receptive-fields"));
    expect(figures.map(({ title }) => title)).toEqual(["Receptive fields, GEVB, seed 1"]);
  });

  it("of kernels with three channels are drawn in colour, without a scale", async () => {
    const kernel = Float32Array.of(1, 0, -1, 0, 0, 0, -1, 1, Number.NaN, 0.5, 0.5, 0.5);
    const fields = { ...exampleFields(1, 1), height: 2, width: 2, channels: 3 as const };
    const units = [{ name: "c1 0", fields: [kernel] }];
    const { svg, text, figure } = await drawn("receptive-fields", [{ ...bp, receptiveFields: { ...fields, units } }]);
    expect(text).not.toContain("weight");
    expect(figure.caption).toContain("mid-grey is 0");
    const [image] = readTags(svg).filter((tag) => tag.name === "image");
    const { data } = decode(Buffer.from(image?.attributes["xlink:href"]?.split(",")[1] ?? "", "base64"));
    expect([...data]).toEqual([255, 128, 1, 128, 128, 128, 1, 255, 128, 192, 192, 192]);
    expect(Number(image?.attributes.width)).toBeGreaterThanOrEqual(40);
  });

  it("of channels that are no colours are refused", async () => {
    const fields = { ...exampleFields(1, 1), channels: 64 as 1 };
    await expect(allFigures([{ ...bp, receptiveFields: fields }])).rejects.toThrow(
      new ShapeError(
        "Receptive fields of BP, projection pixels->v1: got 64 channels, needs 1 or 3; leave out fields that are no images.",
      ),
    );
  });

  it("of another size than they say are refused", async () => {
    const fields = exampleFields(2, 10);
    await expect(allFigures([{ ...gevb, receptiveFields: { ...fields, width: 27 } }])).rejects.toThrow(
      new ShapeError(
        "Receptive fields of GEVB, projection pixels->v1, unit v1[0]: got a field of 784 weights, needs 10 fields of 28 x 27 weights.",
      ),
    );
    await expect(allFigures([{ ...gevb, receptiveFields: { ...fields, components: 9 } }])).rejects.toThrow(
      "got 10 fields, needs 9",
    );
  });

  it("have the colour of the legend at every weight", () => {
    const limit = 0.4;
    const { domain, range } = divergingScale(limit);
    const png = fieldImage(Float32Array.from(domain), 1, domain.length, limit);
    const { data } = decode(Buffer.from(png.split(",")[1] ?? "", "base64"));
    const pixels = domain.map((_, index) => `rgb(${data.slice(3 * index, 3 * index + 3).join(",")})`);
    expect(pixels).toEqual(range);
  });
});

describe("diverging colours", () => {
  const weight = fc.double({ min: -3, max: 3, noNaN: true });

  it("tell the sign: negative is blue, positive is red, 0 is white", () => {
    fc.assert(
      fc.property(weight, (value) => {
        const [red, , blue] = divergingColour(value, 1);
        if (Math.abs(value) > 0.01) expect(Math.sign(red - blue)).toBe(Math.sign(value));
      }),
    );
    expect(divergingColour(0, 1)).toEqual([255, 255, 255]);
  });

  it("get darker with size", () => {
    const green = (value: number) => divergingColour(value, 1)[1];
    fc.assert(
      fc.property(weight, weight, (a, b) => {
        fc.pre(a >= 0 === b >= 0 && Math.abs(a) < Math.abs(b));
        expect(green(a)).toBeGreaterThanOrEqual(green(b));
      }),
    );
  });

  it("are grey for what is not a number", () => expect(divergingColour(Number.NaN, 1)).toEqual([128, 128, 128]));
});

it("no two of 56 runs share both colour and shape", () => {
  const labels = Array.from({ length: 56 }, (_, index) => `run ${index}`);
  const { color, shape } = conditionScales(labels);
  expect(new Set(labels.map((_, index) => `${color.range[index]} ${shape.range[index]}`)).size).toBe(56);
});

it.each([{ mark: "nonsense" }, {}])("a figure of one's own that Vega-Lite cannot draw is named: %j", async (spec) => {
  const mine = figure({ name: "mine", title: "Mine", caption: "", spec, data: [{ a: 1 }] });
  const drawing = drawFigure(mine, collectingLogger());
  await expect(drawing).rejects.toThrow(UsageError);
  await expect(drawing).rejects.toThrow(
    /^figure "mine": Vega-Lite cannot draw its spec \(.+\); look at marks and encodings/,
  );
});
