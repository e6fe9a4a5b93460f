import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { buildNetwork, loadTask } from "../../../../src/built-in.ts";
import { weightsOfParameters } from "../../../../src/circuits/ready-made/attention/attention-weights.ts";
import { digitAttention } from "../../../../src/circuits/ready-made/attention/named-circuits.ts";
import { builtIn } from "../../../../src/library.ts";
import { attentionCollection, attentionTask } from "../../../../src/papers/attention/attention.ts";
import { attention } from "../../../../src/papers/attention/attention-measure.ts";
import type { AttentionRecord } from "../../../../src/papers/attention/attention-record.ts";
import { AttentionConfig } from "../../../../src/papers/attention/settings.ts";
import { classification } from "../../../../src/plasticity/objectives/classification.ts";
import { TaskShelf } from "../../../../src/runs/execution/task-shelf.ts";
import { readParameters } from "../../../../src/runs/read-parameters.ts";
import { measureFile } from "../../../../src/runs/record/measure-records.ts";
import { writeNpz } from "../../../../src/runs/record/npz.ts";
import { continueRun, startRun } from "../../../../src/runs/run.ts";
import { readRunConfig } from "../../../../src/runs/run-config.ts";
import { checkMeasures } from "../../../../src/training/asked-measures.ts";
import type { RunEvent } from "../../../../src/training/events.ts";
import { experiments } from "../../../built-in-experiments.ts";
import { fewDigits, scratchFolder } from "../../../small-runs.ts";
import { goodFolder, writeFolder } from "../../../tasks/coco/small-folder.ts";

const attentionFile = measureFile(attention);
const recordIn = async (folder: string) => (await attentionFile.read(folder)) as AttentionRecord;

const settings = {
  data: fewDigits,
  channels: [3, 4],
  iterations: 2,
  limit: 32,
  testLimit: 24,
  batch: 8,
  epochs: 1,
  rate: 0.01,
  device: "cpu",
  analysis: { scenes: 16, examples: 2, bins: 8, angles: 4, distractors: 2, strengths: [0, 0.2], strengthScenes: 8 },
};

/** The settings with changes, without those that do nothing beside them. */
function settingsWith(changes: Record<string, unknown>) {
  const { data, epochs, analysis, ...others } = settings;
  const { analyse, scenes } = changes;
  return {
    ...others,
    ...(scenes === undefined && { data }),
    ...(analyse !== "only" && { epochs }),
    ...(analyse !== "never" && { analysis }),
    ...changes,
  };
}

/** Without a report, which takes longer to draw than the run. */
async function start(changes: Record<string, unknown> = {}) {
  const folder = join(await scratchFolder(), "run");
  const config = AttentionConfig.parse(settingsWith(changes));
  const { cells, tasks } = await attentionCollection("attention", config, new TaskShelf(builtIn));
  const { name: label, condition, description } = cells[0]!;
  const events: RunEvent[] = [];
  const control = { library: builtIn, out: folder, onEvent: (event: RunEvent) => void events.push(event) };
  await startRun(description, { experiment: "attention", label, condition }, control, await tasks.take(description));
  return { folder, events };
}
const bytesOf = (folder: string) => readFile(join(folder, "attention.json"), "utf8");
const network = buildNetwork(digitAttention(2, { stages: [{ channels: 3 }, { channels: 4 }], iterations: 2 }));

describe("a trained attention run", () => {
  it("leaves what attention does, the same when it is resumed, repeated, or analysed from its weights alone", async () => {
    const { folder, events } = await start();
    const record = await recordIn(folder);
    expect(record.scenes).toBe(16);
    expect(record.accuracy).toHaveLength(2);
    expect(record.examples).toHaveLength(2);
    expect(record.iterations.map(({ iteration }) => iteration)).toEqual([1, 2]);
    expect(record.strengths.map(({ strength }) => strength)).toEqual([0, 0.2]);
    expect(record.gating).toMatchObject({ from: 0.8, to: 1.2 });
    expect(events).toContainEqual(
      expect.objectContaining({ type: "measure-taken", run: "bp", folder, measure: "attention" }),
    );

    const first = await bytesOf(folder);
    await rm(join(folder, "attention.json"));
    await rm(join(folder, "summary.json"));
    await continueRun(folder, { library: builtIn });
    expect(await bytesOf(folder)).toBe(first);

    const again = await start({ from: folder, analyse: "only" });
    expect(await bytesOf(again.folder)).toBe(first);
    const told = again.events.filter((event) => event.type !== "phase" || event.done === 0);
    expect(told.map(({ type }) => type)).toEqual([
      "started",
      "evaluated",
      "saved",
      "phase",
      "measure-taken",
      "finished",
    ]);
    await experiments.rebuildReport(again.folder);
    expect(JSON.parse(await readFile(join(again.folder, "summary.json"), "utf8"))).toMatchObject({
      steps: 0,
      epochs: 0,
      trainError: null,
      stepMilliseconds: null,
    });
    // The weights go by the name of their folder: nothing was learned by back-propagation here.
    const page = await readFile(join(again.folder, "report.html"), "utf8");
    expect(page).not.toContain("diverged");
    expect(page).toContain(`<th scope="col">${basename(folder)}</th>`);
    expect(page).toContain("bp (not trained in this run)");
    expect(existsSync(join(again.folder, "figures", "learning-curves.svg"))).toBe(false);
    const weights = [folder, again.folder].map((each) => readParameters(each, network));
    expect(await weights[0]).toEqual(await weights[1]);
  });

  it("tells how far it is, and ends when all parts are done", async () => {
    // A clock by which every part takes two seconds.
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => (now += 2000));
    onTestFinished(() => void vi.restoreAllMocks());
    const { events } = await start();
    const phases = (name: string) =>
      events.flatMap((event) => (event.type === "phase" && event.phase === name ? [[event.done, event.total]] : []));
    // Glimpses at batches: 2 of scenes twice, 1 at each of two strengths twice, 2 of bars twice.
    expect(phases("attention")).toEqual(Array.from({ length: 13 }, (_, done) => [done, 12]));
    expect(phases("evaluation")).toEqual([1, 2, 3].map((done) => [done, 3]));
  });

  it("takes no more test scenes than the analysis does where nothing is trained", async () => {
    const config = AttentionConfig.parse(settingsWith({ testLimit: undefined, analyse: "only", from: "shipped" }));
    const task = attentionTask({ ...config, rule: "bp", seed: 1 });
    expect(task).toMatchObject({ testLimit: 16 });
  });

  it("starts training from given weights, and is not analysed where that is not asked for", async () => {
    const from = join(await scratchFolder(), "weights.npz");
    const values = network.initialise(7);
    const arrays = network.parameters.map(({ name, shape }) => [name, { shape, data: values.get(name)! }]);
    await writeNpz(from, Object.fromEntries(arrays));
    const { folder } = await start({ from, rate: 1e-9, analyse: "never" });
    expect(await attentionFile.has(folder)).toBe(false);
    expect((await readRunConfig(folder, builtIn)).description.from).toBe(from);
    for (const [name, trained] of await readParameters(folder, network))
      for (let index = 0; index < trained.length; index++)
        expect(Math.abs(trained[index]! - values.get(name)![index]!)).toBeLessThan(1e-6);
  });

  it("refuses an analysis without weights, and before any work weights that do not fit", async () => {
    await expect(start({ analyse: "only" })).rejects.toThrow(
      'attention, analyse: got "only" without trained weights; say what to analyse, such as --from runs/attention/... or --from shipped',
    );
    await expect(start({ from: "shipped", channels: [2] })).rejects.toThrow('circuit "digit-attention"');
  });
});

describe("a run on natural scenes", () => {
  const four = { size: 64, channels: [2, 2, 2, 2], iterations: 2, batch: 4, limit: 8, testLimit: 4 };
  const analysis = { ...settings.analysis, scenes: 4, distractors: 0, strengthScenes: 4 };
  const told = (events: readonly RunEvent[]) => events.flatMap((event) => (event.type === "started" ? [event] : []));

  it("learns from shapes on clutter in four stages, and is analysed without bars", async () => {
    const { folder, events } = await start({ ...four, analysis, scenes: "generated" });
    expect(told(events)[0]!.notes).toBeUndefined();
    const record = await recordIn(folder);
    expect(record.accuracy).toHaveLength(2);
    // The one unit of the deepest map looks at the middle, where in few scenes an object is alone.
    expect(["v1,v2,v3", "v1,v2,v3,v4"]).toContain(record.modulation.map(({ stage }) => stage).join());
    expect(record.tuning).toEqual([]);
  });

  it("learns from photographs, and says which were left out and why", async () => {
    const data = join(await scratchFolder(), "coco");
    const folder = await goodFolder(10);
    await writeFolder(data, {
      ...folder,
      images: { ...folder.images, [Object.keys(folder.images)[3]!]: Uint8Array.of(1, 2) },
    });
    const { events } = await start({
      ...four,
      limit: undefined,
      testLimit: undefined,
      analyse: "never",
      scenes: `coco:${data}`,
    });
    expect(told(events)[0]!.notes).toEqual(['left out: images that cannot be decoded (1: "3.jpeg")']);
  });
});

describe("weights to start from", () => {
  it("are the same out of an array file and out of a JSON file", async () => {
    const folder = await scratchFolder();
    const values = network.initialise(3);
    const [npz, json] = [join(folder, "weights.npz"), join(folder, "weights.json")];
    const arrays = network.parameters.map(({ name, shape }) => [name, { shape, data: values.get(name)! }]);
    await writeNpz(npz, { ...Object.fromEntries(arrays), "v1/bias/m": { shape: [3], data: new Float32Array(3) } });
    await writeFile(json, JSON.stringify(weightsOfParameters(network, values)));
    expect(await readParameters(npz, network)).toEqual(values);
    expect(await readParameters(json, network)).toEqual(values);
  });

  it("are refused where they are missing, of another kind or of another shape", async () => {
    const folder = await scratchFolder();
    const refused = (source: string) => expect(readParameters(source, network)).rejects;
    await refused(join(folder, "none.npz")).toThrow("none.npz cannot be read: ENOENT");
    const text = join(folder, "weights.txt");
    await writeFile(text, "1 2 3");
    await refused(text).toThrow(
      'weights.txt is of no known kind of weights; give a run folder, a .npz or .json of parameters, or "shipped"',
    );
    const small = join(folder, "small.npz");
    const arrays = network.parameters.map(({ name, shape }) => [
      name,
      { shape, data: network.initialise(1).get(name)! },
    ]);
    const whole = Object.fromEntries(arrays);
    await writeNpz(small, { ...whole, "v1/bias": { shape: [2], data: new Float32Array(2) } });
    await refused(small).toThrow(
      'does not fit circuit "digit-attention": "v1/bias" is [2], expected [component, channel], [1, 3]; give the settings that it was trained with, or other weights',
    );
    const { "v1/bias": _, ...rest } = whole;
    await writeNpz(small, rest);
    await refused(small).toThrow('small.npz does not fit circuit "digit-attention": it lacks "v1/bias" [1, 3]');
    await refused(folder).toThrow("checkpoint.npz");
  });
});

describe("the weights that come with Sulcus", () => {
  it("name the two digits of nearly every scene, one after the other", async () => {
    const whole = { channels: undefined, iterations: 5, testLimit: 64, batch: 32 };
    const analysis = { ...settings.analysis, scenes: 64, distractors: 0, strengths: [] };
    const { folder } = await start({ ...whole, analysis, from: "shipped", analyse: "only" });
    const { accuracy, otherObject } = await recordIn(folder);
    for (const share of accuracy) expect(share).toBeGreaterThan(0.85);
    expect(otherObject).toBeGreaterThan(0.9);
  });
});

describe("the analysis that a run asks for", () => {
  it("is refused of circuits and objectives that choose no object", async () => {
    const { folder } = await start({ analyse: "never" });
    const { description } = await readRunConfig(folder, builtIn);
    const asked = { ...description, attention: { ...settings.analysis, curves: 1 } };
    const task = await loadTask(description.task, 1);
    expect(() => checkMeasures({ description: asked, network, task }, builtIn)).not.toThrow();
    const other = { ...asked, objective: classification() };
    expect(() => checkMeasures({ description: other, network, task }, builtIn)).toThrow(
      'attention: the analysis is of circuits that choose an object, and the objective is "classification"',
    );
    const stranger = { ...network, inputs: [] };
    expect(() => checkMeasures({ description: asked, network: stranger, task }, builtIn)).toThrow(
      'attention: circuit "digit-attention" has not the parts that are analysed, which are "scene", "gated-1", "v1" and "report"',
    );
  });
});
