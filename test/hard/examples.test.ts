import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

// Every example of something of one's own trains by the command, goes on after a kill to the same bits, and runs in workers.

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const examples = fileURLToPath(new URL("../../docs/examples/", import.meta.url));
const at = (name: string) => join(examples, name);

/** What belongs to a configuration besides the plug-in of its name. */
const besides: Readonly<Record<string, readonly string[]>> = {
  "own-data-csv": ["--data", at("own-data.csv")],
  "own-data-npz": ["--data", at("own-data.npz")],
  "own-objective": ["--use", at("own-objective.ts"), "--use", at("movement.ts")],
};
const configurations = readdirSync(examples)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.replace(".yaml", ""));

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sulcus-examples-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function begin(words: readonly string[]) {
  const env = { ...process.env, NODE_OPTIONS: "", SULCUS_THREADS: "1" };
  const child = spawn(process.execPath, [command, ...words], { env, stdio: ["ignore", "pipe", "pipe"], cwd: folder });
  const end = Promise.all([once(child, "exit"), text(child.stderr)]).then(([[code, signal], err]) => ({
    end: (signal ?? code) as number | string,
    err,
  }));
  return { child, end };
}

async function done(words: readonly string[]): Promise<void> {
  const { child, end } = begin(words);
  child.stdout.resume();
  const { end: code, err } = await end;
  expect(code, err).toBe(0);
}

/** What a run leaves: weights, evaluations, and the record of the example's measure. */
const left = (run: string) =>
  Promise.all(
    ["checkpoint.npz", "metrics.jsonl", ...(run.startsWith("own-measure") ? ["selectivity.json"] : [])].map((name) =>
      readFile(join(folder, run, name)),
    ),
  );

test("there is an example for every kind of part of one's own", () => {
  expect(configurations).toEqual(
    expect.arrayContaining([
      "own-data-csv",
      "own-data-npz",
      "own-gain",
      "own-measure",
      "own-objective",
      "own-rule-kolen-pollack",
      "own-rule-oja",
      "own-task",
      "own-topology",
    ]),
  );
});

test.each(configurations)("%s", { timeout: 240_000 }, async (name) => {
  const own = besides[name] ?? ["--use", at(`${name}.ts`)];
  const words = ["run", at(`${name}.yaml`), ...own, "--epochs", "4", "--set", "evaluations=2", "--device", "cpu"];
  await done([...words, "--out", `${name}/whole`]);

  // Killed after its first checkpoint, which comes with the first steps.
  const { child, end } = begin([...words, "--out", `${name}/killed`, "--set", "checkpointSeconds=0", "--json"]);
  for await (const line of createInterface({ input: child.stdout }))
    if (JSON.parse(line).type === "saved") child.kill("SIGKILL");
  expect((await end).end).toBe("SIGKILL");
  await done(["run", "--resume", `${name}/killed`]);
  expect(await left(`${name}/killed`)).toEqual(await left(`${name}/whole`));

  // From two seeds at once; the first one is that of the run above.
  await done([...words, "--seeds", "1,2", "--workers", "2", "--out", `${name}/many`]);
  const runs = readdirSync(join(folder, name, "many"), { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name.includes("seed-"),
  );
  expect(runs).toHaveLength(2);
  const first = runs.find((entry) => entry.name.endsWith("seed-1"))!;
  expect(await left(join(name, "many", first.name))).toEqual(await left(`${name}/whole`));
});
