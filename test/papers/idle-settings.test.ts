import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { buildNetwork } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { digitAttention, sceneAttention } from "../../src/circuits/ready-made/attention/named-circuits.ts";
import { DescriptionError, UsageError } from "../../src/kinds/errors.ts";
import { attentionCircuitOf } from "../../src/papers/attention/attention.ts";
import { AttentionConfig } from "../../src/papers/attention/settings.ts";
import { experiments } from "../built-in-experiments.ts";
import { fewDigits, scratchFolder } from "../small-runs.ts";

describe("a setting that would do nothing beside the others is refused before any work:", () => {
  const cases: readonly [experiment: Parameters<typeof experiments.run>[0], settings: object, message: string][] = [
    [
      "modules",
      {
        source: "mnist",
        density: "3c",
        wiring: [
          ["1.0", 0.1],
          [0.1, "1.0"],
        ],
      },
      "modules: got 3 connections beside a wiring, which says how all modules are connected; leave one of them out",
    ],
    [
      "modules",
      { source: "mnist", inhibitoryFraction: 0.5, signWithin: "excitatory" },
      'modules, inhibitoryFraction: got 0.5, and no sign is "dale", which alone knows inhibitory units; set signWithin or signBetween to dale, or leave it out',
    ],
    [
      "modules",
      { source: "mnist", optimiser: "adam", decay: 0.1 },
      'optimiser "adam": unknown setting "decay"; known: rate, beta1, beta2, epsilon',
    ],
    [
      "modules",
      { source: "symbols", data: "digits" },
      `task "double-digits": data: "${resolve("digits")}" names a folder and the source "symbols" reads no files; leave one of them out`,
    ],
    [
      "gevb-tables",
      { dataset: "mnist", data: { cifar10: "photographs" } },
      `gevb-tables, data.cifar10: got "${resolve("photographs")}", and no cell of the table is of CIFAR-10; leave it out, or add that dataset`,
    ],
    [
      "attention",
      { scenes: "generated", data: "digits" },
      `attention, data: got "${resolve("digits")}", and scenes "generated" read no files of digits; leave one of them out`,
    ],
    [
      "attention",
      { scenes: "generated", equalDigits: false },
      'attention, equalDigits: got false, and scenes "generated" have no digits; leave one of them out',
    ],
    [
      "attention",
      { scenes: "coco:photographs", noise: 0.1 },
      "attention, noise: got 0.1, and photographs have no background of noise; leave one of them out",
    ],
    [
      "attention",
      { size: 64 },
      'attention, size: got 64, and scenes "digits" are as large as their digits; leave one of them out',
    ],
  ];
  test.for(cases)("%s %j", async ([experiment, settings, message]) => {
    const out = join(await scratchFolder(), "run");
    const digits = "source" in settings && settings.source === "mnist" ? { data: fewDigits } : {};
    const refusal = experiments.run(experiment, { ...digits, ...settings }, { out });
    await expect(refusal).rejects.toThrow(message);
    await expect(refusal).rejects.toBeInstanceOf(UsageError);
    expect(existsSync(out)).toBe(false);
  });

  test("gates of units without gating vectors", () => {
    const ungated = circuit("odd", (c) => {
      const pixels = c.input("pixels", { units: 4 });
      const hidden = c.population("hidden", { units: 3, gain: "relu", gates: "unit" });
      c.project(pixels, hidden);
      c.project(hidden, c.population("report", { units: 2 }));
    });
    expect(() => buildNetwork(ungated)).toThrow(
      new DescriptionError(
        'circuit "odd", population "hidden": gates is "unit", and gain function "relu" has no gating vectors; leave gates out, or use gain "gated"',
      ),
    );
  });
});

test("channels of attention circuits change nothing else of their stages", () => {
  const image = { height: 100, width: 100, channels: 3 };
  const made = (settings: object, classes: number, of = image) =>
    attentionCircuitOf({ ...AttentionConfig.parse(settings), rule: "bp", seed: 1 }, of, classes);
  expect(made({ scenes: "generated", channels: [30, 60, 100, 20] }, 12)).toEqual(sceneAttention());
  const grey = { height: 28, width: 42, channels: 1 };
  expect(made({ channels: [20, 50] }, 10, grey)).toEqual(digitAttention(2));
});
