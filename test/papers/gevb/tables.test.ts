import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { tableCsv } from "../../../src/papers/gevb/table/csv.ts";
import { tableMarkdown } from "../../../src/papers/gevb/table/markdown.ts";
import type { TableCell } from "../../../src/papers/gevb/table-record.ts";
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

describe("the tables", () => {
  test("have a cell for every rule and sign, filled run by run, beside the paper's numbers", async () => {
    const out = join(await scratchFolder(), "tables");
    const tabled: Extract<RunEvent, { type: "tabled" }>[] = [];
    await run({}, { out, onEvent: (event: RunEvent) => event.type === "tabled" && tabled.push(event) });
    const runs = tabled.map(({ cells }) => cells.map((cell) => cell.runs.length).join(""));
    // Every cell from the first seed, then every cell from the second.
    expect(runs).toEqual(["0000", "1000", "1100", "1110", "1111", "2111", "2211", "2221", "2222"]);

    const { cells, table } = tabled.at(-1)!;
    expect(table).toBe(join(out, "table.md"));
    expect(cells.map(({ dataset, arch, units, rule, sign }) => [dataset, arch, units, rule, sign].join(" "))).toEqual([
      "mnist dense vector gevb excitatory",
      "mnist dense vector bp excitatory",
      "mnist dense vector gevb mixed",
      "mnist dense vector bp mixed",
    ]);
    expect(cells.map(({ paper }) => paper?.testError)).toEqual([0.0187, 0.0193, 0.0232, 0.0184]);
    for (const { rule, sign, runs } of cells)
      for (const { seed, testError, trainError, epochs } of runs) {
        const summary = await readFile(join(out, nameOf(rule, sign, seed), "summary.json"), "utf8");
        expect(JSON.parse(summary)).toMatchObject({ testError, trainError, epochs });
      }
    expect(await tables(out)).toEqual([tableMarkdown(cells), tableCsv(cells)]);
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
    let cells: readonly TableCell[] = [];
    const onEvent = (event: RunEvent) => {
      if (event.type === "failed") failed.push(event);
      if (event.type === "tabled") ({ cells } = event);
    };
    const hot = { rule: "bp", sign: "mixed,excitatory", seeds: 1, optimiser: "sgd", rate: 1e30 };
    await expect(run(hot, { out, onEvent })).rejects.toThrow(
      `2 of 2 runs failed: ${nameOf("bp", "mixed", 1)}, ${nameOf("bp", "excitatory", 1)}; the first: run`,
    );
    expect(failed).toHaveLength(2);
    for (const { runs, failure } of cells) {
      expect(runs).toEqual([]);
      expect(failure).toMatch(/^run "mnist-dense-vector-bp-.*" diverged: the loss is/);
    }
    expect(await tables(out)).toEqual([tableMarkdown(cells), tableCsv(cells)]);
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
