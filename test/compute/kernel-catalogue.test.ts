import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { declaredKernels, defineKernel } from "../../src/compute/kernel.ts";
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

test("a kernel's name is declared once", () => {
  const { declaration } = catalogue[0]!;
  expect(() => defineKernel(declaration)).toThrow('kernel "matrix-product" is declared twice');
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
