import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/kinds/errors.ts";
import { builtIn } from "../../../src/library.ts";
import { type Combination, checkCombination } from "../../../src/papers/gevb/combinations.ts";

const sensible: Combination = {
  dataset: "mnist",
  arch: "dense",
  units: "vector",
  gates: "channel",
  rule: "gevb",
  optimiser: "adam",
};

describe("combinations that make no sense are refused with the reason and what to do", () => {
  test.each<[Partial<Combination>, string]>([
    [
      { units: "conventional" },
      'gevb: rule "gevb" cannot train units "conventional": the error vector needs a readout of one vector unit, "report" has 2 of dimension 1; use units vector, or rule bp, fa, dfa, node-perturbation, three-factor',
    ],
    [{ gates: "unit" }, 'gevb: gates "unit" with arch "dense", whose units have no channels; leave gates out'],
    [
      { gates: "unit", arch: "conv", units: "conventional", rule: "bp" },
      'gevb: gates "unit" with units "conventional", which are not gated; leave gates out',
    ],
    [
      { decay: 0.1 },
      'gevb: decay 0.1 with optimiser "adam", which has no weight decay; use optimiser adamw, or leave decay out',
    ],
    [{ rule: "gebv" }, 'gevb: learning rule "gebv" is not known (did you mean "gevb"?)'],
  ])("%j", (change, words) => {
    const check = () => checkCombination({ ...sensible, ...change }, builtIn);
    expect(check).toThrow(UsageError);
    expect(check).toThrow(words);
  });

  test("back-propagation takes everything, and what is refused is refused by name", () => {
    const combination = fc.record({
      dataset: fc.constantFrom("mnist" as const, "cifar10" as const),
      data: fc.constant("folder"),
      arch: fc.constantFrom("dense" as const, "conv" as const, "local" as const),
      units: fc.constantFrom("vector" as const, "conventional" as const),
      gates: fc.constant("channel" as const),
      rule: fc.constantFrom("gevb", "bp", "fa", "dfa", "node-perturbation", "three-factor"),
      optimiser: fc.constant("adamw"),
      decay: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(combination, (each) => {
        expect(() => checkCombination({ ...each, rule: "bp" }, builtIn)).not.toThrow();
        try {
          checkCombination(each, builtIn);
        } catch (error) {
          expect((error as Error).message).toContain(`rule "${each.rule}" `);
        }
      }),
    );
  });
});
