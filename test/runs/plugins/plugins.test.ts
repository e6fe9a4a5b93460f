import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { resume, run } from "../../../src/built-in-runs.ts";
import { circuit } from "../../../src/circuits/circuit.ts";
import { UsageError } from "../../../src/kinds/errors.ts";
import { definePlugin } from "../../../src/kinds/plugin.ts";
import { nodeLibrary } from "../../../src/node-library.ts";
import { bp } from "../../../src/plasticity/rules/bp.ts";
import { defineRule } from "../../../src/plasticity/rules/rule.ts";
import { keptPlugins } from "../../../src/runs/plugins/keep-plugins.ts";
import { moduleSources } from "../../../src/runs/plugins/module-sources.ts";
import { openLibrary } from "../../../src/runs/plugins/used-modules.ts";
import type { RunEvent } from "../../../src/training/events.ts";
import { experiments } from "../../built-in-experiments.ts";
import { leftBehind, scratchFolder } from "../../small-runs.ts";

/** A rule that is back-propagation by another name, in a module with a kernel of the same name as all such modules have. */
const ruleModule = (kind: string, more = "") => `
import { bp, defineElementwise, definePlugin, defineRule } from "sulcus";
export const same = defineElementwise({ name: "test-same", inputs: ["values"], result: ({ values }) => values });
const rule = defineRule({ kind: "${kind}", summary: "as bp", build: () => bp.build({}) });
${more}
export default definePlugin({ name: "${kind}-plugin", version: "1.0.0", parts: [rule] });
`;

async function written(name: string, text: string, folder?: string): Promise<string> {
  const file = join(folder ?? (await scratchFolder()), name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

const own = (rule: string) => ({
  circuit: circuit("tiny", (c) => {
    const image = c.input("image", { map: { height: 8, width: 8, channels: 1 } });
    c.project(image, c.population("report", { units: 10 }), { initial: "uniform" });
  }),
  task: { kind: "symbols", size: 8, count: 64, testCount: 32 },
  rule,
  optimiser: { kind: "adam", rate: 0.01 },
  batch: 16,
  epochs: 2,
  device: "cpu",
});
const quiet = { onEvent: () => {}, report: false };
const configIn = async (folder: string) => parse(await readFile(join(folder, "config.yaml"), "utf8"));

describe("a module with a plug-in", () => {
  test("gives its kinds, and says where they are from", async () => {
    const file = await written("mine.mjs", ruleModule("loaded"));
    const library = await openLibrary(nodeLibrary, { use: [file] });
    expect(library.list("rule").map(({ kind }) => kind)).toEqual([
      ...nodeLibrary.list("rule").map(({ kind }) => kind),
      "loaded",
    ]);
    const sha256 = createHash("sha256").update(ruleModule("loaded")).digest("hex");
    expect(keptPlugins(library)).toEqual({
      use: [{ module: file, plugin: "loaded-plugin", version: "1.0.0", sha256, copy: "plugins/mine.mjs" }],
      copies: { "plugins/mine.mjs": ruleModule("loaded") },
    });
    expect(nodeLibrary.list("rule").map(({ kind }) => kind)).not.toContain("loaded");
  });

  test("may have several, and may be named twice", async () => {
    const text = `${ruleModule("first").replace("export default", "const first =")}
      const rule2 = defineRule({ kind: "second", summary: "as bp", build: () => bp.build({}) });
      export default [first, definePlugin({ name: "second-plugin", parts: [rule2] })];`;
    const file = await written("two.mjs", text);
    const library = await openLibrary(nodeLibrary, { use: [file, file] });
    expect(library.used.map(({ plugin }) => plugin.name)).toEqual(["first-plugin", "second-plugin"]);
    expect(keptPlugins(library).use.map(({ copy }) => copy)).toEqual(["plugins/two.mjs", "plugins/two.mjs"]);
  });

  test("is summed up with what it imports beside itself, of which copies are kept in the same places", async () => {
    const folder = await scratchFolder();
    await written("kinds/part.mjs", 'export { bp } from "sulcus"; export const name = "apart";\n', folder);
    const text = `import { name } from "./kinds/part.mjs";\n${ruleModule("apart").replaceAll('"apart"', "name")}`;
    const file = await written("mine.mjs", text, folder);
    const before = moduleSources(file).sha256;
    const { copies, use } = keptPlugins(await openLibrary(nodeLibrary, { use: [file] }));
    expect(Object.keys(copies)).toEqual(["plugins/mine/mine.mjs", "plugins/mine/kinds/part.mjs"]);
    expect(use[0]).toMatchObject({ copy: "plugins/mine/mine.mjs", sha256: before });
    await written("kinds/part.mjs", 'export { bp } from "sulcus"; export const name = "changed";\n', folder);
    expect(moduleSources(file).sha256).not.toBe(before);
  });

  test("is loaded again with the files that it imports, where one of them has changed", async () => {
    const folder = await scratchFolder();
    const part = await written("part.mjs", 'export const name = "before";\n', folder);
    const text = `import { name } from "./part.mjs";\n${ruleModule("again").replaceAll('"again"', "name")}`;
    const file = await written("mine.mjs", text, folder);
    // In a process of its own: Vitest loads modules in another way than Node.
    const source = (name: string) => JSON.stringify(new URL(`../../../src/${name}.ts`, import.meta.url));
    const script = `
      import { writeFileSync } from "node:fs";
      import { libraryOf } from ${source("kinds/library")};
      import { openLibrary } from ${source("runs/plugins/used-modules")};
      const kinds = async () =>
        (await openLibrary(libraryOf([]), { use: [${JSON.stringify(file)}] })).list("rule").map(({ kind }) => kind);
      const before = await kinds();
      writeFileSync(${JSON.stringify(part)}, 'export const name = "after";');
      console.log(JSON.stringify([before, await kinds()]));`;
    const words = ["--import", "tsx", "--input-type=module", "-e", script];
    const { stdout } = await promisify(execFile)(process.execPath, words);
    expect(JSON.parse(stdout)).toEqual([["before"], ["after"]]);
  });

  test("any change of any of its files changes its sum, and its place does not", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 20 }), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        async (texts, which) => {
          const sumIn = async (folder: string, contents: readonly string[]) => {
            const files = contents.map((_, index) => (index === 0 ? "mine.mjs" : `parts/${index}.mjs`));
            const imports = files.slice(1).map((name) => `import "./${name}";\n`);
            for (const [index, name] of files.entries())
              await written(
                name,
                `${index === 0 ? imports.join("") : ""}// ${JSON.stringify(contents[index])}\n`,
                folder,
              );
            return moduleSources(join(folder, "mine.mjs")).sha256;
          };
          const folder = await scratchFolder();
          const sum = await sumIn(join(folder, "a"), texts);
          expect(await sumIn(join(folder, "b", "c"), texts)).toBe(sum);
          const changed = texts.with(which % texts.length, `${texts[which % texts.length]}.`);
          expect(await sumIn(join(folder, "a"), changed)).not.toBe(sum);
        },
      ),
      { numRuns: 20 },
    ));

  const missing = "/nowhere/mine.ts";
  test.each([
    ["none", undefined, missing, `there is no module "${missing}"; give the path of a .js, .mjs or .ts file`],
    ["no such package", undefined, "no-such-package", 'there is neither a file nor a package "no-such-package", seen'],
    [
      "nothing exported",
      "export const plugin = 1;",
      "",
      'mine.mjs exports nothing as default, expected a plug-in or a list of plug-ins; write export default definePlugin({ name: "mine", parts: [...] })',
    ],
    ["a number exported", "export default 3;", "", "mine.mjs exports 3 as default, expected a plug-in or a list"],
    [
      "a part that is none",
      'export default { name: "odd", parts: [{ kind: "x" }] };',
      "",
      'plug-in "odd": parts[0] is {kind: "x"}; expected a kind',
    ],
  ])("with %s is refused", async (_, text, named, words) => {
    const file = text === undefined ? named : await written("mine.mjs", text);
    await expect(openLibrary(nodeLibrary, { use: [file] })).rejects.toThrow(words);
    await expect(openLibrary(nodeLibrary, { use: [file] })).rejects.toBeInstanceOf(UsageError);
  });

  test("that brings a name for the second time is refused with both origins", async () => {
    const [one, two] = [await written("one.mjs", ruleModule("twice")), await written("two.mjs", ruleModule("twice"))];
    await expect(openLibrary(nodeLibrary, { use: [one, two] })).rejects.toThrow(
      `learning rule "twice" comes from plug-in "twice-plugin" (${one}) and again from plug-in "twice-plugin" (${two}); give one of them another name`,
    );
    const again = await written("gevb.mjs", ruleModule("gevb"));
    await expect(openLibrary(nodeLibrary, { use: [again] })).rejects.toThrow(
      `learning rule "gevb" comes from Sulcus itself and again from plug-in "gevb-plugin" (${again})`,
    );
  });
});

describe("a run with a plug-in of a module", () => {
  test("remembers it: it goes on by its folder alone, to the bits of the rule that it imitates", async () => {
    const folder = await scratchFolder();
    const file = await written("mine.mjs", ruleModule("imitated"), folder);
    const [mine, theirs] = [join(folder, "mine"), join(folder, "theirs")];
    await run(own("imitated"), { ...quiet, out: mine, use: [file] });
    await run(own("bp"), { ...quiet, out: theirs });
    const { use } = await configIn(mine);
    expect(use).toEqual([
      {
        module: file,
        plugin: "imitated-plugin",
        version: "1.0.0",
        sha256: moduleSources(file).sha256,
        copy: "plugins/mine.mjs",
      },
    ]);
    expect(await readFile(join(mine, "plugins", "mine.mjs"), "utf8")).toBe(ruleModule("imitated"));
    expect(await configIn(theirs)).not.toHaveProperty("use");
    expect(await readFile(join(mine, "metrics.jsonl"), "utf8")).toBe(
      await readFile(join(theirs, "metrics.jsonl"), "utf8"),
    );
    const before = await leftBehind(mine);
    await rm(join(mine, "checkpoint.npz"));
    await rm(join(mine, "summary.json"));
    await resume(mine, quiet);
    expect(await leftBehind(mine)).toEqual(before);
  });

  test("is not gone on with where the module has changed, unless it is trusted, and then that is recorded", async () => {
    const folder = await scratchFolder();
    const file = await written("mine.mjs", ruleModule("changing"), folder);
    const out = join(folder, "run");
    await run(own("changing"), { ...quiet, out, use: [file] });
    const before = moduleSources(file).sha256;
    await writeFile(file, ruleModule("changing", "// changed"));
    const after = moduleSources(file).sha256;
    await expect(resume(out, quiet)).rejects.toThrow(
      new UsageError(
        `the plug-in "changing-plugin" of ${out}/config.yaml has changed: ${file} has the sha256 ${after}, and was ${before}; restore it, take the copy in the run folder (--use ${out}/plugins/mine.mjs), or go on with the changed one by --trust-changed`,
      ),
    );
    // The copy is the same module in another place.
    await resume(out, { ...quiet, use: [join(out, "plugins", "mine.mjs")] });
    expect((await configIn(out)).use).toMatchObject([{ sha256: before, copy: "plugins/mine.mjs" }]);
    await writeFile(file, ruleModule("changing", "// changed"));
    await resume(out, { ...quiet, use: [file], trustChanged: true });
    const copy = `plugins/mine-${after.slice(0, 8)}.mjs`;
    expect((await configIn(out)).use).toMatchObject([{ module: file, sha256: after, before: [before], copy }]);
    expect(await readFile(join(out, copy), "utf8")).toBe(ruleModule("changing", "// changed"));
    expect(await readFile(join(out, "plugins", "mine.mjs"), "utf8")).toBe(ruleModule("changing"));
    await resume(out, quiet);
  });

  test("whose module is gone names the copy", async () => {
    const folder = await scratchFolder();
    const file = await written("mine.mjs", ruleModule("moving"), folder);
    const out = join(folder, "run");
    await run(own("moving"), { ...quiet, out, use: [file] });
    const moved = join(folder, "moved.mjs");
    await rename(file, moved);
    await expect(resume(out, quiet)).rejects.toThrow(
      new UsageError(
        `${out}/config.yaml needs the plug-in "moving-plugin", and its module ${file} is gone; the copy in the run folder may stand in: --use ${out}/plugins/mine.mjs`,
      ),
    );
    await resume(out, { ...quiet, use: [moved] });
    expect((await configIn(out)).use).toMatchObject([{ module: moved }]);
  });

  test("that a program has handed over is to be handed over again, and is not for workers", async () => {
    const rule = defineRule({
      kind: "in-program",
      summary: "as bp",
      build: () => bp.build({}, undefined, nodeLibrary),
    });
    const plugin = definePlugin({ name: "program", parts: [rule] });
    const out = join(await scratchFolder(), "run");
    await run(own("in-program"), { ...quiet, out, use: [plugin] });
    expect((await configIn(out)).use).toEqual([{ plugin: "program" }]);
    await expect(resume(out, quiet)).rejects.toThrow(
      `${out}/config.yaml needs the plug-in "program", which a program has handed over; name its module by --use, such as --use ./mine.ts`,
    );
    await resume(out, { ...quiet, use: [plugin] });
    const library = nodeLibrary.with(plugin);
    const many = { ...own("in-program"), seeds: [1, 2] };
    await expect(experiments.run("circuit", many, { library, workers: 2, out: `${out}-2` })).rejects.toThrow(
      'plug-in "program" was handed over by a program, and worker processes load plug-ins from modules; name its module instead, such as use: ["./mine.ts"], or leave workers out',
    );
  });
});

describe("a plug-in that throws is named with its line", () => {
  const at = (text: string, sign: string) => {
    const before = text.slice(0, text.indexOf(sign)).split("\n");
    return before.length;
  };
  const throwing = (when: "import" | "settings" | "refuse" | "build" | "updates", kind: string) => `
import { bp, definePlugin, defineRule, z } from "sulcus";
const thing = undefined;
const failing = (now) => {
  if (now) thing.fails();
  return undefined;
};
failing(${when === "import"});
const rule = defineRule({
  kind: "${kind}",
  summary: "fails",
  settings: z.strictObject({ rate: z.number().default(1).refine((value) => !failing(${when === "settings"}) && value > 0) }),
  refuse: () => failing(${when === "refuse"}),
  build: () => {
    failing(${when === "build"});
    return { updates: (circuit) => { failing(${when === "updates"}); return bp.build({}).updates(circuit); } };
  },
});
export default definePlugin({ name: "failing", parts: [rule] });
`;

  test.each(["import", "settings", "refuse", "build", "updates"] as const)("in %s", async (when) => {
    const text = throwing(when, `fails-in-${when}`);
    const file = await written("failing.mjs", text);
    const out = join(await scratchFolder(), "run");
    const rule = when === "settings" ? { kind: `fails-in-${when}`, rate: 2 } : `fails-in-${when}`;
    const failed = run({ ...own("bp"), rule }, { ...quiet, out, use: [file] });
    const name = when === "import" ? "failing.mjs" : "failing";
    await expect(failed).rejects.toThrow(
      `plug-in "${name}" (${file}:${at(text, "thing.fails")}:18): Cannot read properties of undefined (reading 'fails')`,
    );
    await expect(failed).rejects.toMatchObject({ name: "SulcusError" });
  });

  test("in the middle of training, after which the run goes on from what was saved once it is mended", async () => {
    const text = `
import { definePlugin, defineTask } from "sulcus";
const failing = defineTask({
  kind: "failing-late",
  summary: "symbols that end badly",
  async build(_, context, library) {
    const task = await library.build("task", { kind: "symbols", size: 8, count: 64, testCount: 32 }, context);
    let batches = 0;
    const fill = (...all) => {
      if (batches++ === 6) missing.fill();
      return task.training.fill(...all);
    };
    return { ...task, training: { ...task.training, fill } };
  },
});
export default definePlugin({ name: "late", parts: [failing] });
`;
    const folder = await scratchFolder();
    const file = await written("late.mjs", text, folder);
    const [out, whole] = [join(folder, "run"), join(folder, "whole")];
    const description = { ...own("bp"), task: "failing-late", checkpointSeconds: 0 };
    const failed = run(description, { ...quiet, out, use: [file] });
    await expect(failed).rejects.toThrow(
      `plug-in "late" (${file}:${at(text, "missing.fill")}:28): missing is not defined`,
    );
    expect(existsSync(join(out, "summary.json"))).toBe(false);
    expect(existsSync(join(out, "checkpoint.npz"))).toBe(true);
    await writeFile(file, text.replace("missing.fill();", "batches++;"));
    const steps: number[] = [];
    const onEvent = (event: RunEvent) => void (event.type === "started" && steps.push(event.step));
    await resume(out, { onEvent, report: false, trustChanged: true });
    expect(steps[0]).toBeGreaterThan(0);
    await run(description, { ...quiet, out: whole, use: [file] });
    expect(await leftBehind(out)).toEqual(await leftBehind(whole));
  });

  test("and what Sulcus finds wrong below it keeps its kind of error", async () => {
    const text = `
import { bp, definePlugin, defineRule } from "sulcus";
const rule = defineRule({ kind: "misspelt-inside", summary: "fails", build: () => bp({ rate: 1 }) });
export default definePlugin({ name: "misspelt", parts: [rule] });
`;
    const file = await written("misspelt.mjs", text);
    const failed = run(own("misspelt-inside"), { ...quiet, use: [file] });
    await expect(failed).rejects.toThrow(
      /^plug-in "misspelt" \(.*misspelt\.mjs:3:\d+\): learning rule "bp": unknown setting "rate"; there are none to give/,
    );
    await expect(failed).rejects.toBeInstanceOf(UsageError);
  });
});
