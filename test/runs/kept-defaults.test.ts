import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { circuit } from "../../src/circuits/circuit.ts";
import type { Kind } from "../../src/kinds/kind.ts";
import { libraryOf } from "../../src/kinds/library.ts";
import { nodeLibrary } from "../../src/node-library.ts";
import type { RunEvent } from "../../src/training/events.ts";
import { InterruptedError } from "../../src/training/interrupted.ts";
import { experiments } from "../built-in-experiments.ts";
import { leftBehind, scratchFolder, smallRun } from "../small-runs.ts";

/** Every kind that a run names by these tests, with another default. */
const otherDefaults: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>> = {
  adam: { beta1: z.number().default(0.1), epsilon: z.number().default(0.1) },
  "three-factor": { decay: z.number().default(0.9), amplitude: z.number().default(0.5) },
  convolutional: { padding: z.int().default(1) },
  symbols: { count: z.int().default(70) },
};

function changed(kind: Kind): Kind {
  const others = otherDefaults[kind.kind];
  if (others === undefined) return kind;
  for (const name of Object.keys(others)) expect(Object.keys(kind.settings.shape), kind.kind).toContain(name);
  return { ...kind, family: kind.family, kind: kind.kind, settings: kind.settings.safeExtend(others as never) };
}

const laterLibrary = libraryOf(
  nodeLibrary.families().flatMap((family) => nodeLibrary.list(family).map(changed as never)),
);

const own = {
  circuit: circuit("tiny", (c) => {
    const image = c.input("image", { map: { height: 8, width: 8, channels: 1 } });
    const map = c.population("map", { map: { height: 6, width: 6, channels: 2 }, gain: "tanh" });
    c.project(image, map, { topology: { kind: "convolutional", kernel: 3 } });
    c.project(map, c.population("report", { units: 10 }));
  }),
  task: { kind: "symbols", size: 8, testCount: 32, limit: 64 },
  rule: ["bp", "three-factor"],
  optimiser: { kind: "adam", rate: 0.01 },
  batch: 16,
  epochs: 2,
  device: "cpu",
  checkpointSeconds: 0,
};
const gevb = { ...smallRun, units: "conventional", rule: "bp,three-factor", limit: 64, hidden: [4], epochs: 1 };

/** Runs of a collection that have begun. */
const begunIn = async (folder: string) =>
  (await readdir(folder)).filter((name) => existsSync(join(folder, name, "config.yaml")));

/** What a collection leaves, run by run. */
async function leftIn(folder: string) {
  const left = (await begunIn(folder)).map(async (name) => {
    const { run } = parse(await readFile(join(folder, name, "config.yaml"), "utf8"));
    return [name, { run, ...(await leftBehind(join(folder, name))) }] as const;
  });
  return Object.fromEntries(await Promise.all(left));
}

describe("a folder goes on as it was begun, where a kind has other defaults by then", () => {
  test.each([
    ["circuit", own],
    ["gevb", gevb],
  ])("a collection of %s, with runs that had not begun", async (experiment, settings) => {
    const folder = await scratchFolder();
    const [whole, stopped, later] = ["whole", "stopped", "later"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await experiments.run(experiment, settings, { out: whole, report: false });
    const stop = new AbortController();
    const onEvent = ({ type }: RunEvent) => type === "progress" && stop.abort();
    const stopping = experiments.run(experiment, settings, {
      out: stopped,
      report: false,
      onEvent,
      signal: stop.signal,
    });
    await expect(stopping).rejects.toThrow(InterruptedError);
    expect(await begunIn(stopped)).toHaveLength(1);
    await experiments.resume(undefined, stopped, { library: laterLibrary, report: false });
    const expected = await leftIn(whole);
    expect(Object.keys(expected)).toHaveLength(2);
    expect(await leftIn(stopped)).toEqual(expected);
    // The other defaults would be seen.
    const other = experiments.run(experiment, settings, { library: laterLibrary, out: later, report: false });
    if (experiment === "circuit") return expect(other).rejects.toThrow("windows of 3 x 3, stride 1, padding 1");
    await other;
    for (const [name, left] of Object.entries(await leftIn(later))) expect(left).not.toEqual(expected[name]);
  });

  test("a run by its config.yaml alone, from the start", async () => {
    const folder = await scratchFolder();
    const [first, again] = [join(folder, "first"), join(folder, "again")];
    await experiments.run("circuit", { ...own, rule: "three-factor" }, { out: first, report: false });
    const { run } = parse(await readFile(join(first, "config.yaml"), "utf8"));
    await experiments.run("circuit", run, { library: laterLibrary, out: again, report: false });
    expect(await leftBehind(again)).toEqual(await leftBehind(first));
    expect(parse(await readFile(join(again, "config.yaml"), "utf8")).run).toEqual(run);
  });
});
