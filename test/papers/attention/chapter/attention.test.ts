import { csvParse } from "d3-dsv";
import fc from "fast-check";
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { ShapeError } from "../../../../src/kinds/errors.ts";
import type { AttentionRecord } from "../../../../src/papers/attention/attention-record.ts";
import type { AttendedRun } from "../../../../src/papers/attention/chapter/attended.ts";
import { attentionFigures } from "../../../../src/papers/attention/chapter/attention-chapter.ts";
import { attentionCsv } from "../../../../src/papers/attention/chapter/attention-csv.ts";
import { attentionTable } from "../../../../src/papers/attention/chapter/attention-table.ts";
import { exampleLayout, ROWS } from "../../../../src/papers/attention/chapter/figures/example-layout.ts";
import { sceneImage } from "../../../../src/papers/attention/chapter/figures/scene-image.ts";
import { gainScale } from "../../../../src/papers/attention/chapter/figures/tuning-changes.ts";
import { measuresIn } from "../../../../src/papers/attention/chapter/measures.ts";
import { conditionsOf } from "../../../../src/report/conditions.ts";
import { drawFigure } from "../../../../src/report/draw.ts";
import { percentAxis } from "../../../../src/report/figures/percent-axis.ts";
import { chancesInWords, testInWords } from "../../../../src/report/test-in-words.ts";
import { writeReport } from "../../../../src/report/write-report.ts";
import { allFigures } from "../../../report/all-figures.ts";
import { collectingLogger } from "../../../report/collecting-logger.ts";
import { exampleReport, exampleRun, GEVB } from "../../../report/example-data.ts";
import { readTags, readText } from "../../../report/markup.ts";
import { attentionRecord, exampleAttention, exampleAttentionSeeds, withRecord } from "./example-attention.ts";

type Values = Record<string, string | number | null>[];
interface Layer {
  data?: { values: Values };
  layer?: Layer[];
}

const one = exampleAttention();
const several = [...exampleAttentionSeeds(3), ...exampleAttentionSeeds(3, { course: GEVB })];

const figuresOf = (runs: readonly AttendedRun[]) =>
  attentionFigures(conditionsOf(runs)).filter((figure) => figure !== undefined);

function figureOf(name: string, runs: readonly AttendedRun[]) {
  const figure = figuresOf(runs).find((each) => each.name === name);
  if (!figure) throw new Error(`no figure ${name}`);
  return { figure, spec: figure.spec as unknown as Layer & { concat: Layer[]; vconcat: Layer[]; hconcat: Layer[] } };
}

async function drawn(name: string, runs: readonly AttendedRun[]) {
  const log = collectingLogger();
  const { figure } = figureOf(name, runs);
  const svg = await drawFigure(figure, log);
  expect(log.messages).toEqual([]);
  return { figure, svg, words: readText(svg).split("\n") };
}

/** The run with some of its record changed. */
const changed = (run: AttendedRun, changes: Partial<AttentionRecord>) => withRecord(run, { ...run.record, ...changes });

const namesOf = (runs: readonly AttendedRun[]) => figuresOf(runs).map(({ name }) => name);

describe("figures of attention", () => {
  it("are all there for one run, and none for a run that was not analysed", async () => {
    expect(namesOf([one])).toEqual([
      "attention-accuracy",
      "attention-examples",
      "attention-gating",
      "attention-tuning",
      "attention-tuning-changes",
      "attention-modulation",
      "attention-iterations",
      "attention-strengths",
    ]);
    const others = await allFigures([exampleRun(GEVB)]);
    expect(others.filter(({ name }) => name.startsWith("attention"))).toEqual([]);
  });

  it("leave out what a record lacks", () => {
    const bare = { examples: [], tuning: [], modulation: [], iterations: [], strengths: [] };
    expect(namesOf([changed(one, bare)])).toEqual(["attention-accuracy", "attention-gating"]);
  });

  it("are of one condition each where they show one run, of its first seed", () => {
    const figures = figuresOf(several).filter(({ name }) => /examples|tuning-\d/.test(name));
    expect(figures.map(({ name, title }) => [name, title])).toEqual([
      ["attention-examples-1", "Scenes glimpse by glimpse, BP, seed 1"],
      ["attention-examples-2", "Scenes glimpse by glimpse, GEVB, seed 1"],
      ["attention-tuning-1", "Tuning curves, BP, seed 1"],
      ["attention-tuning-2", "Tuning curves, GEVB, seed 1"],
    ]);
  });

  it("are the same bytes, drawn a second time", async () => {
    for (const figure of figuresOf(several)) expect(await drawFigure(figure)).toBe(await drawFigure(figure));
  });
});

it("four conditions have examples and tuning curves of their own, not more", () => {
  const runs = Array.from({ length: 6 }, (_, index) => ({ ...one, condition: `strength ${index}` }));
  const names = namesOf(runs);
  for (const name of ["attention-examples", "attention-tuning"])
    expect(names.filter((each) => /-\d$/.test(each) && each.startsWith(name))).toHaveLength(4);
});

describe("examples of scenes", () => {
  const record = one.record;

  it("are images of the scene, gated input, attention and inhibition, with what was attended and reported", async () => {
    const { svg, words } = await drawn("attention-examples", [one]);
    const images = readTags(svg).filter(({ name }) => name === "image");
    expect(images).toHaveLength(record.examples.length * (1 + 2 * 3));
    for (const word of ["scene", "gated input", "attention", "of return", "attended", "reported", "glimpse 2"])
      expect(words).toContain(word);
    for (const { objects } of record.examples) expect(words).toContain(objects.join(" and "));
    const { spec } = figureOf("attention-examples", [one]);
    const wrong = spec.layer!.flatMap(({ data }) => data?.values ?? []).filter(({ text }) => text === "7");
    expect(record.examples[2]!.glimpses[1]).toMatchObject({ chosen: "4", report: "7" });
    expect(wrong.length).toBeGreaterThan(0);
    expect(svg).toMatch(/font-weight="bold"[^>]*fill="#D55E00"[^>]*>7</);
  });

  it("hold the record's pixels, scenes and gated inputs on one scale, dark where attention holds back", () => {
    const { spec } = figureOf("attention-examples", [one]);
    const urls = spec.layer![0]!.data!.values.map(({ url }) => String(url));
    const pixels = (url: string) => [...decode(Buffer.from(url.split(",")[1] ?? "", "base64")).data];
    const all = record.examples.flatMap(({ scene, glimpses }) => [scene, ...glimpses.map(({ gated }) => gated)]);
    const brightest = Math.max(...all.flat());
    const [{ scene, glimpses }] = record.examples as [AttentionRecord["examples"][number]];
    const { gated, attention, inhibition } = glimpses[0]!;
    const grey = (values: readonly number[], level: (value: number) => number) =>
      values.flatMap((value) => Array(3).fill(Math.round(255 * level(value))));
    expect(pixels(urls[0]!)).toEqual(grey(scene, (value) => value / brightest));
    expect(pixels(urls[1]!)).toEqual(grey(gated, (value) => value / brightest));
    expect(pixels(urls[2]!)).toEqual(grey(attention, (value) => (1 - value) / 2));
    expect(pixels(urls[3]!)).toEqual(grey(inhibition!, (value) => 1 - value));
  });

  it("have no row of inhibition where there is none, and say so", async () => {
    const { words, figure } = await drawn("attention-examples", [exampleAttention({ inhibition: false })]);
    expect(words).not.toContain("of return");
    expect(figure.caption).toContain("There is no inhibition of return.");
  });

  it("in colour stay in colour, of many show the first six, and name long classes one below the other", async () => {
    const { words, figure, svg } = await drawn("attention-examples", [
      exampleAttention({ colour: true, glimpses: 1, scenes: 8 }),
    ]);
    expect(figure.caption).toContain("The first 6 of 8 scenes are shown.");
    expect(readTags(svg).filter(({ name }) => name === "image")).toHaveLength(6 * 4);
    expect(words.filter((word) => word === "vehicle").length).toBeGreaterThanOrEqual(6);
    expect(words.join()).not.toContain("\u2026");
    const image = sceneImage(
      [1, 0, 0.5, 2, -1, Number.NaN],
      { height: 1, width: 2, channels: 3 },
      { dark: 0, bright: 1 },
    );
    expect([...decode(Buffer.from(image.split(",")[1]!, "base64")).data]).toEqual([255, 0, 128, 255, 0, 0]);
  });

  it("of another size than they say, or of no colours, are refused", () => {
    const [example] = record.examples as [AttentionRecord["examples"][number]];
    const draw = (changes: object) => () =>
      attentionFigures(conditionsOf([changed(one, { examples: [{ ...example, ...changes }] })]));
    expect(draw({ scene: [1, 2] })).toThrow(
      new ShapeError("Attention of BP, example 1: scene has 2 values, needs 1176 for an image of 28 x 42."),
    );
    const glimpses = example.glimpses.map((glimpse, index) =>
      index === 1 ? { ...glimpse, inhibition: [0] } : glimpse,
    );
    expect(draw({ glimpses })).toThrow("example 1: inhibition of glimpse 2 has 1 values, needs 1176");
    expect(draw({ channels: 2 })).toThrow(
      new ShapeError("Attention of BP, example 1: got 2 channels, needs 1 (grey) or 3 (red, green and blue)."),
    );
  });

  it("lie beside each other without overlap, whatever their number and size", () => {
    const shape = fc.record({
      scenes: fc.integer({ min: 1, max: 6 }),
      glimpses: fc.integer({ min: 1, max: 5 }),
      width: fc.integer({ min: 20, max: 120 }),
      inhibition: fc.boolean(),
    });
    const [example] = record.examples as [AttentionRecord["examples"][number]];
    fc.assert(
      fc.property(shape, ({ scenes, glimpses, width, inhibition }) => {
        const { inhibition: mask, ...glimpse } = example.glimpses[0]!;
        const each = { ...glimpse, ...(inhibition ? { inhibition: mask! } : {}) };
        const examples = Array.from({ length: scenes }, () => ({
          ...example,
          width,
          glimpses: Array.from({ length: glimpses }, () => each),
        }));
        const layout = exampleLayout(examples);
        expect(layout.rows).toEqual(ROWS.filter((row) => inhibition || row !== "inhibition"));
        const places = examples.flatMap((_, scene) =>
          (["gated", "attention", ...(inhibition ? (["inhibition"] as const) : [])] as const).flatMap((row) =>
            Array.from({ length: glimpses }, (__, index) => [layout.x(scene, index), layout.y(scene, row)] as const),
          ),
        );
        for (const [index, [x, y]] of places.entries()) {
          expect(x + layout.image.width / 2).toBeLessThanOrEqual(layout.width);
          expect(y + layout.image.height / 2).toBeLessThanOrEqual(layout.height);
          for (const [otherX, otherY] of places.slice(0, index))
            expect(Math.abs(x - otherX) >= layout.image.width || Math.abs(y - otherY) >= layout.image.height).toBe(
              true,
            );
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("the histogram of the gate", () => {
  const barsOf = (runs: readonly AttendedRun[], panel = 0) =>
    figureOf("attention-gating", runs).spec.vconcat[panel]!.layer![0]!.data!.values;

  it("is each kind's share of pixels, bin by bin, attended up and unattended down", () => {
    const { gating } = one.record;
    for (const [pixels, counts, sign] of [
      ["attended", gating.attended, 1],
      ["unattended", gating.unattended, -1],
    ] as const) {
      const all = counts.reduce((sum, count) => sum + count, 0);
      const bars = barsOf([one]).filter((bar) => bar.pixels === pixels);
      expect(bars).toHaveLength(counts.filter((count) => count > 0).length);
      expect(bars.reduce((sum, bar) => sum + Number(bar.share), 0)).toBeCloseTo(sign * 100, 2);
      for (const bar of bars) {
        const bin = Math.round((Number(bar.from) - gating.from) / 0.01);
        expect(bar.share).toBeCloseTo((sign * 100 * counts[bin]!) / all, 3);
        expect(Number(bar.to) - Number(bar.from)).toBeCloseTo(0.01, 5);
      }
    }
  });

  it("of a gate that changes nothing is drawn all the same, and says why there is no test", async () => {
    const gating = {
      ...one.record.gating,
      ...{ from: 1, to: 1, attended: [500], unattended: [0], meanAttended: 1, meanUnattended: Number.NaN },
      test: { test: "none" as const, reason: "the values do not vary, so that any difference is beyond a test" },
    };
    const { svg, figure } = await drawn("attention-gating", [changed(one, { gating })]);
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(figure.caption).toContain(
      "Mean factor 1 on attended and \u2013 on unattended pixels, over scenes (no test, for the values do not vary",
    );
  });

  it("marks and says the means and the paired test", async () => {
    const { words, figure } = await drawn("attention-gating", [one]);
    for (const word of ["attended: mean 1.12", "unattended: mean 0.93", "factor of the gate", "pixels (%)"])
      expect(words).toContain(word);
    expect(figure.caption).toContain(
      "Mean factor 1.12 on attended and 0.93 on unattended pixels, over scenes (paired t-test, t(199) = 17.1, p < 0.001).",
    );
  });

  it("counts the seeds of a condition together, those of other bins left out, a panel a condition", () => {
    const bins = (runs: readonly AttendedRun[]) => barsOf(runs).map(({ from, share }) => [from, share]);
    const twice = [one, { ...one, seed: 2 }];
    expect(bins(twice)).toEqual(bins([one]));
    const other = exampleAttention({ seed: 2, strength: 0.5 });
    expect(bins([one, other])).toEqual(bins([one]));
    const { figure, spec } = figureOf("attention-gating", several);
    expect(spec.vconcat).toHaveLength(2);
    expect(figure.caption).toContain("GEVB: mean factor 1.12 on attended");
    expect(figure.caption).toContain("(paired t-tests, one a seed, p < 0.001)");
  });
});

describe("tuning", () => {
  it("curves are those of the record, three units a stage", async () => {
    const { spec } = figureOf("attention-tuning", [one]);
    expect(spec.concat).toHaveLength(6);
    const [{ angles, curves }] = one.record.tuning as [AttentionRecord["tuning"][number]];
    const values = spec.concat[1]!.data!.values;
    for (const kind of ["attended", "unattended"] as const) {
      const drawnCurve = values.filter(({ curve }) => curve === kind);
      expect(drawnCurve).toHaveLength(angles.length);
      for (const [index, { x, mean }] of drawnCurve.entries()) {
        expect(x).toBeCloseTo(angles[index]!, 3);
        expect(mean).toBeCloseTo(curves[1]![kind][index]!, 5);
      }
    }
    const { words } = await drawn("attention-tuning", [one]);
    for (const word of ["V2, unit 4", "bar angle (°)", "mean rate", "attended", "unattended"])
      expect(words).toContain(word);
  });

  it("changes have a point for each tuned unit, and lines at one step of the bars", async () => {
    const { figure, words } = await drawn("attention-tuning-changes", several);
    const { spec } = figureOf("attention-tuning-changes", several);
    const [gains, shifts] = spec.hconcat as [Layer, Layer];
    const expected = several.flatMap(({ record }) => record.tuning.flatMap(({ units }) => units));
    for (const [panel, key] of [
      [gains, "gain"],
      [shifts, "shift"],
    ] as const) {
      const values = panel.layer![1]!.data!.values.map(({ value }) => Number(value)).sort((a, b) => a - b);
      const sorted = expected.map((unit) => Number(unit[key].toPrecision(6))).sort((a, b) => a - b);
      expect(values).toEqual(sorted);
    }
    expect(shifts.layer![0]!.data!.values).toEqual([{ at: -8.57143 }, { at: 8.57143 }]);
    expect(words).toEqual(expect.arrayContaining(["V1, BP", "V2, GEVB", "gain", "peak shift (°)"]));
    expect(figure.caption).toContain("one step of the bars to either side, 8.57°");
    expect(figure.caption).toContain(
      "V1, BP: median gain 1.07, 45 of 48 (94\u00a0%) peaks of tuned units move by less than a step, 12 not tuned",
    );
  });

  it("have an axis that one gain far from the others does not squeeze, and that is logarithmic where gains are", () => {
    const usual = Array.from({ length: 20 }, (_, index) => 1.1 + 0.01 * index);
    expect(gainScale([usual])).toMatchObject({ type: "linear", domain: [1, 1.29] });
    const { domain } = gainScale([[...usual, 19, -4]]);
    expect(domain[0]).toBeLessThanOrEqual(1);
    expect(domain[1]).toBeLessThan(2);
    expect(gainScale([[0.8, 2, 7, 20]])).toMatchObject({ type: "log", domain: [0.8, 20] });
    expect(gainScale([[], usual])).toMatchObject({ domain: [1, 1.29] });
    fc.assert(
      fc.property(fc.array(fc.array(fc.double({ min: -50, max: 50 }), { maxLength: 12 }), { maxLength: 3 }), (rows) => {
        const { type, domain: ends } = gainScale(rows);
        expect(ends[0]).toBeLessThanOrEqual(1);
        expect(ends[1]).toBeGreaterThanOrEqual(1);
        if (type === "log") expect(ends[0]).toBeGreaterThan(0);
      }),
    );
  });

  it("draw what lies off that axis on its edge, and say so", async () => {
    const [first] = one.record.tuning as [AttentionRecord["tuning"][number]];
    const units = first.units.map((unit, index) => ({ ...unit, gain: index === 0 ? 19 : 1.2 + 0.01 * (index % 5) }));
    const { figure, svg } = await drawn("attention-tuning-changes", [changed(one, { tuning: [{ ...first, units }] })]);
    expect(figure.caption).toContain("One gain lies off the axis (19) and is drawn as a triangle on its edge.");
    expect(figure.numbers.map(({ gain }) => gain)).toContain(19);
    expect(svg).not.toMatch(/NaN/);
  });

  it("without a tuned unit has neither figure, and with some in one stage says so", () => {
    const names = namesOf([exampleAttention({ tuned: 0 })]);
    expect(names.filter((name) => name.includes("tuning"))).toEqual([]);
    const [first] = one.record.tuning;
    const [, untuned] = attentionRecord({ tuned: 0 }).tuning;
    const { figure } = figureOf("attention-tuning-changes", [changed(one, { tuning: [first!, untuned!] })]);
    expect(figure.caption).toContain("V2: no tuned unit, 4 not tuned");
  });
});

describe("curves and dots of attention", () => {
  it("are accuracies in per cent at each iteration and strength, the strength of training marked", async () => {
    for (const [name, key, places] of [
      ["attention-iterations", "iterations", one.record.iterations.map(({ iteration }) => iteration)],
      ["attention-strengths", "strengths", one.record.strengths.map(({ strength }) => strength)],
    ] as const) {
      const values = figureOf(name, [one]).spec.concat[0]!.data!.values;
      expect(values.map(({ x }) => x)).toEqual(places);
      for (const [index, { mean }] of values.entries())
        expect(mean).toBeCloseTo(100 * one.record[key][index]!.accuracy, 3);
    }
    const { words, figure } = await drawn("attention-strengths", [one]);
    expect(words).toEqual(expect.arrayContaining(["trained", "attention strength", "accuracy (%)"]));
    expect(figure.caption).toContain("Dotted: 0.2, the strength of training.");
    const untold = await drawn("attention-strengths", [{ ...one, config: {} }]);
    expect(untold.words).not.toContain("trained");
  });

  it("are means over seeds, bars of 1 SD and a small point a seed", async () => {
    const { spec, figure } = figureOf("attention-modulation", several);
    const values = several.slice(0, 3).map(({ record }) => record.modulation[1]!.percent);
    const mean = values.reduce((sum, value) => sum + value) / 3;
    const dot = (spec as unknown as { data: { values: Values } }).data.values.find(
      ({ row, condition }) => row === "V2" && condition === "BP",
    )!;
    expect(dot.mean).toBeCloseTo(mean, 4);
    expect(figure.caption).toContain("V1, BP: p up to 0.012; V1, GEVB: p up to 0.012; V2, BP: p < 0.001");
    const { words, svg } = await drawn("attention-modulation", several);
    expect(words).toEqual(expect.arrayContaining(["V1", "V2", "change of activity (%)", "condition", "GEVB"]));
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  it("name the measures of accuracy, and of one glimpse say nothing of a second", async () => {
    const { words } = await drawn("attention-accuracy", several);
    for (const word of ["accuracy, glimpse 1", "accuracy, glimpse 2", "second glimpse elsewhere", "mask agreement"])
      expect(words).toContain(word);
    const single = await drawn("attention-accuracy", [exampleAttention({ glimpses: 1 })]);
    expect(single.words.join()).not.toContain("second");
    expect(single.figure.caption).not.toContain("econd");
    expect(single.words).toContain("95.51\u00a0%");
  });
});

describe("numbers of attention", () => {
  it("are a table with each test's p below its value", () => {
    const { rows, columns } = attentionTable(conditionsOf(several));
    expect(columns).toEqual(["BP", "GEVB"]);
    const cells = new Map(rows.map(({ name, cells: [first] }) => [name, first]));
    expect(cells.get("accuracy, glimpse 1")).toBe("95.47\u00a0±\u00a00.34\u00a0%");
    expect(cells.get("gate on attended pixels")).toMatch(/^1\.12.*\np < 0\.001$/s);
    expect(cells.get("change of activity, V1")).toMatch(/^4\.91.*\np up to 0\.012$/s);
    expect(cells.get("peaks that stay, V2")).toContain("93.75");
    expect([...cells.keys()].join()).not.toContain("iteration");
  });

  it("of one seed have a confidence interval where it is known of how many glimpses, and counts of units", () => {
    const { rows } = attentionTable(conditionsOf([changed(one, { accuracy: [0.95, 0.9], asked: [60, 60] })]))!;
    const cell = (name: string) => rows.find((row) => row.name === name)?.cells[0]?.replaceAll("\u00a0", " ");
    expect(cell("accuracy, glimpse 1")).toBe("95.00 %\n95 % CI 86.3 to 98.3 %");
    expect(cell("balanced accuracy")).not.toContain("CI");
    expect(cell("peaks that stay, V2")).toMatch(/^\d+ of \d+ \(\d+ %\)$/);
  });

  it("of no tuned unit or an untestable difference have a dash and no p", () => {
    const { gating } = one.record;
    const untested = { ...gating, test: { test: "none" as const, reason: "the values do not vary" } };
    const { rows } = attentionTable(conditionsOf([changed(exampleAttention({ tuned: 0 }), { gating: untested })]))!;
    const cell = (name: string) => rows.find((row) => row.name === name)?.cells[0];
    expect(cell("peaks that stay, V1")).toBe("\u2013");
    expect(cell("gate on attended pixels")).toBe("1.12");
  });

  it("are in the CSV once each, in full precision, whatever the runs", () => {
    const options = fc.record({
      seed: fc.integer({ min: 1, max: 50 }),
      glimpses: fc.integer({ min: 1, max: 4 }),
      tuned: fc.integer({ min: 0, max: 5 }),
      strength: fc.double({ min: 0.05, max: 1, noNaN: true }),
      scenes: fc.constant(0),
    });
    fc.assert(
      fc.property(fc.uniqueArray(options, { minLength: 1, maxLength: 4, selector: ({ seed }) => seed }), (all) => {
        const runs = all.map(exampleAttention);
        const lines = csvParse(attentionCsv(conditionsOf(runs)));
        const measures = measuresIn(runs.map(({ record }) => record));
        const expected = runs.flatMap(({ seed, record }) =>
          measures.flatMap(({ key, at, value }) =>
            Number.isFinite(value(record)) ? [[String(seed), key, at, value(record)]] : [],
          ),
        );
        expect(lines.map(({ seed, measure, at, value }) => [seed, measure, at, Number(value)])).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it("come with the test in the CSV, and with an explanation on the page", async () => {
    const files = new Map<string, string>();
    const write = async (path: string, content: string | Uint8Array) => {
      files.set(path, content.toString());
    };
    await writeReport("run", exampleReport([one]), { write, log: collectingLogger() });
    const csv = files.get("run/attention.csv")!;
    expect(csv.split("\n")[0]).toBe("condition,rule,seed,measure,at,value,t,df,p");
    expect(csv).toContain("\nBP,bp,1,modulation_percent,V1,5,1.8,199,0.012\n");
    const text = readText(files.get("run/report.html")!);
    expect(text).toContain("s is the strength, 0.2 in training.");
    expect(text).toContain("What attention does was measured on 200 scenes after training.");
    files.clear();
    await writeReport("run", exampleReport([exampleRun(GEVB)]), { write, log: collectingLogger() });
    expect(files.has("run/attention.csv")).toBe(false);
    expect(readText(files.get("run/report.html")!)).not.toContain("ttention");
  });
});

describe("tests in words", () => {
  const paired = { test: "paired" as const, difference: 1, statistic: 2.5, degreesOfFreedom: 9, p: 0.0339 };
  const none = { test: "none" as const, reason: "the values do not vary" };

  it("give statistic, degrees of freedom and p, or why there are none", () => {
    expect(testInWords(paired)).toBe("paired t-test, t(9) = 2.5, p = 0.034");
    expect(testInWords(none)).toBe("no test, for the values do not vary");
  });

  it("of several seeds give the largest p", () => {
    expect(chancesInWords([])).toBe("");
    expect(chancesInWords([none])).toBe("");
    expect(chancesInWords([paired])).toBe("p = 0.034");
    expect(chancesInWords([{ ...paired, p: 1e-5 }, paired])).toBe("p up to 0.034");
    expect(
      chancesInWords([
        { ...paired, p: 1e-5 },
        { ...paired, p: 1e-9 },
      ]),
    ).toBe("p < 0.001");
  });
});

it("an axis of per cents reaches every value", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 100 })), (values) => {
      const { from, ticks } = percentAxis(values);
      for (const value of values.filter(Number.isFinite)) expect(value).toBeGreaterThanOrEqual(from);
      expect([ticks[0], ticks.at(-1)]).toEqual([from, 100]);
    }),
  );
});
