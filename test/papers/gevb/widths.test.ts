import { existsSync } from "node:fs";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildNetwork, buildOptimiser, buildRule } from "../../../src/built-in.ts";
import { gevbCircuit } from "../../../src/circuits/ready-made/gevb.ts";
import type { WidthAlignment } from "../../../src/papers/gevb/width-record.ts";
import { GevbWidthsConfig } from "../../../src/papers/gevb/widths-settings.ts";
import { alignmentProgram, learningProgram, startValues } from "../../../src/plasticity/learning-program.ts";
import type { RunEvent } from "../../../src/training/events.ts";
import { InterruptedError } from "../../../src/training/interrupted.ts";
import { experiments } from "../../built-in-experiments.ts";
import { fewDigits, scratchFolder } from "../../small-runs.ts";

// A silent network has no angle: of width 4 two of 16 seeds are silent at this batch, of width 8 none of 40.
const settings = { data: fewDigits, widths: [8, 16, 64], seeds: [1, 2], batch: 16, device: "cpu" };

async function measured(out: string, options: object = {}, report = false): Promise<WidthAlignment[]> {
  await experiments.run("gevb-widths", { ...settings, ...options }, { out, report });
  const lines = (await readFile(join(out, "metrics.jsonl"), "utf8")).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as WidthAlignment);
}

/** Mean angle over seeds. */
function meanAngle(networks: readonly WidthAlignment[], width: number, projection: string): number {
  const angles = networks.filter((each) => each.width === width).map(({ alignment }) => alignment[projection]!.angle!);
  return angles.reduce((sum, angle) => sum + angle, 0) / angles.length;
}

describe("alignment against width", () => {
  test("is measured in every network, the narrowest first, and falls before the last hidden population", async () => {
    const out = join(await scratchFolder(), "run");
    const networks = await measured(out, {}, true);
    expect(networks.map(({ width, seed }) => [width, seed])).toEqual(
      settings.widths.flatMap((width) => [1, 2].map((seed) => [width, seed])),
    );
    for (const { alignment } of networks) {
      expect(Object.keys(alignment)).toEqual(["pixels->v1", "v1->v2", "v2->v3", "v3->report"]);
      // At the readout the rule is the gradient.
      expect(alignment["v3->report"]!.angle).toBeLessThan(0.1);
    }
    for (const projection of ["pixels->v1", "v1->v2"])
      expect(meanAngle(networks, 64, projection)).toBeLessThan(0.7 * meanAngle(networks, 8, projection));
    for (const file of ["config.yaml", "table.md", "report.html", "figures/alignment-width.svg"])
      expect(existsSync(join(out, file)), file).toBe(true);
    expect(await readFile(join(out, "table.md"), "utf8")).toMatch(/^\| 64 \| 2 \| [\d.]+ ± [\d.]+ \([\d.]+ %\) \|/m);
    expect(await experiments.rebuildReport(out)).toBe(join(out, "report.html"));
  });

  test("stays at chance where weights have both signs", async () => {
    const networks = await measured(join(await scratchFolder(), "run"), {
      sign: "mixed",
      widths: [128],
      seeds: [1, 2, 3],
    });
    for (const projection of ["pixels->v1", "v1->v2"])
      expect(Math.abs(meanAngle(networks, 128, projection) - 90)).toBeLessThan(12);
  });

  test("of He's excitatory weights has another limit onto the last hidden population", async () => {
    const widths = { widths: [256], seeds: [1, 2], depth: 2 };
    const folder = await scratchFolder();
    const [onOff, he] = [
      await measured(join(folder, "on-off"), widths),
      await measured(join(folder, "he"), { ...widths, initial: "he" }),
    ].map((networks) => meanAngle(networks, 256, "v1->v2"));
    expect(Math.abs(onOff! - 55.7)).toBeLessThan(3);
    expect(Math.abs(he! - 37.1)).toBeLessThan(3);
  });
});

describe("an interrupted measurement", () => {
  test("goes on where it was, past a torn line, and leaves the same bytes", async () => {
    const folder = await scratchFolder();
    const [whole, stopped] = [join(folder, "whole"), join(folder, "stopped")];
    await measured(whole);
    expect(existsSync(join(whole, "report.html"))).toBe(false);
    const stop = new AbortController();
    const events: RunEvent[] = [];
    const onEvent = (event: RunEvent) => {
      events.push(event);
      if (event.type === "measured" && event.step === 3) stop.abort();
    };
    const interrupted = experiments.run("gevb-widths", settings, {
      out: stopped,
      onEvent,
      signal: stop.signal,
    });
    await expect(interrupted).rejects.toThrow(InterruptedError);
    await appendFile(join(stopped, "metrics.jsonl"), '{"width":8,"se');
    events.length = 0;
    await experiments.resume("gevb-widths", stopped, { onEvent, report: false });
    expect(events[0]).toMatchObject({ type: "started", step: 3, totalSteps: 6 });
    expect(events.filter(({ type }) => type === "measured")).toHaveLength(3);
    for (const file of ["metrics.jsonl", "table.md"])
      expect(await readFile(join(stopped, file))).toEqual(await readFile(join(whole, file)));
  });

  test("has no report before its first network", async () => {
    const out = join(await scratchFolder(), "run");
    await measured(out, { widths: [4], seeds: [1] });
    await rm(join(out, "metrics.jsonl"));
    await expect(experiments.rebuildReport(out)).rejects.toThrow(
      `${out} holds no measured network to report on; go on with it by sulcus run --resume`,
    );
  });

  test("of another experiment is refused", async () => {
    const out = join(await scratchFolder(), "run");
    await measured(out, { widths: [4], seeds: [1] });
    const config = await readFile(join(out, "config.yaml"), "utf8");
    await writeFile(join(out, "config.yaml"), config.replace("experiment: gevb-widths", "experiment: quickstart"));
    await expect(experiments.resume("gevb-widths", out)).rejects.toThrow(
      `${out} holds a run of "quickstart", not of gevb-widths; go on with it by sulcus run --resume`,
    );
  });
});

describe("settings", () => {
  test("widths come as a list or as a text", () => {
    expect(GevbWidthsConfig.parse({ widths: "32, 64,128" }).widths).toEqual([32, 64, 128]);
    expect(GevbWidthsConfig.parse({ widths: 32 }).widths).toEqual([32]);
    expect(GevbWidthsConfig.safeParse({ widths: "32,wide" }).success).toBe(false);
    expect(GevbWidthsConfig.safeParse({ widths: "32,32" }).success).toBe(false);
  });

  test("that cannot be built are refused before anything is written", async () => {
    const out = join(await scratchFolder(), "run");
    await expect(experiments.run("gevb-widths", { ...settings, widths: [8, 9] }, { out })).rejects.toThrow(
      'gevb-widths, widths: got 9 with initial "on-off", which needs pairs of units; use 10, or initial "he"',
    );
    await expect(experiments.run("gevb-widths", { ...settings, depth: 0 }, { out })).rejects.toThrow(
      "gevb-widths: depth: got 0, expected a whole number from 1 to 100",
    );
    expect(existsSync(out)).toBe(false);
  });
});

test.each(["gevb", "fa", "three-factor"])(
  "a network that only aligns by %s keeps what a plain learner keeps",
  (kind) => {
    const image = { height: 4, width: 5, channels: 1 };
    const units = kind === "gevb" ? "vector" : "conventional";
    const network = buildNetwork(gevbCircuit({ image, units, hidden: [6, 6], classes: 4, sign: "excitatory" }));
    const rule = buildRule({ kind });
    const { residents, plans } = alignmentProgram({ network, rule, batch: 2 });
    expect(Object.keys(plans)).toEqual(["align"]);
    // Plain gradient descent remembers nothing: parameters and what the rule keeps are all there is.
    const optimiser = buildOptimiser({ kind: "sgd", rate: 1 });
    expect(residents).toEqual(learningProgram({ network, rule, optimiser, batch: 2 }).residents);
    for (const name of startValues(network, rule, 1).keys()) expect(residents).toHaveProperty([name]);
  },
);
