import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { backend } from "../../src/experiments/backend.ts";
import { scratchFolder, smallRun } from "./small-runs.ts";

test("runs of one label and different seeds are one condition, with the fields of the first seed", async () => {
  const out = join(await scratchFolder(), "grid");
  await backend.run(
    "gevb",
    { ...smallRun, epochs: 1, limit: 64, testLimit: 32, rule: ["gevb", "bp"], seeds: [1, 2] },
    { out },
  );
  const page = await readFile(join(out, "report.html"), "utf8");
  expect(page).toContain("4 runs");
  expect(page).toMatch(/\(2\u00a0seeds\)/);
  const shown = [...page.matchAll(/<strong>Figure \d+\. (Receptive fields, [^<]*)\.<\/strong>/g)];
  expect(shown.map(([, title]) => title)).toEqual(["Receptive fields, GEVB, seed 1", "Receptive fields, BP, seed 1"]);
});
