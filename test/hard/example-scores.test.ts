import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const example = (name: string) => path.join(root, "docs/examples", name);
const packageAt = (name: string) => pathToFileURL(createRequire(import.meta.url).resolve(name)).href;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sulcus-examples-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a module prints that is run in an empty folder; "sulcus" is the build. */
async function printed(...words: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, ["--import", packageAt("tsx"), ...words], { cwd: folder }))
    .stdout;
}

test("a table and arrays of NumPy are learned", async () => {
  const lines = (await printed(example("own-data.ts"))).trim().split("\n");
  expect(lines[0]).toMatch(
    /^labels "alpina", "montana", "palustris" of .*own-data.csv: species are classes 0 to 2, sorted$/,
  );
  expect(lines[2]).toBe('target "targets" is taken for labels; as: "values" takes it for values');
  const errors = [lines[1]!, lines[3]!].map((line) =>
    Number(/^(?:flowers|motion): a share of ([\d.]+) is wrong$/.exec(line)?.[1]),
  );
  // Of three and of two classes, far from the 0.67 and 0.5 of chance.
  expect(errors[0]).toBeLessThan(0.15);
  expect(errors[1]).toBeLessThan(0.25);
}, 60_000);

test("an objective is a plug-in, by which a movement over time is learned", async () => {
  const module = (file: string) => JSON.stringify(pathToFileURL(file).href);
  const script = `
    import { readFile } from "node:fs/promises";
    import { parse } from ${JSON.stringify(packageAt("yaml"))};
    import { run, silent } from ${module(path.join(root, "dist/node.js"))};
    import huber from ${module(example("own-objective.ts"))};
    import movement from ${module(example("movement.ts"))};
    const given = parse(await readFile(${JSON.stringify(example("own-objective.yaml"))}, "utf8"));
    const { summary } = await run(given, { use: [huber, movement], out: "moved", report: false, onEvent: silent });
    console.log(summary.testAbsoluteError);`;
  const file = path.join(folder, "move.mts");
  await writeFile(file, script);
  // 5 % of the positions are 5 off, which is 0.25 on average; to stay at 0 is 0.8 off.
  expect(Number(await printed(file))).toBeLessThan(0.4);
}, 60_000);

test("a generator is a plug-in, whose task the configuration beside it names", async () => {
  const script = `
    import { readFile } from "node:fs/promises";
    import { parse } from ${JSON.stringify(packageAt("yaml"))};
    import { run, silent } from ${JSON.stringify(pathToFileURL(path.join(root, "dist/node.js")).href)};
    import plugin from ${JSON.stringify(pathToFileURL(example("own-task.ts")).href)};
    const given = parse(await readFile(${JSON.stringify(example("own-task.yaml"))}, "utf8"));
    const { summary } = await run(given, { use: [plugin], out: "run", report: false, onEvent: silent });
    console.log(summary.testError);`;
  const file = path.join(folder, "train.mts");
  await writeFile(file, script);
  // Chance is 0.5, and the weakest evidence is hard to see.
  expect(Number(await printed(file))).toBeLessThan(0.35);
}, 60_000);
