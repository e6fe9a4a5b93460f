import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCases } from "./case-file.ts";
import { relativeDifference } from "./comparison.ts";
import { conform, exitCodeOf, type Outcome } from "./conform.ts";
import { openContenders } from "./providers.ts";
import { runConformance } from "./run-conformance.ts";

const bundled = new URL("cases/", import.meta.url);

/** A bundled case as data that a test may spoil. */
async function bundledCase(name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(new URL(`${name}.json`, bundled), "utf8"));
}

/** The object or array at a path of a case. */
// biome-ignore lint/suspicious/noExplicitAny: spoiled cases have no type
const at = (data: unknown, ...path: (string | number)[]): any =>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  path.reduce((part: any, key) => part[key], data);

let folder: string;
let printed: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sulcus-conformance-"));
  printed = [];
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, data: unknown) =>
  writeFile(join(folder, name), typeof data === "string" ? data : JSON.stringify(data));
const run = (...args: string[]) => runConformance(args, (line) => printed.push(line));

describe("the bundled cases", async () => {
  const { opened, skipped } = await openContenders();
  for (const { name, reason } of skipped) console.log(`skipped ${name}: ${reason}`);
  const files = await readCases(bundled.pathname);

  it("are on offer to GPU.js at least", () => {
    expect(opened.map(({ name }) => name)).toEqual(expect.arrayContaining(["gpujs", "webasm"]));
    expect(files.map(({ header }) => header.name)).toEqual(
      expect.arrayContaining([
        "modular-three",
        "modularity-weighted",
        "statistics",
        "vnn-dense-mixed",
        "vnn-dense-nonneg",
      ]),
    );
  });

  for (const contender of opened)
    it(`come out as expected on ${contender.name}`, async () => {
      const outcomes: Outcome[] = [];
      for await (const outcome of conform(files, [contender])) outcomes.push(outcome);
      expect(outcomes.length).toBeGreaterThanOrEqual(3);
      for (const outcome of outcomes)
        expect(outcome.difference, JSON.stringify(outcome)).toBeLessThan(outcome.tolerance);
      expect(exitCodeOf(outcomes)).toBe(0);
    });
});

describe("a case whose expectation is wrong", () => {
  const expectations: readonly (readonly [string, ...(string | number)[]])[] = [
    ["output", "output", "data"],
    ["error", "error", "data"],
    ["layerOutputs 0", "layerOutputs", 0, "data"],
    ["layerOutputs 3", "layerOutputs", 3, "data"],
    ["gevb weight 0", "gevb", 0, "weight", "data"],
    ["gevb bias 1", "gevb", 1, "bias", "data"],
    ["bp weight 1", "bp", 1, "weight", "data"],
    ["bp bias 0", "bp", 0, "bias", "data"],
    ["adam weight 2", "afterThreeAdamStepsGevb", 2, "weight", "data"],
    ["adam bias 0", "afterThreeAdamStepsGevb", 0, "bias", "data"],
  ];
  for (const [quantity, ...path] of expectations)
    it(`fails, naming the quantity: ${quantity}`, async () => {
      const data = await bundledCase("vnn-dense-mixed");
      const values = at(data, "expect", ...path) as number[];
      const largest = Math.max(...values.map(Math.abs));
      values[1]! += 3e-4 * largest;
      await write("perturbed.json", data);
      expect(await run(folder, "--provider", "gpujs")).toBe(1);
      expect(printed).toHaveLength(1);
      expect(printed[0]).toContain(`vnn-dense-mixed  gpujs  3.0e-4 (${quantity})  FAILS (more than 0.0001)`);
    });

  it("fails for a loss, a statistic or a modularity too", async () => {
    const network = await bundledCase("vnn-dense-nonneg");
    at(network, "expect").loss *= 1.001;
    const statistics = await bundledCase("statistics");
    at(statistics, "expect").linearCKA *= 1.001;
    const modularity = await bundledCase("modularity-weighted");
    at(modularity, "expect").undirected *= 1.001;
    await write("modularity.json", modularity);
    await write("network.json", network);
    await write("statistics.json", statistics);
    expect(await run(folder, "--provider", "gpujs")).toBe(1);
    expect(printed[0]).toMatch(/^modularity-weighted {2}- {2}1\.0e-3 \(undirected\) {2}FAILS/);
    expect(printed[1]).toMatch(/^vnn-dense-nonneg {2}gpujs {2}1\.0e-3 \(loss\) {2}FAILS/);
    expect(printed[2]).toMatch(/^statistics {2}- {2}1\.0e-3 \(linearCKA\) {2}FAILS/);
  });

  const ofModules: readonly (readonly [string, ...(string | number)[]])[] = [
    ["states", "states", "data"],
    ["moduleOutputs", "moduleOutputs", "data"],
    ["output", "output", "data"],
    ["gradients input", "gradients", "input", "data"],
    ["gradients recurrent", "gradients", "recurrent", "data"],
    ["gradients intermodule", "gradients", "intermodule", "data"],
    ["gradients bias", "gradients", "bias", "data"],
    ["gradients readout 1", "gradients", "readout", 1, "data"],
    ["gradients readoutBias 1", "gradients", "readoutBias", 1, "data"],
  ];
  for (const [quantity, ...path] of ofModules)
    it(`fails for modules, naming the quantity: ${quantity}`, async () => {
      const data = await bundledCase("modular-two");
      const values = at(data, "expect", ...path) as number[];
      values[1]! += 3e-4 * Math.max(...values.map(Math.abs));
      await write("perturbed.json", data);
      expect(await run(folder, "--provider", "gpujs")).toBe(1);
      expect(printed[0]).toContain(`modular-two  gpujs  3.0e-4 (${quantity})  FAILS (more than 0.0001)`);
    });

  it("fails for another deciding module, target, or structure that is off by a billionth", async () => {
    const spoils: readonly (readonly [string, (expected: Record<string, number>) => void])[] = [
      ["decidingModule", (expected) => at(expected, "decidingModule").fill(0)],
      ["target", (expected) => at(expected, "target").fill(1)],
      ["modularityQ", (expected) => Object.assign(expected, { modularityQ: expected.modularityQ! * (1 + 1e-8) })],
      ["activeFraction", (expected) => Object.assign(expected, { activeFraction: expected.activeFraction! + 1e-8 })],
    ];
    for (const [index, [, spoil]] of spoils.entries()) {
      const data = await bundledCase("modular-two");
      spoil(at(data, "expect"));
      await write(`spoilt-${index}.json`, data);
    }
    expect(await run(folder, "--provider", "gpujs")).toBe(1);
    expect(printed).toHaveLength(spoils.length);
    for (const [index, [quantity]] of spoils.entries()) {
      const limit = index < 2 ? "0.0001" : "1e-9";
      expect(printed[index]).toContain(`(${quantity})  FAILS (more than ${limit})`);
    }
  });

  it("fails where the clamp at 0 is left out", async () => {
    const data = await bundledCase("vnn-dense-nonneg");
    data.nonnegative = false;
    await write("unclamped.json", data);
    expect(await run(folder, "--provider", "gpujs")).toBe(1);
    expect(printed[0]).toMatch(/\(adam weight [12]\) {2}FAILS/);
  });
});

it("leaves out and names cases of pending kinds, and checks the others", async () => {
  await write("a.json", await bundledCase("statistics"));
  await write("b.json", { kind: "lattice", name: "not yet" });
  expect(await run(folder, "--provider", "gpujs", "--pending", "lattice")).toBe(0);
  expect(printed[0]).toBe('left out b.json: kind "lattice" is not built yet');
  expect(printed).toHaveLength(2);
  expect(printed[1]).toMatch(/^statistics .* ok$/);
});

describe("what cannot be checked ends in one sentence and exit code 2:", () => {
  it("a missing folder", async () => {
    expect(await run(join(folder, "nowhere"))).toBe(2);
    expect(printed).toEqual([`the folder ${join(folder, "nowhere")} cannot be read; give a folder of reference cases`]);
  });

  it("a folder without cases", async () => {
    expect(await run(folder)).toBe(2);
    expect(printed).toEqual([`the folder ${folder} holds no *.json; give a folder of reference cases`]);
  });

  it("broken JSON", async () => {
    await write("broken.json", '{"kind": ');
    expect(await run(folder)).toBe(2);
    expect(printed).toHaveLength(1);
    expect(printed[0]).toMatch(/^broken\.json is not JSON: /);
  });

  it("a case without a name", async () => {
    await write("nameless.json", { kind: "statistics" });
    expect(await run(folder)).toBe(2);
    expect(printed).toEqual(["nameless.json, name: got nothing, expected text"]);
  });

  const kinds = "vectorized-network, conventional-network, attention-network, modular-network, statistics, modularity";
  const unknownKinds: readonly (readonly [string, string])[] = [
    ["vectorised-network", ' (did you mean "vectorized-network"?)'],
    ["modular-networks", ' (did you mean "modular-network"?)'],
    ["toString", ""],
  ];
  for (const [kind, meant] of unknownKinds)
    it(`a case of the kind "${kind}", which there is not and will not be`, async () => {
      await write("a.json", await bundledCase("statistics"));
      await write("b.json", { kind, name: "misspelt" });
      expect(await run(folder, "--provider", "gpujs")).toBe(2);
      expect(printed).toEqual([`b.json, kind: "${kind}" is not known${meant}; known: ${kinds}`]);
    });

  it("a pending kind that is built by now", async () => {
    await write("a.json", await bundledCase("statistics"));
    expect(await run(folder, "--pending", "lattice,statistics")).toBe(2);
    expect(printed).toEqual(['--pending: kind "statistics" is built; take it out, so that its cases are checked']);
  });

  it("a case with a layer that is not known", async () => {
    const layers = [{ type: "gate" }, { type: "dens" }];
    await write("layer.json", { kind: "vectorized-network", name: "misspelt", layers });
    expect(await run(folder, "--provider", "gpujs")).toBe(2);
    expect(printed).toEqual([
      'layer.json, layers.1.type: "dens" is not known (did you mean "dense"?); known: dense, conv, local, gate, ' +
        "alternating-relu, avgpool, flatten",
    ]);
  });

  it("an unknown option or provider, and two folders", async () => {
    expect(await run(folder, "--device", "cpu")).toBe(2);
    expect(printed.pop()).toMatch(/Unknown option '--device'/);
    expect(await run(folder, folder)).toBe(2);
    expect(printed.pop()).toBe("got 2 folders, expected one");
    await write("other.json", await bundledCase("modular-two"));
    expect(await run(folder, "--provider", "onnx")).toBe(2);
    expect(printed.pop()).toMatch(/^provider "onnx" is not known.*; known: onnxruntime, tfjs, gpujs, webasm$/);
  });

  const misfits: readonly (readonly [string, (data: unknown) => void])[] = [
    ["input: has 29 values for shape [5, 6]", (data) => at(data, "input", "data").pop()],
    ["labels: has 4 entries for a batch of 5", (data) => at(data, "labels").pop()],
    ["labels: has a label of 4 or more", (data) => at(data, "labels").fill(4)],
    [
      "layers.2.weight: has shape [8, 6], expected [8, 8]",
      (data) => at(data, "layers", 2, "weight", "shape").reverse(),
    ],
    ["layers.0.bias: has shape [8, 4], expected [4, 8]", (data) => at(data, "layers", 0, "bias", "shape").reverse()],
    ["layers.1.t: has shape [8, 4], expected [4, 8]", (data) => at(data, "layers", 1, "t", "shape").reverse()],
    [
      "layers.2: is a gate, expected only after a layer with weights",
      (data) => {
        for (const list of [at(data, "layers"), at(data, "expect", "layerOutputs")]) list.splice(2, 0, list[1]);
      },
    ],
    ["expect.bp: has 2 entries for 3 layers with weights", (data) => at(data, "expect", "bp").pop()],
    ["expect.layerOutputs: has 4 entries for 5 layers", (data) => at(data, "expect", "layerOutputs").pop()],
    [
      "expect.bp.1.weight: has shape [8, 6], expected [6, 8]",
      (data) => at(data, "expect", "bp", 1, "weight", "shape").reverse(),
    ],
    ["expect.output: has shape [4, 5], expected [5, 4]", (data) => at(data, "expect", "output", "shape").reverse()],
    ["vectorDim: got 1, expected a whole number of at least 2", (data) => Object.assign(at(data), { vectorDim: 1 })],
  ];
  for (const [text, spoil] of misfits)
    it(`a case that does not fit together (${text})`, async () => {
      const data = await bundledCase("vnn-dense-mixed");
      spoil(data);
      await write("misfit.json", data);
      expect(await run(folder, "--provider", "gpujs")).toBe(2);
      expect(printed).toEqual([`misfit.json, ${text}`]);
    });

  const modularMisfits: readonly (readonly [string, (data: unknown) => void])[] = [
    ["weights.input: has shape [10, 12], expected [12, 10]", (data) => at(data, "weights", "input", "shape").reverse()],
    ["weights.readout: has 1 entries for 2 modules", (data) => at(data, "weights", "readout").pop()],
    [
      "expect.gradients.readout.0: has shape [6, 4], expected [4, 6]",
      (data) => at(data, "expect", "gradients", "readout", 0, "shape").reverse(),
    ],
    ["digits.2: has 1 entries, expected 2, one for each module", (data) => at(data, "digits", 2).pop()],
    ["digits.1: has a target of 4 or more", (data) => Object.assign(at(data, "digits"), { 1: [4, 4] })],
    [
      "masks.recurrent: has 0 in row 1, column 2, expected 1 within modules, 0 between them",
      (data) => Object.assign(at(data, "masks", "recurrent", "data"), { 1: 0 }),
    ],
    [
      "masks.input: has 1 in row 1, column 6, expected 1 within modules, 0 between them",
      (data) => Object.assign(at(data, "masks", "input", "data"), { 5: 1 }),
    ],
    [
      "masks.intermodule: has 0.5 in row 1, column 8, expected 0 within modules, 0 or 1 between them",
      (data) => Object.assign(at(data, "masks", "intermodule", "data"), { 7: 0.5 }),
    ],
    ['task: is "digits", expected one of a single target', (data) => Object.assign(at(data), { task: "digits" })],
  ];
  for (const [text, spoil] of modularMisfits)
    it(`a case of modules that does not fit together (${text})`, async () => {
      const data = await bundledCase("modular-two");
      spoil(data);
      await write("misfit.json", data);
      expect(await run(folder, "--provider", "gpujs")).toBe(2);
      expect(printed).toEqual([`misfit.json, ${text}`]);
    });

  it("a case with a field that the format does not have", async () => {
    await write("extra.json", { ...(await bundledCase("vnn-dense-mixed")), seed: 1 });
    expect(await run(folder)).toBe(2);
    expect(printed.at(-1)).toMatch(/^extra\.json, unknown setting "seed"; known: kind, name, .*, expect$/);
  });

  it("statistics of another format", async () => {
    const data = await bundledCase("statistics");
    at(data, "x").shape = [60];
    await write("statistics.json", data);
    expect(await run(folder)).toBe(2);
    expect(printed.at(-1)).toMatch(/^statistics\.json, x\.shape: /);
  });
});

describe("the relative difference", () => {
  it("is of the largest magnitude expected", () => {
    expect(relativeDifference({ got: [1, -4.5], expected: [1, -4] })).toBe(0.125);
  });

  it("is absolute where zeros are expected", () => {
    expect(relativeDifference({ got: [0, 0.25], expected: [0, 0] })).toBe(0.25);
  });

  it("is infinite for NaN and for another number of values", () => {
    expect(relativeDifference({ got: [Number.NaN], expected: [1] })).toBe(Number.POSITIVE_INFINITY);
    expect(relativeDifference({ got: [1, 2], expected: [1] })).toBe(Number.POSITIVE_INFINITY);
  });
});
