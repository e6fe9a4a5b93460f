import { resolve } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { circuit } from "../../src/circuits/circuit.ts";
import { builtIn } from "../../src/library.ts";
import { AttentionConfig } from "../../src/papers/attention/settings.ts";
import { GevbConfig } from "../../src/papers/gevb/settings.ts";
import { parseRun } from "../../src/training/run-description.ts";
import { startingPoint } from "../../src/training/starting-point.ts";

const net = circuit("readout", (c) =>
  c.project(c.input("pixels", { units: 784 }), c.population("report", { units: 10 })),
);

test("weights are named by a path that holds in every working directory, or by the name of those that come with Sulcus", () => {
  expect(startingPoint.parse("shipped")).toBe("shipped");
  expect(startingPoint.parse("runs/a/checkpoint.npz")).toBe(resolve("runs/a/checkpoint.npz"));
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (path) => {
      const taken = startingPoint.parse(path);
      expect(startingPoint.parse(taken)).toBe(taken);
    }),
  );
});

test("folders of data are named by paths that hold in every working directory", () => {
  const run = { circuit: net, rule: { kind: "bp" }, optimiser: { kind: "sgd" as const, rate: 0.1 } };
  expect(parseRun({ ...run, task: { kind: "digits", data: "my/digits" } }, builtIn).task).toMatchObject({
    data: resolve("my/digits"),
  });
  expect(GevbConfig.parse({ data: "my/digits" }).data).toBe(resolve("my/digits"));
  expect(AttentionConfig.parse({ scenes: "coco:my/photographs" }).scenes).toBe(`coco:${resolve("my/photographs")}`);
  expect(AttentionConfig.parse({ scenes: "generated" }).scenes).toBe("generated");
});
