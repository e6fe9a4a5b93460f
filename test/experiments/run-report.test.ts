import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeGevbRun, loadGevbTask, resolveGevb } from "../../src/experiments/gevb.ts";
import { startRun } from "../../src/experiments/run.ts";
import { reportRuns } from "../../src/experiments/run-report.ts";
import { scratchFolder, smallRun } from "./small-runs.ts";

test("runs of one label and different seeds are one condition, with the fields of the first seed", async () => {
  const folder = await scratchFolder();
  const labels = ["gevb", "gevb", "bp"];
  const folders: string[] = [];
  for (const [index, rule] of labels.entries()) {
    const config = resolveGevb({ ...smallRun, epochs: 1, limit: 64, testLimit: 32, rule, seed: 1 + (index % 2) });
    const task = await loadGevbTask(config);
    const out = join(folder, String(index));
    await startRun(describeGevbRun(config, task), { experiment: "gevb", label: rule }, { out }, task);
    folders.push(out);
  }
  const page = await readFile(await reportRuns(folder, "gevb", folders), "utf8");
  expect(page).toContain("3 runs, GEVB with 2 seeds and BP with 1 seed.");
  expect(page).toMatch(/\(2\u00a0seeds\)/);
  const shown = [...page.matchAll(/<strong>Figure \d+\. (Receptive fields, [^<]*)\.<\/strong>/g)];
  expect(shown.map(([, title]) => title)).toEqual(["Receptive fields, GEVB, seed 1", "Receptive fields, BP"]);
});
