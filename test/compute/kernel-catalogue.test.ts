import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { openDevice } from "../../src/built-in.ts";
import { times } from "../../src/compute/expression.ts";
import { declaredKernels } from "../../src/compute/kernel.ts";
import { defineElementwise } from "../../src/compute/kernels/elementwise.ts";
import { relu } from "../../src/compute/kernels/gain.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { catalogue } from "./kernel-catalogue.ts";

test("every kernel of src/compute/kernels is in the catalogue, with an oracle and cases", async () => {
  const folder = new URL("../../src/compute/kernels/", import.meta.url);
  for (const file of readdirSync(folder)) await import(new URL(file, folder).href);
  // Tests declare kernels of their own.
  const declared = [...declaredKernels().keys()].filter((name) => !name.startsWith("test-"));
  expect(catalogue.map(({ name }) => name).sort()).toEqual(declared.sort());
  for (const { name, oracle, cases } of catalogue)
    expect([name, typeof oracle, typeof cases]).toEqual([name, "function", "object"]);
});

test.each(["cpu", "webasm"])("kernels of one name compute each its own on %s", async (device) => {
  const [negative, twice] = [-1, 2].map((factor) =>
    defineElementwise({ name: "relu", inputs: ["values"], result: ({ values }) => times(values, factor) }),
  );
  expect(relu.declaration.name).toBe("relu");
  const plan = tracePlan("plan", {}, (trace) => {
    const values = trace.input("values", [1, 3]);
    for (const [name, kernel] of Object.entries({ relu, negative, twice }))
      trace.output(name, kernel!({ values }).result);
  });
  const session = await (await openDevice({ device })).load({ residents: {}, plans: { plan } });
  const [results] = await session.run("plan", [{ values: Float32Array.of(-1, 0, 3) }]);
  expect(results!.relu).toEqual(Float32Array.of(0, 0, 3));
  expect(results!.negative).toEqual(Float32Array.of(1, -0, -3));
  expect(results!.twice).toEqual(Float32Array.of(-2, 0, 6));
  await session.dispose();
});

test("bodies name the inputs that they read, and in-place outputs an input", () => {
  for (const { declaration } of catalogue) {
    for (const [output, { reads, body }] of Object.entries(declaration.outputs)) {
      expect(declaration.inputs).toEqual(expect.arrayContaining([...reads]));
      expect([declaration.name, output, body.length]).toEqual([declaration.name, output, reads.length]);
    }
    for (const [output, input] of Object.entries(declaration.inPlace ?? {})) {
      expect(Object.keys(declaration.outputs)).toContain(output);
      expect(declaration.inputs).toContain(input);
    }
  }
});
