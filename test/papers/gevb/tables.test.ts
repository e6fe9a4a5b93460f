import { existsSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { csvParse } from "d3-dsv";
import { describe, expect, test } from "vitest";
import type { RunEvent } from "../../../src/training/events.ts";
import { InterruptedError } from "../../../src/training/interrupted.ts";
import { experiments } from "../../built-in-experiments.ts";
import { fewDigits, leftBehind, scratchFolder } from "../../small-runs.ts";

const settings = {
  dataset: "mnist",
  arch: "dense",
  units: "vector",
  seeds: "1,2",
  limit: 100,
  testLimit: 50,
  hidden: [8, 4],
  epochs: 2,
  batch: 32,
  rate: 0.002,
  device: "cpu",
  data: { mnist: fewDigits },
};
const run = (change: object, control: object) => experiments.run("gevb-tables", { ...settings, ...change }, control);
const tables = (folder: string) =>
  Promise.all(["table.md", "table.csv"].map((file) => readFile(join(folder, file), "utf8")));
const nameOf = (rule: string, sign: string, seed: number) => `mnist-dense-vector-${rule}-${sign}-seed-${seed}`;

const cellOf = ({ dataset, arch, units, rule, sign }: Record<string, string | undefined>) =>
  [dataset, arch, units, rule, sign].join(" ");

describe("the tables", () => {
  test("have a cell for every rule and sign, filled run by run, beside the paper's numbers", async () => {
    const out = join(await scratchFolder(), "tables");
    const tabled: Extract<RunEvent, { type: "tabled" }>[] = [];
    const counts: string[] = [];
    const onEvent = (event: RunEvent) => {
      if (event.type !== "tabled") return;
      tabled.push(event);
      const lines = csvParse(readFileSync(join(out, "table.csv"), "utf8"));
      const runsOf = (cell: string) => lines.filter((line) => cellOf(line) === cell && line.seed !== "").length;
      counts.push([...new Set(lines.map(cellOf))].map(runsOf).join(""));
    };
    await run({}, { out, onEvent });
    // Every cell from the first seed, then every cell from the second.
    expect(counts).toEqual(["0000", "1000", "1100", "1110", "1111", "2111", "2211", "2221", "2222"]);

    const { markdown, table } = tabled.at(-1)!;
    expect(table).toBe(join(out, "table.md"));
    const [written, csv] = await tables(out);
    expect(markdown).toBe(written);
    const lines = csvParse(csv!);
    expect([...new Set(lines.map(cellOf))]).toEqual([
      "mnist dense vector gevb excitatory",
      "mnist dense vector bp excitatory",
      "mnist dense vector gevb mixed",
      "mnist dense vector bp mixed",
    ]);
    expect([...new Set(lines.map((line) => line.paper_test_error))]).toEqual(["0.0187", "0.0193", "0.0232", "0.0184"]);
    for (const { rule, sign, seed, test_error, train_error, epochs } of lines) {
      const summary = await readFile(join(out, nameOf(rule!, sign!, Number(seed)), "summary.json"), "utf8");
      const [testError, trainError] = [Number(test_error), Number(train_error)];
      expect(JSON.parse(summary)).toMatchObject({ testError, trainError, epochs: Number(epochs) });
    }
    expect(existsSync(join(out, "report.html"))).toBe(true);
  });

  test("interrupted, go on to the same tables", async () => {
    const folder = await scratchFolder();
    const [whole, stopped] = [join(folder, "whole"), join(folder, "stopped")];
    const part = { rule: "gevb", sign: "mixed,excitatory", seeds: [3] };
    await run(part, { out: whole, report: false });
    const stop = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.type === "progress" && event.run === nameOf("gevb", "excitatory", 3)) stop.abort();
    };
    await expect(run(part, { out: stopped, onEvent, signal: stop.signal })).rejects.toThrow(InterruptedError);
    expect(await tables(stopped)).not.toEqual(await tables(whole));
    await experiments.resume("gevb-tables", stopped, { report: false });
    expect(await tables(stopped)).toEqual(await tables(whole));
    for (const sign of ["mixed", "excitatory"]) {
      const cell = nameOf("gevb", sign, 3);
      expect(await leftBehind(join(stopped, cell))).toEqual(await leftBehind(join(whole, cell)));
    }
  });

  test("say which run failed and why, and have what the others found", async () => {
    const out = join(await scratchFolder(), "tables");
    const failed: RunEvent[] = [];
    let table = "";
    const onEvent = (event: RunEvent) => {
      if (event.type === "failed") failed.push(event);
      if (event.type === "tabled") table = event.markdown;
    };
    const hot = { rule: "bp", sign: "mixed,excitatory", seeds: 1, optimiser: "sgd", rate: 1e30 };
    await expect(run(hot, { out, onEvent })).rejects.toThrow(
      `2 of 2 runs failed: ${nameOf("bp", "mixed", 1)}, ${nameOf("bp", "excitatory", 1)}; the first: run`,
    );
    expect(failed).toHaveLength(2);
    const [markdown, csv] = await tables(out);
    expect(table).toBe(markdown);
    for (const { seed, failure } of csvParse(csv!)) {
      expect(seed).toBe("");
      expect(failure).toMatch(/^run "mnist-dense-vector-bp-.*" diverged: the loss is/);
    }
    expect(existsSync(join(out, "report.html"))).toBe(false);
    await expect(experiments.rebuildReport(out, {})).rejects.toThrow("holds no finished run to report on");
    await writeFile(join(out, nameOf("bp", "mixed", 1), "failure.json"), "{");
    await expect(experiments.resume("gevb-tables", out, {})).rejects.toThrow(
      /failure\.json is not the record of a failure; remove it, and the run is tried again/,
    );
  });
});

describe("what makes no sense is refused before any work", () => {
  test.each([
    [{ dataset: "both", data: { cifar10: "nowhere" } }, `CIFAR-10: the folder ${resolve("nowhere")} does not exist`],
    [
      { rule: "dfa" },
      "gevb-tables: units vector with rule dfa are in no cell of the tables, which have gevb and bp in",
    ],
    [{ rule: "fa" }, 'gevb-tables: rule.0: got "fa", expected one of gevb, dfa, bp'],
    [{ optimiser: "adam", decay: 1 }, 'gevb: decay 1 with optimiser "adam"'],
  ])("%j", async (change, words) => {
    const out = join(await scratchFolder(), "tables");
    await expect(run(change, { out })).rejects.toThrow(words);
    expect(existsSync(out)).toBe(false);
  });
});
