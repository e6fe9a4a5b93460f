import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { scratchFolder } from "../small-runs.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

test("the measure of the docs is taken by its name, and leaves the same where several processes take it", async () => {
  const folder = await scratchFolder();
  const sulcus = (...words: string[]) =>
    promisify(execFile)(process.execPath, ["--import", tsx, path.join(root, "dist/cli/main.js"), ...words], {
      cwd: folder,
    });
  const settings = ["limit=60", "testLimit=40", "hidden=[4,4]", "batch=20", "device=cpu", "selectivity.stimuli=30"];
  const words = ["--epochs", "1", "--seeds", "1,2", ...settings.flatMap((setting) => ["--set", setting])];
  const used = ["--use", path.join(root, "docs/examples/own-measure.ts")];
  await sulcus("run", "gevb", ...used, ...words, "--out", "one");
  await sulcus("run", "gevb", ...used, ...words, "--workers", "2", "--out", "two");
  for (const seed of [1, 2]) {
    const [one, two] = await Promise.all(
      ["one", "two"].map((out) => readFile(path.join(folder, out, `gevb-seed-${seed}`, "selectivity.json"), "utf8")),
    );
    expect(two).toBe(one);
    for (const value of JSON.parse(one!).ofUnits) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
  }
  expect(await readFile(path.join(folder, "one", "report.html"), "utf8")).toContain(
    "Class selectivity of hidden units.",
  );
}, 120_000);
