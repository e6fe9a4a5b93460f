import { resolve } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { startingPoint } from "../../src/experiments/starting-point.ts";

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
