import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { run } from "../../src/built-in-runs.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import type { OpenBackend } from "../../src/cli/backend.ts";
import { openBackend } from "../../src/cli/open-backend.ts";
import { fewDigits, leftBehind, scratchFolder } from "../small-runs.ts";
import { FakeBackend, sulcus } from "./fake-backend.ts";

/** A run of modules that takes a tenth of a second. */
const small = [
  `data=${fewDigits}`,
  "source=mnist",
  "units=4",
  "steps=2",
  "limit=64",
  "testLimit=32",
  "batch=32",
  "specialization.metrics=[]",
];
const modules = ["run", "modules", "--epochs", "1", "--set", ...small, "validation=0"];

const own = {
  circuit: circuit("tiny", (c) => {
    const image = c.input("image", { map: { height: 8, width: 8, channels: 1 } });
    c.project(image, c.population("report", { units: 10 }), { initial: { kind: "uniform" } });
  }),
  task: { kind: "symbols", size: 8, count: 64, testCount: 32 },
  rule: { kind: "bp" },
  optimiser: { kind: "adam", rate: 0.01 },
  batch: 16,
  epochs: 2,
  device: "cpu",
} as const;

/** Without reports, which take longer to draw than the runs. */
const quiet: OpenBackend = async (...asked) => {
  const backend = await openBackend(...asked);
  return {
    ...backend,
    run: (request, control) => backend.run(request, { ...control, report: false } as typeof control),
    resume: (experiment, folder, control) =>
      backend.resume(experiment, folder, { ...control, report: false } as typeof control),
  };
};

const done = async (words: readonly string[]) => {
  const { code, err } = await sulcus([...words], quiet);
  expect([code, err.split("\n").filter((line) => line.startsWith("sulcus:"))]).toEqual([0, []]);
};
const configIn = async (folder: string) => {
  const { environment: _, ...config } = parse(await readFile(join(folder, "config.yaml"), "utf8"));
  return config;
};

describe("a run folder's config.yaml", () => {
  test("of a run that a program has started runs again to the same bits, by file or folder, and is called the same", async () => {
    const folder = await scratchFolder();
    const first = join(folder, "first");
    await run(own, { out: first, onEvent: () => {}, report: false });
    for (const [index, file] of [join(first, "config.yaml"), first].entries()) {
      const again = join(folder, `again-${index}`);
      await done(["run", file, "--out", again]);
      expect(await leftBehind(again)).toEqual(await leftBehind(first));
      expect(await configIn(again)).toEqual(await configIn(first));
    }
  });

  test("of an experiment's single run, by --config too, with changes where they are given", async () => {
    const folder = await scratchFolder();
    const [first, again, changed] = ["first", "again", "changed"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await done([...modules, "--out", first]);
    await done(["run", "modules", "--config", join(first, "config.yaml"), "--out", again]);
    expect(await leftBehind(again)).toEqual(await leftBehind(first));
    expect(await configIn(again)).toEqual(await configIn(first));
    const changes = ["--seed", "7", "--limit", "32", "--set", "optimiser.rate=0.01", "rule.kind=fa"];
    await done(["run", first, "--out", changed, ...changes]);
    const { run: described, label, experiment } = await configIn(changed);
    expect([experiment, label, described.seed, described.task.limit]).toEqual(["modules", "fa", 7, 32]);
    expect([described.optimiser.rate, described.rule.kind]).toEqual([0.01, "fa"]);
    const { run: before } = await configIn(first);
    expect(described).toEqual({
      ...before,
      seed: 7,
      task: { ...before.task, limit: 32 },
      rule: { kind: "fa" },
      optimiser: { ...before.optimiser, rate: 0.01 },
    });
  });

  test("of a sweep runs all of it again to the same bits, and settings may be changed", async () => {
    const folder = await scratchFolder();
    const [first, again] = [join(folder, "first"), join(folder, "again")];
    const words = ["sweep", "modules", "--epochs", "1", "--density", "0.5,1c", "--set", ...small];
    await done([...words, "--out", first]);
    await done(["run", join(first, "config.yaml"), "--out", again]);
    expect(await configIn(again)).toEqual(await configIn(first));
    const { cells } = await configIn(first);
    expect(cells.length).toBe(2);
    for (const cell of cells) expect(await leftBehind(join(again, cell))).toEqual(await leftBehind(join(first, cell)));
    const fake = new FakeBackend();
    await sulcus(["sweep", "modules", "--config", first, "--density", "0.5,1.0", "--seed", "3"], fake);
    expect(fake.requests).toMatchObject([
      {
        experiment: "modules",
        sweep: { density: [0.5, 1] },
        options: { source: "mnist", data: fewDigits, units: 4, seeds: [3] },
      },
    ]);
    await sulcus(["sweep", "modules", "--config", first], fake);
    expect(fake.requests[1]).toMatchObject({ sweep: { density: [0.5, "1c"] }, options: { seeds: [1] } });
  });
});

describe("a description of one's own", () => {
  test("runs from a file, and goes on by --resume without the name of an experiment", async () => {
    const folder = await scratchFolder();
    const file = join(folder, "mine.yaml");
    await writeFile(file, stringify(own));
    await done(["run", file, "--out", join(folder, "run"), "--epochs", "1"]);
    const { experiment, label, run: described } = await configIn(join(folder, "run"));
    expect([experiment, label, described.epochs]).toEqual(["circuit", "bp", 1]);
    const before = await leftBehind(join(folder, "run"));
    await done(["run", "--resume", join(folder, "run")]);
    expect(await leftBehind(join(folder, "run"))).toEqual(before);
  });
});

describe("what cannot be run from a file is refused", () => {
  const files = {
    "run.yaml": { experiment: "gevb", label: "gevb", run: own },
    "own.yaml": own,
    "collection.yaml": { experiment: "gevb", cells: ["a"], settings: { rule: ["bp"] } },
    "strange.yaml": { experiment: "nonsense", settings: {} },
    "half.yaml": { experiment: "gevb", label: "gevb" },
    "settings.yaml": { epochs: 2 },
  };
  test.each<[string[], string]>([
    [
      ["run", "modules", "--config", "run.yaml"],
      '--config: run.yaml is the configuration of "gevb", not of modules; run it by sulcus run run.yaml',
    ],
    [
      ["run", "gevb", "--config", "own.yaml"],
      "--config: own.yaml is the configuration of a run of your own, not of gevb; run it by sulcus run own.yaml",
    ],
    [
      ["run", "gevb", "--config", "run.yaml", "--arch", "conv"],
      "--arch cannot be given with the configuration of a single run, in which circuit, task and rule are written out; what can be changed: --rule, --limit, --rate, --epochs, --batch, --device, --provider, --no-accelerators, --representation, --from, --seed, and any part by --set, such as --set optimiser.rate=0.001",
    ],
    [["run", "run.yaml", "--set", "hidden=[3]"], 'unknown setting "hidden"; known: epochs, '],
    [
      ["run", "run.yaml", "--set", "circuit.inputs.9.units=3"],
      'circuit.inputs: got "9", expected one of the names image, or a whole number from 0 to 0',
    ],
    [
      ["run", "run.yaml", "--set", "optimiser.beta1=1"],
      'run.yaml, optimiser "adam": beta1: got 1, expected a number from 0 to below 1',
    ],
    [
      ["run", "half.yaml"],
      "half.yaml names an experiment, and is neither the configuration of a run (experiment, label, run) nor of several (experiment, settings); restore it from a copy",
    ],
    [["run", "strange.yaml"], 'strange.yaml: experiment "nonsense" is not known; known: quickstart, circuit, gevb,'],
    [
      ["run", "settings.yaml"],
      "settings.yaml holds settings, and not of which experiment; give them to one, such as sulcus run gevb --config settings.yaml",
    ],
    [["run", "collection.yaml", "--epochs", "0"], "epochs: got 0, expected a whole number from 1 to 1,000,000"],
    [
      ["sweep", "gevb", "--config", "run.yaml", "--rate", "1,2"],
      "--config: run.yaml is the configuration of a single run, whose circuit, task and rule are written out; sweep over parts of it by sulcus sweep circuit --config run.yaml",
    ],
    [
      ["sweep", "modules", "--config", "collection.yaml", "--rate", "1,2"],
      '--config: collection.yaml is the configuration of "gevb", not of modules',
    ],
    [["run", "none.yaml"], 'sulcus run: cannot read "none.yaml": there is no such file'],
    [["run", "run.yaml", "other"], 'got "other" in addition, expected sulcus run [options] [command] [file]'],
    [
      ["run", "run.yaml", "--resume", "src"],
      "--resume goes on with the run in a folder and takes no file besides; leave one of them out",
    ],
    [["run", "--json"], 'no experiment after "sulcus run", expected one of quickstart, '],
  ])("%j", async (words, told) => {
    const folder = await scratchFolder();
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), stringify(content));
    const placed = words.map((word) => (word.endsWith(".yaml") ? join(folder, word) : word));
    const { code, err } = await sulcus(placed, openBackend);
    expect(code).toBe(2);
    expect(err.replaceAll(`${folder}/`, "")).toContain(`sulcus: ${told}`);
  });

  test("of a collection, options and assignments reach the settings, and the file gives the rest", async () => {
    const folder = await scratchFolder();
    const file = join(folder, "config.yaml");
    await writeFile(file, stringify(files["collection.yaml"]));
    const fake = new FakeBackend();
    const words = [file, "--epochs", "3", "--set", "rate=0.5", "--workers", "2", "--seed", "4"];
    expect(await sulcus(["run", ...words], fake)).toMatchObject({ code: 0, err: "" });
    expect(fake.requests).toEqual([
      { experiment: "gevb", options: { rule: ["bp"], epochs: 3, rate: 0.5, seeds: [4] }, out: undefined, workers: 2 },
    ]);
  });
});
