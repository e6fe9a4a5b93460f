import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readNpz } from "../../src/runs/record/npz.ts";
import { experiments } from "../built-in-experiments.ts";
import { fewDigits, scratchFolder, smallRun } from "../small-runs.ts";

test("runs of one label and different seeds are one condition, with the fields of the first seed", async () => {
  const out = join(await scratchFolder(), "grid");
  await experiments.run(
    "gevb",
    { ...smallRun, epochs: 1, limit: 64, testLimit: 32, rule: ["gevb", "bp"], seeds: [1, 2] },
    { out },
  );
  const page = await readFile(join(out, "report.html"), "utf8");
  expect(page).toContain("4 runs");
  expect(page).toContain("mean \u00b1 SD over seeds");
  const shown = [...page.matchAll(/<strong>Figure \d+\. (Receptive fields, [^<]*)\.<\/strong>/g)];
  expect(shown.map(([, title]) => title)).toEqual(["Receptive fields, GEVB, seed 1", "Receptive fields, BP, seed 1"]);
});

test("connections of modules are those of the run, and a table sums them up", async () => {
  const out = join(await scratchFolder(), "modules");
  const specialization = { metrics: ["correlation"], trials: 16, pairs: 200 };
  const settings = {
    source: "mnist",
    data: fewDigits,
    units: 6,
    steps: 2,
    density: "3c",
    seeds: [1, 2],
    specialization,
  };
  await experiments.run("modules", { ...settings, epochs: 1, batch: 8, limit: 16, testLimit: 200 }, { out });
  const spec = JSON.parse(await readFile(join(out, "figures", "connections.vl.json"), "utf8"));
  const marks: { pre: number; post: number }[] = spec.concat[0].layer[1].data.values;
  const name = "module-1->module-2/mask";
  const { [name]: mask } = await readNpz(join(out, "seed-1", "checkpoint.npz"), { [name]: "float32" } as const);
  const connected = [...mask.data].flatMap((exists, index) =>
    exists ? [{ post: 6 + Math.floor(index / 6) + 0.5, pre: (index % 6) + 0.5 }] : [],
  );
  expect(connected).toHaveLength(3);
  expect(marks.filter(({ post }) => post > 6).map(({ post, pre }) => ({ post, pre }))).toEqual(connected);
  expect(marks).toHaveLength(6);
  expect((await readFile(join(out, "specialization.csv"), "utf8")).split("\n")[1]).toMatch(/^bp,0\.0833\d*,3,2,/);
  expect(await readFile(join(out, "report.html"), "utf8")).toContain("What each module holds of each digit");
});
