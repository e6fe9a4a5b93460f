import { existsSync } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { csvParse } from "d3-dsv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { drawFigures, loadRuns, rebuildReport, resume, run } from "../../src/built-in-runs.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { UsageError } from "../../src/kinds/errors.ts";
import { definePlugin } from "../../src/kinds/plugin.ts";
import { builtIn } from "../../src/library.ts";
import { defineMeasure } from "../../src/measures/define-measure.ts";
import { nodeLibrary } from "../../src/node-library.ts";
import { sgd } from "../../src/plasticity/optimisers/sgd.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { figure } from "../../src/report/figures/own-figure.ts";
import { readYaml } from "../../src/runs/record/yaml-text.ts";
import { writeFigure } from "../../src/runs/write-figures.ts";
import { symbols } from "../../src/tasks/images/symbols-task.ts";
import type { RunEvent } from "../../src/training/events.ts";
import { resolveMeasures } from "../../src/training/measure-settings.ts";
import { parseRun } from "../../src/training/run-description.ts";
import { silent } from "../../src/training/silent.ts";
import { experiments } from "../built-in-experiments.ts";
import { leftBehind, scratchFolder, smallRun } from "../small-runs.ts";

/** A measure of the sizes of weights, with a figure, that fails while it is told to. */
function sizes() {
  const broken = { by: undefined as Error | undefined };
  const measure = defineMeasure({
    kind: "sizes",
    summary: "mean size of the weights of each projection",
    settings: z.strictObject({ power: z.number().positive().default(1) }),
    record: z.object({ power: z.number(), of: z.array(z.object({ projection: z.string(), size: z.number() })) }),
    refuse: ({ power }) => (power > 4 ? `a power of ${power} is above 4` : undefined),
    async take({ power }, { learner, begin }) {
      if (broken.by) throw broken.by;
      const phase = begin(2);
      const state = await learner.readState();
      const weights = Object.entries(state).filter(([name]) => name.endsWith("/weight"));
      phase.advance(2);
      const of = weights.map(([name, { data }]) => ({
        projection: name.replace("/weight", ""),
        size: data.reduce((sum, weight) => sum + Math.abs(weight) ** power, 0) / data.length,
      }));
      return { power, of };
    },
    words: ({ of }) => [`${of.length} projections have weights`],
    chapter: {
      words: () => "Sizes of weights were measured.",
      quantities: () => [{ name: "size of weights", value: ({ record: { of } }) => of[0]!.size }],
      warnings: ({ runs }) => (runs[0]!.record.power === 4 ? ["a power of 4 is high"] : []),
      files: ({ runs }) => [{ name: "sizes.txt", content: `${runs.length}\n` }],
      figures: ({ conditions }) => [
        figure({
          name: "sizes",
          title: "Sizes of weights",
          caption: "Mean size of the weights of each projection.",
          spec: {
            mark: "bar",
            encoding: {
              x: { field: "projection", type: "nominal" },
              y: { field: "size", type: "quantitative" },
            },
          },
          data: conditions.flatMap(({ name, runs }) =>
            runs.flatMap(({ seed, record }) => record.of.map((line) => ({ condition: name, seed, ...line }))),
          ),
        }),
      ],
    },
  });
  return { broken, measure, plugin: definePlugin({ name: "sizes", parts: [measure] }) };
}

const net = circuit("small", (c) => {
  const hidden = c.population("v1", { units: 6 });
  c.project(c.input("pixels", { units: 64 }), hidden);
  c.project(hidden, c.population("report", { units: 10 }));
});
const description = {
  ...{ circuit: net, task: symbols({ size: 8, count: 40, testCount: 20 }), rule: bp(), optimiser: sgd({ rate: 0.1 }) },
  ...{ epochs: 1, batch: 8, seed: 3, device: "cpu" },
};

describe("a measure of a plug-in", () => {
  test("is taken, recorded, told, and shown in the report with its figure", async () => {
    const { plugin } = sizes();
    const out = join(await scratchFolder(), "run");
    const events: RunEvent[] = [];
    await run(
      { ...description, sizes: { power: 2 } },
      { use: [plugin], out, onEvent: (event) => void events.push(event) },
    );
    expect(events.filter(({ type }) => type === "measure-taken")).toEqual([
      {
        ...{ type: "measure-taken", run: "bp", folder: out, measure: "sizes" },
        words: ["2 projections have weights"],
      },
    ]);
    expect(events.find((event) => event.type === "phase" && event.phase === "sizes")).toMatchObject({
      done: 0,
      total: 2,
    });
    const config = readYaml(await readFile(join(out, "config.yaml"), "utf8"));
    expect(config).toMatchObject({ value: { run: { sizes: { power: 2 } } } });
    const [loaded] = await loadRuns(out, { use: [plugin] });
    const record = JSON.parse(await readFile(join(out, "sizes.json"), "utf8"));
    expect(loaded!.records).toEqual({ sizes: record });
    // What the record says is true of the weights that the run keeps.
    for (const { projection, size } of record.of) {
      const weights = await loaded!.kept!.parameter(`${projection}/weight`);
      expect(size).toBeCloseTo(weights.reduce((sum, weight) => sum + weight ** 2, 0) / weights.length, 6);
    }
    const page = await readFile(join(out, "report.html"), "utf8");
    for (const words of ["Sizes of weights were measured.", "Figure 1. Sizes of weights.", "size of weights</th>"])
      expect(page).toContain(words);
    expect(await readFile(join(out, "sizes.txt"), "utf8")).toBe("1\n");
    const lines = csvParse(await readFile(join(out, "figures", "sizes.csv"), "utf8"));
    expect(lines.map(({ seed, size }) => [Number(seed), Number(size)])).toEqual(
      record.of.map(({ size }: { size: number }) => [3, size]),
    );
  });

  test("is drawn alone in every format, and is told by its name where it is misspelt", async () => {
    const { plugin } = sizes();
    const out = join(await scratchFolder(), "run");
    await run({ ...description, sizes: true }, { use: [plugin], out, report: false, onEvent: silent });
    const formats = ["svg", "png", "pdf", "csv"] as const;
    expect(await drawFigures(out, { only: ["sizes"], formats, width: 85, use: [plugin] })).toBe(join(out, "figures"));
    for (const format of formats)
      expect((await stat(join(out, "figures", `sizes.${format}`))).size).toBeGreaterThan(80);
    expect(existsSync(join(out, "report.html"))).toBe(false);
    expect(existsSync(join(out, "figures", "learning-curves.svg"))).toBe(false);
    await expect(drawFigures(out, { only: ["sizs"], use: [plugin] })).rejects.toThrow(
      new UsageError(
        'figure "sizs" is not there (did you mean "sizes"?); these are: sizes, receptive-fields, learned-changes',
      ),
    );
    await expect(rebuildReport(out)).rejects.toThrow('config.yaml needs the plug-in "sizes"');
  });

  test("that failed is recorded, and taken when the run goes on", async () => {
    const { plugin, broken } = sizes();
    const out = join(await scratchFolder(), "run");
    broken.by = new RangeError("weights are lost");
    const { failedMeasures } = await run({ ...description, sizes: null }, { use: [plugin], out, onEvent: silent });
    expect(failedMeasures).toEqual([{ measure: "sizes", message: "internal error: weights are lost" }]);
    expect(await readFile(join(out, "report.html"), "utf8")).toContain("measure sizes failed: internal error:");
    const trained = await leftBehind(out);
    broken.by = undefined;
    expect((await resume(out, { use: [plugin], onEvent: silent })).failedMeasures).toEqual([]);
    expect(await leftBehind(out)).toEqual(trained);
    expect(existsSync(join(out, "failed-measures.json"))).toBe(false);
    expect(await readFile(join(out, "report.html"), "utf8")).toContain("Figure 1. Sizes of weights.");
    // One that is there is not taken again.
    await rm(join(out, "summary.json"));
    const before = await stat(join(out, "sizes.json"));
    await resume(out, { use: [plugin], report: false, onEvent: silent });
    expect((await stat(join(out, "sizes.json"))).mtimeMs).toBe(before.mtimeMs);
  });
});

describe("an experiment", () => {
  test("takes a measure beside its settings, keeps it, and goes on with what failed", async () => {
    const { plugin, broken } = sizes();
    const library = nodeLibrary.with(plugin);
    const out = join(await scratchFolder(), "runs");
    const settings = { ...smallRun, epochs: 1, limit: 64, seeds: [1, 2], sizes: { power: 3 } };
    broken.by = new RangeError("weights are lost");
    await expect(experiments.run("gevb", settings, { out, library, report: false })).rejects.toThrow(
      '2 measures failed after training: the first, "sizes" of gevb-seed-1: internal error: weights are lost',
    );
    broken.by = undefined;
    await experiments.resume("gevb", out, { library, report: false });
    for (const seed of [1, 2]) {
      const record = JSON.parse(await readFile(join(out, `gevb-seed-${seed}`, "sizes.json"), "utf8"));
      expect(record.power).toBe(3);
    }
    const config = readYaml(await readFile(join(out, "config.yaml"), "utf8"));
    expect(config).toMatchObject({ value: { settings: { sizes: { power: 3 } } } });
  });

  test("refuses a key that is neither a setting nor a measure, and a measure where nothing is trained", async () => {
    const library = nodeLibrary.with(sizes().plugin);
    const out = join(await scratchFolder(), "runs");
    await expect(experiments.run("gevb", { sizs: {} }, { out, library })).rejects.toThrow(
      /^gevb: unknown setting "sizs" \(did you mean "sizes"\?\); known: dataset, .*, sizes$/,
    );
    await expect(experiments.run("gevb-widths", { sizes: {} }, { out, library })).rejects.toThrow(
      'gevb-widths, sizes: "gevb-widths" trains nothing that could be measured; leave it out',
    );
    expect(existsSync(out)).toBe(false);
  });
});

describe("the measures that a run description names", () => {
  const { measure } = sizes();
  const library = builtIn.with(definePlugin({ name: "sizes", parts: [measure] }));
  const parse = (measures: object) => parseRun({ ...description, ...measures }, library);

  test("are resolved, once and for all, whatever form they are given in", () => {
    const given = fc.oneof(
      fc.constantFrom(true, false, null, undefined),
      fc.record({ power: fc.double({ min: 0.1, max: 4, noNaN: true }) }, { requiredKeys: [] }),
    );
    const stimuli = fc.oneof(fc.nat(99), fc.record({ stimuli: fc.nat(99) }), fc.constant(undefined));
    fc.assert(
      fc.property(given, stimuli, (asked, represented) => {
        const parsed = parse({ sizes: asked, representation: represented });
        const power = typeof asked === "object" ? (asked?.power ?? 1) : 1;
        expect(parsed.sizes).toEqual(asked === undefined ? undefined : asked === false ? false : { power });
        expect(parsed.representation).toEqual(typeof represented === "object" ? represented.stimuli : represented);
        expect(parseRun(parsed, library)).toEqual(parsed);
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    [{ sizs: {} }, /^run: unknown setting "sizs" \(did you mean "sizes"\?\); known: epochs, .*, attention, sizes$/],
    [{ sizes: { pwer: 2 } }, 'run: measure "sizes": unknown setting "pwer" (did you mean "power"?); known: power'],
    [{ sizes: { power: -1 } }, 'run: measure "sizes": power: got -1, expected'],
    [{ sizes: 3 }, "run: sizes: got 3, expected its settings, or true or false"],
    [{ representation: "all" }, 'run: measure "representation": stimuli: got "all", expected a whole number'],
  ])("%j is refused", (measures, message) => expect(() => parse(measures)).toThrow(message));

  test("that make no sense are refused before any work", async () => {
    const { plugin } = sizes();
    const out = join(await scratchFolder(), "run");
    await expect(run({ ...description, sizes: { power: 5 } }, { use: [plugin], out })).rejects.toThrow(
      new UsageError("sizes: a power of 5 is above 4"),
    );
    expect(existsSync(out)).toBe(false);
  });

  test("are in the order of the library", () => {
    const names = builtIn.list("measure").map(({ kind }) => kind);
    const reversed = Object.fromEntries([...names].reverse().map((name) => [name, true]));
    expect(Object.keys(resolveMeasures(reversed, builtIn, "run", []))).toEqual(names);
  });
});

test.each([
  ["Sizes", 'measure "Sizes": expected a name of lower-case letters, digits and "-", by which its file is called'],
  ["epochs", 'measure "epochs": run folders and descriptions of runs use this name for something else'],
  ["summary", 'measure "summary": run folders and descriptions of runs use this name for something else'],
])("a measure cannot be called %s", (kind, message) => {
  expect(() => defineMeasure({ kind, summary: "", record: z.object({}), take: () => ({}) })).toThrow(message);
});

describe("a figure of one's own", () => {
  const spec = { mark: "point", encoding: { x: { field: "x", type: "quantitative" } } };
  const own = { name: "mine", title: "Mine", caption: "What is mine.", spec, data: [{ x: 1 }, { x: 2 }] };

  test("has data, look and numbers of Sulcus, unless it says otherwise", () => {
    const drawn = figure(own);
    expect(drawn).toMatchObject({ name: "mine", description: "Mine. What is mine.", numbers: own.data });
    expect(drawn.spec).toMatchObject({ mark: "point", data: { values: own.data }, width: 420 });
    expect(figure({ ...own, spec: { ...spec, width: 99, config: { font: "serif" } } }).spec).toMatchObject({
      width: 99,
      config: { font: "serif", background: "white" },
    });
    expect(figure({ ...own, spec: { hconcat: [spec, spec] } }).spec).not.toHaveProperty("width");
  });

  test.each([
    [{ name: "My figure" }, 'figure "My figure": expected a name of lower-case letters, digits and "-"'],
    [{ name: "../mine" }, 'figure "../mine": expected a name of lower-case letters'],
    [{ data: [1, 2] }, 'figure "mine", data: got [1, 2], expected a list of records'],
    [{ data: undefined }, 'figure "mine", data: got nothing, expected a list of records'],
    [{ spec: "bars" }, 'figure "mine", spec: got "bars", expected a specification of Vega-Lite'],
  ])("%j is refused", (wrong, message) => {
    expect(() => figure({ ...own, ...wrong } as unknown as typeof own)).toThrow(message);
  });

  test("is written where and how somebody wants it", async () => {
    const folder = await scratchFolder();
    const files = await writeFigure([figure(own), undefined], { folder, formats: ["csv", "svg"] });
    expect(files).toEqual(["vl.json", "csv", "svg"].map((ending) => join(folder, `mine.${ending}`)));
    expect(await readFile(join(folder, "mine.csv"), "utf8")).toBe("x\n1\n2\n");
    await expect(writeFigure(figure(own), { folder, formats: ["gif" as "png"] })).rejects.toThrow(
      'format "gif" is not known',
    );
    await expect(writeFigure(figure(own), { folder, width: 3 })).rejects.toThrow("width: got 3 mm");
  });
});
