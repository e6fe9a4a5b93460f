import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { GevbConfig } from "../../../src/papers/gevb/settings.ts";
import type { RunEvent } from "../../../src/training/events.ts";
import { InterruptedError } from "../../../src/training/interrupted.ts";
import { experiments } from "../../built-in-experiments.ts";
import { leftBehind, scratchFolder, smallRun } from "../../small-runs.ts";

const small = { ...smallRun, limit: 200, hidden: [8, 4], epochs: 1 };
const foldersIn = async (folder: string) =>
  (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && entry.name !== "figures")
    .map(({ name }) => name)
    .sort();
const settingsIn = async (folder: string) => parse(await readFile(join(folder, "config.yaml"), "utf8")).settings;

describe("rules and seeds", () => {
  test("one of each is one run folder, several are a folder of them, and a run is the same in both", async () => {
    const folder = await scratchFolder();
    const [single, grid] = [join(folder, "single"), join(folder, "grid")];
    await experiments.run("gevb", { ...small, rule: "bp", seeds: 2 }, { out: single, report: false });
    expect(await foldersIn(single)).toEqual([]);

    await experiments.run("gevb", { ...small, rule: "gevb,bp", seeds: "1..2" }, { out: grid });
    expect(await foldersIn(grid)).toEqual(["bp-seed-1", "bp-seed-2", "gevb-seed-1", "gevb-seed-2"]);
    expect(await settingsIn(grid)).toMatchObject({ rule: ["gevb", "bp"], seeds: [1, 2], hidden: [8, 4] });
    // One run of each rule shows its receptive fields.
    expect((await readdir(join(grid, "figures"))).filter((file) => /^receptive.*svg$/.test(file))).toHaveLength(2);
    expect(await leftBehind(join(grid, "bp-seed-2"))).toEqual(await leftBehind(single));
    expect(await leftBehind(join(grid, "bp-seed-1"))).not.toEqual(await leftBehind(single));
  });

  test("of one seed, sub-folders go by the rule; a single run in a collection goes on from its own folder", async () => {
    const out = join(await scratchFolder(), "grid");
    const stop = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.type === "progress" && event.run === "gevb") stop.abort();
    };
    const running = experiments.run("gevb", { ...small, rule: ["gevb", "bp"] }, { out, onEvent, signal: stop.signal });
    await expect(running).rejects.toThrow(InterruptedError);
    expect(await foldersIn(out)).toEqual(["gevb"]);
    await experiments.resume("gevb", join(out, "gevb"), {});
    expect(existsSync(join(out, "gevb", "report.html"))).toBe(true);

    const started: string[] = [];
    await experiments.resume("gevb", out, { onEvent: (event) => event.type === "started" && started.push(event.run) });
    expect(started).toEqual(["bp"]);
    expect(await experiments.rebuildReport(out, {})).toBe(join(out, "report.html"));
    expect(await experiments.rebuildReport(join(out, "bp"), {})).toBe(join(out, "bp", "report.html"));
  });

  test("the quickstart is GEVB and BP of one seed", async () => {
    const folder = await scratchFolder();
    const [quick, grid] = [join(folder, "quick"), join(folder, "grid")];
    const { evaluations: _, epochs: __, ...rest } = small;
    await experiments.run("quickstart", rest, { out: quick, report: false });
    expect(await foldersIn(quick)).toEqual(["bp", "gevb"]);
    expect(await settingsIn(quick)).toMatchObject({
      rule: ["gevb", "bp"],
      epochs: 1,
      evaluations: 10,
      rateSchedule: "linear",
    });
    await experiments.run(
      "gevb",
      { ...rest, rule: "gevb,bp", epochs: 1, evaluations: 10, rateSchedule: "linear" },
      { out: grid, report: false },
    );
    for (const rule of ["gevb", "bp"])
      expect(await leftBehind(join(quick, rule))).toEqual(await leftBehind(join(grid, rule)));
    const other = experiments.resume("gevb", quick, {});
    await expect(other).rejects.toThrow(
      `${quick} holds a run of "quickstart", not of gevb; go on with it by sulcus run --resume`,
    );
  });
});

describe("what makes no sense is refused before any work", () => {
  test.each([
    [{ rule: "gevb,dfaa" }, 'learning rule "dfaa" is not known'],
    [{ units: "conventional" }, 'gevb: rule "gevb" cannot train units "conventional"'],
    [{ dataset: "cifar10", data: "nowhere" }, "nowhere does not exist"],
    [{ arch: "conv" }, 'gevb, hidden: got 2 sizes, architecture "conv" on images of one channel needs 3'],
    [{ seeds: "3..1" }, 'gevb: seeds: got "3..1", expected a range that rises, such as 1..3'],
    [{ rule: [] }, "gevb: rule: got [], expected a non-empty list of texts"],
  ] as const)("%j", async (change, words) => {
    const out = join(await scratchFolder(), "run");
    await expect(experiments.run("gevb", { ...small, ...change }, { out })).rejects.toThrow(words);
    expect(existsSync(out)).toBe(false);
  });

  test("damaged settings of a collection name the file", async () => {
    const out = await scratchFolder();
    const { writeConfig } = await import("../../../src/runs/record/run-folder.ts");
    await writeConfig(out, { experiment: "gevb", settings: { ...GevbConfig.parse({}), sign: "mixd" } });
    const words = `${join(out, "config.yaml")}, settings: sign: got "mixd"`;
    await expect(experiments.resume("gevb", out, {})).rejects.toThrow(words);
    await writeConfig(out, { experiment: "gevb", cells: ["gevb"], settings: GevbConfig.parse(small) });
    await expect(experiments.rebuildReport(out, {})).rejects.toThrow(
      `${out} holds no finished run to report on; go on with it by sulcus run --resume ${out}`,
    );
  });
});
