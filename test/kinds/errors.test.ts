import fc from "fast-check";
import { expect, test } from "vitest";
import { didYouMean, lookUp, UsageError } from "../../src/kinds/errors.ts";

const names = ["onnxruntime", "tfjs", "gpujs"];

test("an abbreviation or a slip of the pen is understood, anything else gets no guess", () => {
  expect(didYouMean("onnx", names)).toBe(' (did you mean "onnxruntime"?)');
  expect(didYouMean("tfsj", names)).toBe(' (did you mean "tfjs"?)');
  expect(didYouMean("quantum-computer", names)).toBe("");
  expect(didYouMean("onnx", [])).toBe("");
});

test("a name with one letter left out or doubled leads back to itself", () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.nat(), fc.boolean(), (name, where, twice) => {
      const at = where % name.length;
      const slip = name.slice(0, at) + (twice ? name[at]!.repeat(2) : "") + name.slice(at + 1);
      expect(didYouMean(slip, names)).toBe(` (did you mean "${name}"?)`);
    }),
  );
});

test("a short name is no guess where not one letter is the same, and is where letters are swapped or capital", () => {
  expect(didYouMean("9", ["v", "r"])).toBe("");
  expect(didYouMean("xx", ["bp", "fa"])).toBe("");
  expect(didYouMean("pb", ["bp", "fa"])).toBe(' (did you mean "bp"?)');
  expect(didYouMean("BP", ["bp", "fa"])).toBe(' (did you mean "bp"?)');
});

test("a registry is looked up by its own names alone", () => {
  const registry = { gevb: 1, bp: 2 };
  expect(lookUp("rule", "bp", registry)).toBe(2);
  expect(() => lookUp("rule", "gevv", registry)).toThrow(
    new UsageError('rule "gevv" is not known (did you mean "gevb"?); known: gevb, bp'),
  );
  expect(() => lookUp("rule", "constructor", registry)).toThrow('rule "constructor" is not known; known: gevb, bp');
});
