import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { OpenBackend } from "../../src/cli/backend.ts";
import { openBackend } from "../../src/cli/open-backend.ts";
import { nodeLibrary } from "../../src/node-library.ts";
import { assignedSetting, pathOf } from "../../src/runs/assignment.ts";
import { leftBehind, scratchFolder } from "../small-runs.ts";
import { FakeBackend, sulcus } from "./fake-backend.ts";

const own = {
  circuit: {
    name: "tiny",
    inputs: [{ name: "image", map: { height: 8, width: 8, channels: 1 } }],
    populations: [
      { name: "v1", units: 4, gain: "tanh" },
      { name: "report", units: 10 },
    ],
    projections: [
      { pre: "image", post: "v1" },
      { pre: "v1", post: "report" },
    ],
    readouts: ["report"],
  },
  task: { kind: "symbols", size: 8, count: 64, testCount: 32 },
  rule: "bp",
  optimiser: { kind: "adam", rate: 0.01 },
  batch: 16,
  device: "cpu",
};

async function written(name: string, content: string): Promise<string> {
  const file = join(await scratchFolder(), name);
  await writeFile(file, content);
  return file;
}
const ownFile = () => written("mine.yaml", stringify(own));

/** What the backend is asked. */
async function asked(words: readonly string[]) {
  const backend = new FakeBackend();
  expect(await sulcus([...words], backend)).toEqual({ code: 0, out: "", err: "" });
  return backend.requests;
}

/** Without reports, which take longer to draw than the runs. */
const quiet: OpenBackend = async (...plugins) => {
  const backend = await openBackend(...plugins);
  const silently = <Control>(control: Control): Control => ({ ...control, report: false });
  return {
    ...backend,
    run: (request, control) => backend.run(request, silently(control)),
    resume: (experiment, folder, control) => backend.resume(experiment, folder, silently(control)),
  };
};
const done = async (words: readonly string[]) => {
  const { code, err } = await sulcus([...words], quiet);
  expect([code, err.split("\n").filter((line) => line.startsWith("sulcus:"))]).toEqual([0, []]);
};
const configIn = async (folder: string) => parse(await readFile(join(folder, "config.yaml"), "utf8"));

describe("a circuit of one's own", () => {
  test("is asked for alike by its file, by --config, and by the folder that a run of it has left", async () => {
    const file = await ownFile();
    const request = { experiment: "circuit", options: own, owner: file };
    expect(await asked(["run", file])).toEqual([request]);
    expect(await asked(["run", "circuit", "--config", file])).toEqual([request]);
    const folder = await scratchFolder();
    await writeFile(join(folder, "config.yaml"), stringify({ experiment: "gevb", label: "bp", run: own }));
    expect(await asked(["run", "circuit", "--config", folder])).toMatchObject([{ options: own }]);
    const [byFolder] = await asked(["run", folder]);
    expect(byFolder).toMatchObject({ options: own, naming: { experiment: "gevb", label: "bp" } });
  });

  test("takes its options, and assignments to any part of it by name or place", async () => {
    const file = await ownFile();
    const words = ["--rule", "bp,fa", "--rate", "0.1", "--limit", "32", "--seeds", "1..3", "--epochs", "2"];
    const set = ["--set", "circuit.populations.v1.units=7", "circuit.populations.1.gain=linear"];
    const [request] = await asked(["run", "circuit", "--config", file, ...words]);
    expect(request!.options).toEqual({
      ...own,
      rule: "bp,fa",
      optimiser: { kind: "adam", rate: 0.1 },
      task: { ...own.task, limit: 32 },
      seeds: "1..3",
      epochs: 2,
    });
    const [changed] = await asked(["run", file, ...set, "rule.scale=3", "objective.kind=squared"]);
    expect(changed!.options).toMatchObject({
      circuit: { populations: [{ name: "v1", units: 7 }, { gain: "linear" }] },
      rule: { kind: "bp", scale: 3 },
      objective: { kind: "squared" },
    });
  });

  test("a value set at any place is there afterwards, and nothing else has changed", () => {
    const { settings } = nodeLibrary.get("experiment", "circuit");
    const paths = (value: unknown, path: readonly string[] = []): string[][] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => paths(inner, [...path, key]))
        : [[...path]];
    const at = (value: unknown, path: readonly string[]) =>
      path.reduce((part, key) => (part as Record<string, unknown>)[key], value);
    fc.assert(
      fc.property(fc.constantFrom(...paths(own)), fc.oneof(fc.integer(), fc.string()), (path, value) => {
        const changed = assignedSetting(settings, own, pathOf(path.join(".")), value);
        expect(at(changed, path)).toBe(value);
        expect(assignedSetting(settings, changed, path, at(own, path))).toEqual(own);
      }),
    );
  });

  test("sweeps over any of its values, while a list that a setting takes is one of all runs", async () => {
    const file = await ownFile();
    const set = ["--set", "optimiser.rate=0.1,0.01", "circuit.populations.v1.units=4..6", "rule=bp,fa", "batch=8"];
    expect(await asked(["sweep", "circuit", "--config", file, ...set, "--epochs", "1,2", "--seeds", "2"])).toEqual([
      {
        experiment: "circuit",
        owner: file,
        sweep: { epochs: [1, 2], "optimiser.rate": [0.1, 0.01], "circuit.populations.v1.units": [4, 5, 6] },
        options: { ...own, rule: "bp,fa", batch: 8, seeds: "1..2" },
      },
    ]);
  });

  test("of a module's function takes what is no part of a run", async () => {
    const text = `export default ({ units = 4 }) => ({ ...${JSON.stringify(own)}, epochs: units });`;
    const file = await written("mine.mjs", text);
    expect(await asked(["run", file, "--set", "units=3", "batch=4"])).toMatchObject([
      { options: { ...own, epochs: 3, batch: 4 } },
    ]);
    expect(await asked(["run", "circuit", "--config", file])).toMatchObject([{ options: { ...own, epochs: 4 } }]);
    const whole = await written(
      "whole.mjs",
      `export default ({ units, ...rest }) => ({ ...${JSON.stringify(own)}, ...rest });`,
    );
    expect(await asked(["run", whole, "--set", "from=w.npz", "units=3"])).toMatchObject([{ options: own }]);
  });

  test("is swept by --config, as the error for a bare file says", async () => {
    const file = await ownFile();
    const { code, err } = await sulcus(["sweep", file, "--set", "batch=4,8"], new FakeBackend());
    expect([code, err]).toEqual([2, expect.stringContaining(`; for a file say circuit --config ${file}\n`)]);
  });

  test("calls a projection that has no name of its own by its populations", async () => {
    const file = await ownFile();
    const [{ pre, post }] = own.circuit.projections as [{ pre: string; post: string }];
    const [{ options }] = (await asked([
      "run",
      file,
      "--set",
      `circuit.projections.${pre}->${post}.sign=excitatory`,
    ])) as [{ options: typeof own }];
    expect(options.circuit.projections[0]).toMatchObject({ pre, post, sign: "excitatory" });
    const { err } = await sulcus(["run", file, "--set", `circuit.projections.${pre}->.sign=mixed`], new FakeBackend());
    expect(err).toContain(
      `circuit.projections: got "${pre}->" (did you mean "${pre}->${post}"?), expected one of the names`,
    );
  });

  const refused: [string, string[], string][] = [
    ["export default 3;", [], "mine.mjs exports 3 as default, expected the description of a run, with circuit, task"],
    ["export default { circuit: {} };", ["--set", "units=3"], 'has no setting "units"; export a function of settings'],
    ["export default () => undefined.x;", [], 'module "mine.mjs" (FILE:1:32): Cannot read properties of undefined'],
    [
      "export default ({ units }) => ({ circuit: { units } });",
      ["--set", "units.x=3"],
      "units.x: got a part of a setting of the function in FILE, which is called once with whole settings",
    ],
    [
      "export default async ({ units = 4, speed }) => ({ circuit: { units, speed } });",
      ["--set", "unitz=3", "speed=1"],
      'FILE makes nothing of the setting "unitz" (did you mean "units"?); its function reads units, speed',
    ],
    ["export default () => ({});", ["--set", "units=3"], 'the setting "units"; its function reads none'],
  ];
  test.each(refused)("of the module %j is refused", async (text, words, told) => {
    const file = await written("mine.mjs", text);
    const { code, err } = await sulcus(["run", file, ...words], new FakeBackend());
    expect(code).toBe(text.includes(".x") && words.length === 0 ? 1 : 2);
    expect(err).toContain(told.replace("FILE", file));
  });

  test("with several rules and seeds is one folder, whose runs are those that each would be alone", async () => {
    const file = await ownFile();
    const folder = await scratchFolder();
    const [many, one] = [join(folder, "many"), join(folder, "one")];
    await done(["run", "circuit", "--config", file, "--rule", "bp,fa", "--seeds", "1..2", "--out", many]);
    expect((await readdir(many)).filter((name) => name.includes("seed")).sort()).toEqual([
      "bp-seed-1",
      "bp-seed-2",
      "fa-seed-1",
      "fa-seed-2",
    ]);
    await done(["run", file, "--rule", "fa", "--seed", "2", "--out", one]);
    expect(await leftBehind(one)).toEqual(await leftBehind(join(many, "fa-seed-2")));
    const { experiment, settings } = await configIn(many);
    expect([experiment, settings.seeds, settings.optimiser.beta1]).toEqual(["circuit", [1, 2], 0.9]);
    await done(["run", many, "--out", join(folder, "again")]);
    expect(await leftBehind(join(folder, "again", "bp-seed-1"))).toEqual(await leftBehind(join(many, "bp-seed-1")));
  });

  test("in a sweep goes by the last names of what is swept", async () => {
    const file = await ownFile();
    const out = join(await scratchFolder(), "sweep");
    const set = ["--set", "optimiser.rate=0.1,0.01", "circuit.populations.v1.units=4,8"];
    await done(["sweep", "circuit", "--config", file, ...set, "--out", out]);
    expect((await readdir(out)).filter((name) => name.includes("seed")).sort()).toEqual([
      "rate-0.01-units-4-seed-1",
      "rate-0.01-units-8-seed-1",
      "rate-0.1-units-4-seed-1",
      "rate-0.1-units-8-seed-1",
    ]);
    const { sweep, settings } = await configIn(out);
    expect(sweep).toEqual({ "optimiser.rate": [0.1, 0.01], "circuit.populations.v1.units": [4, 8] });
    expect(settings.optimiser).not.toHaveProperty("rate");
  });
});

describe("plug-ins on the command line", () => {
  const plugin = `
import { bp, defineExperiment, definePlugin, defineRule, z } from "sulcus";
const rule = defineRule({
  kind: "called-otherwise",
  summary: "bp by another name",
  settings: z.strictObject({ size: z.number().positive().default(2).meta({ help: "does nothing" }) }),
  build: () => bp.build({}),
});
const experiment = defineExperiment({
  kind: "of-mine",
  summary: "an experiment of mine",
  settings: z.strictObject({
    unitCount: z.int().min(1).default(4).meta({ help: "hidden units" }),
    loud: z.boolean().default(false).meta({ help: "say it loud" }),
    names: z.array(z.string()).default(["a"]).meta({ help: "names" }),
    quiet: z.number().default(1),
  }),
  build: (settings, { tasks }) => ({ experiment: "of-mine", settings, tasks, cells: [] }),
});
export default definePlugin({ name: "mine", version: "0.1.0", parts: [rule, experiment] });
`;
  const pluginFile = () => written("mine.mjs", plugin);
  /** Asks a backend that is opened for plug-ins. */
  async function askedWith(words: readonly string[]) {
    const fake = new FakeBackend();
    const open: OpenBackend = async (...plugins) => {
      const { library } = await openBackend(...plugins);
      return Object.assign(fake, { library });
    };
    const { code, out, err } = await sulcus([...words], open);
    return { code, out, err, requests: fake.requests };
  }

  test("bring experiments whose options come from their settings", async () => {
    const use = ["--use", await pluginFile()];
    const help = await askedWith(["run", "of-mine", "--help", ...use]);
    expect([help.code, help.err]).toEqual([0, ""]);
    for (const line of ["--unit-count <n> +hidden units", "--loud +say it loud", "--names <name> +names"])
      expect(help.out).toMatch(new RegExp(`^  ${line}`, "m"));
    expect(help.out).not.toContain("--quiet");
    expect(help.out).toContain("  unitCount  a whole number of at least 1 (default 4): hidden units");
    const { requests } = await askedWith([
      ...["run", "of-mine", "--unit-count", "7", "--loud", "--names", "x,y", "--set", "quiet=3", ...use],
    ]);
    expect(requests).toMatchObject([
      { experiment: "of-mine", options: { unitCount: 7, loud: true, names: ["x", "y"], quiet: 3 } },
    ]);
    const swept = await askedWith(["sweep", "of-mine", "--unit-count", "4..6", "--loud", "true,false", ...use]);
    expect(swept.requests).toMatchObject([{ sweep: { unitCount: [4, 5, 6], loud: [true, false] }, options: {} }]);
    expect(await askedWith(["run", "of-mine"])).toMatchObject({ code: 2, err: expect.stringContaining("of-mine") });
  });

  test("are listed with all else, and each kind with its settings", async () => {
    const use = ["--use", await pluginFile()];
    expect((await askedWith(["list", "rule", ...use])).out).toMatch(/\n {2}called-otherwise +bp by another name\n$/);
    expect((await askedWith(["list", "rule", "called-otherwise", ...use])).out).toBe(
      "learning rule called-otherwise: bp by another name\n\nSettings:\n  size  a finite number above 0 (default 2): does nothing\n",
    );
    expect(JSON.parse((await askedWith(["list", "rules", "bp", "--json"])).out)).toMatchObject({
      family: "rule",
      name: "bp",
      settings: {},
    });
    expect((await askedWith(["list", "rule", "bp"])).out).toMatch(/\n\nIt has no settings\.\n$/);
    for (const [word, kind] of [
      ["gain", "softplus"],
      ["sign", "dale"],
      ["sign constraint", "dale"],
    ] as const)
      expect((await askedWith(["list", word])).out).toContain(`\n  ${kind} `);
    expect((await askedWith(["list", "rool"])).err).toMatch(/^sulcus: family "rool" is not known.*known: experiment/);
    expect((await askedWith(["list", "rule", "bpp"])).err).toContain('learning rule "bpp" is not known (did you mean');
  });

  test("may be named in a file, seen from there, and are recorded with the run", async () => {
    const folder = await scratchFolder();
    await mkdir(join(folder, "kinds"));
    await writeFile(join(folder, "kinds", "mine.mjs"), plugin);
    const file = join(folder, "mine.yaml");
    await writeFile(file, stringify({ use: ["./kinds/mine.mjs"], ...own, rule: "called-otherwise" }));
    await done(["run", file, "--out", join(folder, "run")]);
    const { use, run } = await configIn(join(folder, "run"));
    expect(run.rule).toEqual({ kind: "called-otherwise", size: 2 });
    expect(use).toMatchObject([{ module: join(folder, "kinds", "mine.mjs"), plugin: "mine", version: "0.1.0" }]);
    await done(["run", "--resume", join(folder, "run")]);
    await done(["run", join(folder, "run"), "--seed", "2", "--out", join(folder, "again")]);
    expect((await configIn(join(folder, "again"))).use).toEqual(use);
  });

  test.each([
    [["run", "gevb", "--use", "--json"], '--use <module>: got the option "--json" as its value'],
    [["list", "--use", "./no-such.ts"], "there is no module"],
    [["run", "--use", "./no-such.ts", "x.yaml"], "there is no module"],
  ])("%j", async (words, told) => {
    const { code, err } = await askedWith(words);
    expect([code, err]).toEqual([2, expect.stringContaining(told)]);
  });
});
