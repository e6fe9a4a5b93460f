import fc from "fast-check";
import { decode } from "fast-png";
import { describe, expect, it, test } from "vitest";
import { specialization } from "../../../../src/analysis/specialization.ts";
import { ShapeError } from "../../../../src/kinds/errors.ts";
import { densityPoints } from "../../../../src/papers/modules/chapter/density-points.ts";
import { connectionImage } from "../../../../src/papers/modules/chapter/figures/connection-image.ts";
import { connectionsFigure } from "../../../../src/papers/modules/chapter/figures/connections.ts";
import { densityAxis } from "../../../../src/papers/modules/chapter/figures/density-axis.ts";
import { specializationAxis } from "../../../../src/papers/modules/chapter/figures/specialization-curves.ts";
import { metricsIn } from "../../../../src/papers/modules/chapter/metrics.ts";
import { specializationCsv } from "../../../../src/papers/modules/chapter/specialization-csv.ts";
import type { ModuleByDigit } from "../../../../src/papers/modules/specialization-record.ts";
import { drawFigure } from "../../../../src/report/draw.ts";
import { evenly } from "../../../../src/report/evenly.ts";
import type { RunRecord } from "../../../../src/report/run-record.ts";
import { writeReport } from "../../../../src/report/write-report.ts";
import { allFigures } from "../../../report/all-figures.ts";
import { collectingLogger } from "../../../report/collecting-logger.ts";
import { exampleReport, exampleRun, GEVB } from "../../../report/example-data.ts";
import { readTags, readText } from "../../../report/markup.ts";
import { exampleConnections, exampleKept, exampleModules, exampleSweep, withRecord } from "./example-modules.ts";

const sweep = exampleSweep([1, 10, 1000], 4, { steps: 3 });

interface Panel {
  title: { text: string };
  data: { values: { curve: string; x: number; mean: number; low: number | null; high: number | null }[] };
  layer: { data?: { values: { x: number; seed: number; value: number }[] } }[];
}

async function figureOf(name: string, runs: readonly RunRecord[]) {
  const figure = (await allFigures(runs)).find((each) => each.name === name);
  if (!figure) throw new Error(`no figure ${name}`);
  return { figure, panels: (figure.spec as unknown as { concat: Panel[] }).concat };
}

async function wordsOf(name: string, runs: readonly RunRecord[]): Promise<string[]> {
  const log = collectingLogger();
  const svg = await drawFigure((await figureOf(name, runs)).figure, log);
  expect(log.messages).toEqual([]);
  return readText(svg).split("\n");
}

const namesOf = async (runs: readonly RunRecord[]) => (await allFigures(runs)).map(({ name }) => name);

/** The specialization that a record holds, computed here. */
function expected(values: ModuleByDigit): number {
  const data = Float64Array.from(values.flat(), (value) => value ?? Number.NaN);
  return specialization({ shape: [values.length, values.length], data }).mean;
}

describe("points of density", () => {
  it("hold each run once, whatever their order, in rising density", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(sweep, { minLength: 1 }), (runs) => {
        const points = densityPoints(runs);
        expect(new Set(points.flatMap((point) => point.runs))).toEqual(new Set(runs));
        const densities = points.map(({ density }) => density);
        expect(densities).toEqual([...new Set(densities)].sort((a, b) => a - b));
        for (const point of points)
          for (const { record } of point.runs) expect(point.connections).toBe(record.structure.connections[0]![1]);
      }),
    );
  });

  it("know a single connection from a density, and count wirings that come to the same once", () => {
    const asked = (condition: string) => exampleModules({ connections: 1, condition });
    const points = densityPoints([asked("1 connection"), asked("density 0.00015"), exampleModules({ connections: 5 })]);
    expect(points.map(({ name, runs }) => [name, runs.length])).toEqual([
      ["1 connection", 1],
      ["density 0.0005", 1],
    ]);
  });

  it("are of one series where runs differ in seed and connections alone, named by what differs otherwise", () => {
    const dfa = exampleSweep([0, 10], 2, { rule: "dfa" });
    const named = [...exampleSweep([0, 10], 2), ...dfa].map((run) => ({
      ...run,
      condition: `${run.rule.toUpperCase()}, ${run.condition}`,
    }));
    expect(densityPoints(named).map(({ series, density }) => [series, density])).toEqual([
      ["BP", 0],
      ["BP", 0.001],
      ["DFA", 0],
      ["DFA", 0.001],
    ]);
    expect(new Set(densityPoints(dfa).map(({ series }) => series))).toEqual(new Set(["dfa"]));
  });

  it("are of runs that have a record", async () => {
    const { figure } = await figureOf("specialization-density", [...sweep, exampleRun(GEVB)]);
    expect(figure).toEqual((await figureOf("specialization-density", sweep)).figure);
    expect((await namesOf([exampleRun(GEVB)])).filter((name) => /special|connections|similarity/.test(name))).toEqual(
      [],
    );
  });
});

describe("curves against density", () => {
  it("are mean and deviation of the specialization in the records, with a point a seed", async () => {
    const { panels } = await figureOf("specialization-density", sweep);
    const metrics = metricsIn(sweep);
    expect(panels.map(({ title }) => title.text)).toEqual(metrics.map(({ title }) => title));
    for (const [index, { data, layer }] of panels.entries()) {
      for (const point of densityPoints(sweep)) {
        const values = point.runs.map((run) => expected(metrics[index]!.valuesOf(run.record)!));
        const mean = values.reduce((sum, value) => sum + value) / values.length;
        const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
        const drawn = data.values.find(({ x }) => x === point.density)!;
        expect(drawn.mean).toBeCloseTo(mean, 5);
        expect(drawn.high! - drawn.low!).toBeCloseTo(2 * deviation, 4);
        const seeds = layer[1]!.data!.values.filter(({ x }) => x === point.density);
        for (const [place, { value }] of seeds.entries()) expect(value).toBeCloseTo(values[place]!, 5);
        expect(seeds).toHaveLength(4);
      }
    }
  });

  it("take the masks that keep most and least, and states of the last step", () => {
    const metrics = metricsIn(sweep);
    expect(metrics.map(({ key }) => key)).toEqual(["bottleneck", "mask_0.1", "mask_0.01", "correlation"]);
    const record = sweep[0]!.record;
    expect(metrics[0]!.valuesOf(record)).toBe(record.states[2]!.bottleneck);
    expect(metrics[2]!.valuesOf(record)).toBe(record.masks[2]!.shares);
  });

  it("have units on their axes, and 1 connection at its true density", async () => {
    const words = await wordsOf("specialization-density", sweep);
    for (const word of ["specialization", "inter-module density", "1 con-", "nection", "0.01", "1.0"])
      expect(words).toContain(word);
    expect((await figureOf("specialization-density", sweep)).panels[0]!.data.values[0]!.x).toBe(1e-4);
    expect(await wordsOf("specialization-modularity", sweep)).toContain("modularity Q");
    const accuracy = await wordsOf("accuracy-density", sweep);
    for (const word of ["accuracy (%)", "whole circuit", "connections cut", "one module silenced"])
      expect(accuracy).toContain(word);
    const similarity = await wordsOf("similarity", sweep);
    for (const word of ["linear CKA", "dimensions"]) expect(similarity).toContain(word);
  });

  it("of single seeds have neither band nor small points", async () => {
    const { panels, figure } = await figureOf("specialization-density", exampleSweep([1, 100], 1));
    expect(panels[0]!.data.values.map(({ low }) => low)).toEqual([null, null]);
    expect(panels[0]!.layer[1]!.data!.values).toEqual([]);
    expect(figure.caption).not.toContain("SD");
    expect((await figureOf("specialization-density", sweep)).figure.caption).toContain(
      "means over 4 seeds, bands \u00b11 SD",
    );
  });

  it("leave out a metric that nobody took", async () => {
    const without = sweep.map((run) => withRecord(run, { ...run.record, masks: [] }));
    expect((await figureOf("specialization-density", without)).panels.map(({ title }) => title.text)).toEqual([
      "bottleneck",
      "correlation",
    ]);
    const bare = sweep.map((run) => {
      const states = run.record.states.map(({ bottleneck: _, correlation: __, ...state }) => state);
      return withRecord(run, { ...run.record, states, masks: [] });
    });
    expect(await namesOf(bare)).not.toContain("specialization-density");
    expect(await namesOf(bare)).toContain("accuracy-density");
  });

  it("of accuracies are those of the ablation, in per cent", async () => {
    const { data } = (await figureOf("accuracy-density", exampleSweep([1, 100], 1))).panels[0]!;
    const { ablation } = exampleModules({ connections: 1 }).record;
    const means = data.values.filter(({ x }) => x === 1e-4).map(({ curve, mean }) => [curve, mean]);
    expect(means).toEqual([
      ["whole circuit", Number((100 * ablation.whole).toPrecision(6))],
      ["connections cut", Number((100 * ablation.cut).toPrecision(6))],
      ["one module silenced", Number((50 * (ablation.silenced[0]! + ablation.silenced[1]!)).toPrecision(6))],
    ]);
  });

  it("need two densities", async () => {
    const names = await namesOf(exampleSweep([10], 3));
    for (const name of ["specialization-density", "specialization-modularity", "accuracy-density"])
      expect(names).not.toContain(name);
    expect(names).toEqual(expect.arrayContaining(["specialization-modules", "similarity"]));
  });

  it("go down to the next tick below the smallest value, not to -1", () => {
    for (const [least, bottom] of [
      [0.3, 0],
      [-0.03, 0],
      [-0.14, -0.2],
      [-0.4, -0.4],
      [-0.6, -1],
    ] as const) {
      const { domain, ticks } = specializationAxis([least, 0.9, Number.NaN]);
      expect([least, domain[0]]).toEqual([least, bottom]);
      expect([ticks?.[0], ticks?.at(-1)]).toEqual([bottom, 1]);
    }
  });

  it("show every module of every circuit beside the means", async () => {
    const { figure } = await figureOf("specialization-modules", sweep);
    const values = figure.numbers.filter(({ metric }) => metric === "correlation");
    const expectedValues = sweep.flatMap((run) => {
      const correlation = run.record.states.at(-1)!.correlation!;
      return [...specialization({ shape: [2, 2], data: Float64Array.from(correlation.flat()) }).ofModules];
    });
    const sorted = (numbers: number[]) => numbers.sort((a, b) => a - b);
    expect(sorted(values.map((line) => Number(line.specialization)))).toEqual(sorted(expectedValues));
    expect(await wordsOf("specialization-modules", sweep)).toEqual(
      expect.arrayContaining(["module", "module-1", "module-2", "correlation", "specialization"]),
    );
  });
});

test("the axis of densities reaches every density, 0 at its left end", () => {
  const counts = fc.uniqueArray(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(counts, (connections) => {
      const points = densityPoints(exampleSweep(connections, 1));
      const { scale, axis, place } = densityAxis(points);
      const [low, high] = (scale as { domain: [number, number] }).domain;
      const places = points.map(({ density }) => place(density));
      expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
      for (const [index, { density }] of points.entries()) {
        if (density > 0) expect(places[index]).toBe(density);
        expect(places[index]).toBeGreaterThanOrEqual(low);
        expect(places[index]).toBeLessThanOrEqual(high);
      }
      const ticks = (axis as { values: number[] }).values;
      if (connections.includes(0)) expect(ticks[0]).toBe(low);
      if (connections.includes(1)) expect(ticks).toContain(1e-4);
    }),
    { numRuns: 40 },
  );
});

describe("specialization over time", () => {
  it("is drawn where several steps were looked at, a curve a density", async () => {
    const { panels } = await figureOf("specialization-time", sweep);
    expect(panels.map(({ title }) => title.text)).toEqual(["bottleneck", "correlation"]);
    const values = panels[1]!.data.values.filter(({ curve }) => curve === "density 0.1").map(({ x }) => x);
    expect(values).toEqual([0, 1, 2]);
    const [single] = exampleSweep([1], 1, { steps: 3 });
    const { mean } = (await figureOf("specialization-time", [single!])).panels[0]!.data.values[1]!;
    expect(mean).toBeCloseTo(expected(single!.record.states[1]!.bottleneck!), 5);
    expect(await namesOf(exampleSweep([1, 10], 2))).not.toContain("specialization-time");
  });

  it("shows some of many densities, and says that it does", async () => {
    const many = exampleSweep([1, 2, 5, 10, 20, 50, 100, 1000], 1, { steps: 2 });
    const { panels, figure } = await figureOf("specialization-time", many);
    expect(new Set(panels[0]!.data.values.map(({ curve }) => curve)).size).toBe(6);
    expect(figure.caption).toContain("2 more densities are left out of this figure.");
  });
});

test("a single circuit is shown by module and digit", async () => {
  const run = exampleModules({ connections: 100, modules: 3 });
  const { panels } = await figureOf("specialization-modules", [run]);
  const values = panels[0]!.data.values as unknown as { row: string; digit: string; mean: number }[];
  const { bottleneck, bottleneckControl } = run.record.states[0]!;
  const found = (row: string, digit: string) =>
    values.filter((value) => value.row === row && value.digit === digit).map(({ mean }) => mean);
  const tidy = (value: number | null) => Number(value!.toPrecision(6));
  expect(found("module-2", "own")).toEqual([tidy(bottleneck![1]![1]!)]);
  expect(found("module-2", "another module's")).toEqual([bottleneck![1]![0]!, bottleneck![1]![2]!].map(tidy));
  expect(found("all together", "own")).toEqual(bottleneckControl!.map(tidy));
  const words = await wordsOf("specialization-modules", [run]);
  for (const word of ["own", "another module's", "share of kept weights", "accuracy above chance", "module-3"])
    expect(words).toContain(word);
});

describe("the figure of connections", () => {
  it("is an image a density, with few connections marked", async () => {
    const runs = [0, 3, 300].map((connections) => exampleKept({ connections }));
    const { figure } = await figureOf("connections", runs);
    const log = collectingLogger();
    const svg = await drawFigure(figure, log);
    expect(log.messages).toEqual([]);
    expect(readTags(svg).filter(({ name }) => name === "image")).toHaveLength(3);
    const concat = (figure.spec as unknown as { concat: { layer: { data: { values: unknown[] } }[] }[] }).concat;
    expect(concat.map(({ layer }) => layer[1]!.data.values.length)).toEqual([0, 6, 0]);
    expect(figure.caption).toContain("0 at density 0, 3 at density 0.0075 and 300 at density 0.75");
  });

  it("has a pixel a pair of units, white where there is no connection", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 25 }), fc.integer({ min: 2, max: 4 }), (connections, modules) => {
        const matrix = exampleConnections(modules, 5, connections);
        const { data, width, height } = decode(Buffer.from(connectionImage(matrix).split(",")[1]!, "base64"));
        expect([width, height]).toEqual([5 * modules, 5 * modules]);
        const coloured = Array.from(matrix.connected, (_, index) => (data[3 * index + 2] === 255 ? 0 : 1));
        expect(coloured).toEqual([...matrix.connected]);
      }),
      { numRuns: 20 },
    );
  });

  it("is made smaller where units are many, paler where few of them are connected", () => {
    const matrix = exampleConnections(2, 401, 401 ** 2 / 2);
    const { data, width } = decode(Buffer.from(connectionImage(matrix).split(",")[1]!, "base64"));
    expect(width).toBe(268);
    const blue = (row: number, column: number) => data[3 * (row * width + column) + 2]!;
    expect(blue(0, 0)).toBe(200);
    expect(blue(0, width - 2)).toBeGreaterThan(90);
    expect(blue(0, width - 2)).toBeLessThan(170);
  });

  it("is refused where entries are missing, and left out where no connections are kept", async () => {
    const points = densityPoints([exampleModules({ connections: 3, units: 20 })]);
    const wrong = { ...exampleConnections(2, 20, 3), connected: new Uint8Array(9) };
    await expect(connectionsFigure(points, async () => wrong)).rejects.toThrow(
      new ShapeError(
        "Connections of density 0.0075: got 9 entries, expected 40 x 40, [post, pre]; give one for each pair of units",
      ),
    );
    expect(await connectionsFigure(points, async () => undefined)).toBeUndefined();
  });
});

test("evenly spaced values have both ends, in order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 2, max: 8 }), (values, most) => {
      const chosen = evenly(
        values.map((_, index) => index),
        most,
      );
      expect(chosen).toHaveLength(Math.min(most, values.length));
      expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
      if (values.length > 0) expect([chosen[0], chosen.at(-1)]).toEqual([0, values.length - 1]);
    }),
  );
});

describe("a report on modules", () => {
  async function written(runs: RunRecord[]) {
    const files = new Map<string, string>();
    const write = async (path: string, content: string | Uint8Array) => void files.set(path, String(content));
    const log = collectingLogger();
    await writeReport("out", exampleReport(runs), { write, log });
    expect(log.messages).toEqual([]);
    return files;
  }

  it("has a table of densities, on the page and as Markdown and CSV", async () => {
    const files = await written(exampleSweep([1, 10_000], 3));
    const page = readText(files.get("out/report.html")!);
    expect(page).toContain(
      "Circuits have 2 modules of 100 units, from 1 connection (density 0.0001) to 10,000 connections (density 1.0) from each module to each other.",
    );
    expect(page).toMatch(/\n1 connection\n+86\.8\u00a0±\u00a00\.2\n/);
    expect(page.indexOf("Specialization of the modules")).toBeLessThan(page.indexOf("Test accuracy of the circuit"));
    const lines = files.get("out/specialization.md")!.split("\n");
    expect(lines[0]).toContain("mean ± SD over 3 seeds.");
    expect(lines.slice(2, 4)).toEqual([
      "| connections | bottleneck | weight mask, 10 % kept | weight mask, 1 % kept | correlation |",
      `| --- |${" ---: |".repeat(4)}`,
    ]);
    expect(lines[9]).toBe(
      "| connections | accuracy, whole circuit (%) | accuracy, connections cut (%) | accuracy, one module silenced (%) | modularity Q | linear CKA | dimensions |",
    );
    expect(lines).toHaveLength(14);
    expect(lines[12]).toMatch(/^\| density 1\.0 \| 93\.2\u00a0±\u00a00\.2 .* \| 0\.000 \| .* \|$/);
    expect(await written(structuredClone(exampleSweep([1, 10_000], 3)))).toEqual(files);
  });

  it("gives every mean and deviation in full precision", () => {
    const runs = exampleSweep([10], 2);
    const [head, line] = specializationCsv(runs)
      .split("\n")
      .map((text) => text.split(","));
    const value = (name: string) => line![head!.indexOf(name)];
    const [a, b] = runs.map((run) => expected(run.record.states[0]!.correlation!)) as [number, number];
    expect([value("density"), value("connections"), value("seeds")]).toEqual(["0.001", "10", "2"]);
    expect(Number(value("correlation_mean"))).toBeCloseTo((a + b) / 2, 14);
    expect(Number(value("correlation_sd"))).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 14);
    expect(specializationCsv(runs.slice(1)).split("\n")[1]!.split(",")[head!.indexOf("correlation_sd")]).toBe("");
  });

  it("warns where one module decides nearly all, in table and text, and only there", async () => {
    const deciding = (share: number, seed: number) => {
      const run = exampleModules({ connections: 10, seed });
      return withRecord(run, { ...run.record, decisions: [[1 - share, share]] });
    };
    const meaning =
      "module-1 is that of a module which is hardly asked (let each be asked, by decision.module=random or task";
    const files = await written([deciding(0.992, 1), deciding(0.5, 2), deciding(0.95, 3)]);
    const page = readText(files.get("out/report.html")!);
    expect(page).toContain("density 0.001, seed 1: module-2 decides 99.2\u00a0% of the test trials");
    expect(page).toContain(`the specialization of ${meaning}`);
    expect(page).toContain("So it is, more or less, in 1 other run.");
    const [caption, , head, , row] = files.get("out/specialization.md")!.split("\n");
    expect(caption).toContain("Where one module decides more than 90 % of the trials");
    const column = head!.split("|").indexOf(" largest share of decisions (%) ");
    expect(row!.split("|")[column]).toBe(" 81.4\u00a0±\u00a027.3 ");
    const [names, values] = files
      .get("out/specialization.csv")!
      .split("\n")
      .map((line) => line.split(","));
    expect(Number(values![names!.indexOf("largest_share_mean")])).toBeCloseTo((0.992 + 0.5 + 0.95) / 3, 14);
    // Of two targets each module decides one.
    const run = exampleModules({ connections: 10, seed: 3 });
    const apart = [
      [0.99, 0.01],
      [0.01, 0.99],
    ];
    const taking = withRecord(run, { ...run.record, decisions: apart });
    const fair = await written([deciding(0.9, 1), deciding(0.5, 2), taking]);
    for (const file of ["report.html", "specialization.md"])
      expect(fair.get(`out/${file}`)).not.toMatch(/hardly asked|more than 90/);
  });

  it("shows a dash for what could not be taken, and says why", async () => {
    const run = exampleModules({ connections: 10 });
    const { states, masks, ...rest } = run.record;
    const unknown = [
      [null, null],
      [null, null],
    ];
    const lacking = {
      ...withRecord(run, {
        ...rest,
        states: states.map((state) => ({
          ...state,
          bottleneck: unknown,
          bottleneckControl: [null, null],
          correlation: [state.correlation![0]!, [null, null]],
          similarity: [[1, null], unknown[0]!],
          dimensions: [3, null],
        })),
        masks: masks.map((mask) => ({ ...mask, shares: unknown, accuracy: [null, null] })),
        notes: [{ measure: "correlation", step: 4, note: "module-2: no two of 3 trials share a digit" }],
      }),
      failedMeasures: [{ measure: "representation", message: "rates are lost" }],
    };
    for (const runs of [[lacking], [lacking, exampleModules({ connections: 100 })]]) {
      const files = await written(runs);
      const page = readText(files.get("out/report.html")!);
      expect(page).toContain("correlation at time step 4: module-2: no two of 3 trials share a digit.");
      expect(page).toContain("measure representation failed: rates are lost.");
      const [, , head, , row] = files.get("out/specialization.md")!.split("\n");
      const cells = row!.split("|").map((cell) => cell.trim());
      for (const [index, title] of head!.split("|").entries())
        if (/bottleneck|mask|correlation|CKA|dimensions/.test(title))
          expect([title, cells[index]]).toEqual([title, "\u2013"]);
      const [names, values] = files
        .get("out/specialization.csv")!
        .split("\n")
        .map((line) => line.split(","));
      expect(values![names!.indexOf("correlation_mean")]).toBe("");
      for (const content of files.values()) expect(content).not.toContain("NaN");
    }
  });

  it("of other runs has none of this", async () => {
    expect(
      [...(await written([exampleRun(GEVB)])).keys()].filter((name) => /specialization|connections/.test(name)),
    ).toEqual([]);
  });
});
