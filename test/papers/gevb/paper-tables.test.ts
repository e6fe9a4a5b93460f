import { expect, test } from "vitest";
import { gevbArchitectures, gevbSigns, gevbUnits } from "../../../src/circuits/ready-made/gevb-choices.ts";
import { choicesOf, gevbDatasets } from "../../../src/papers/gevb/choices.ts";
import { localRule, paperErrors } from "../../../src/papers/gevb/paper-tables.ts";

test("every cell of the tables has errors, and no other rule has any", () => {
  for (const dataset of choicesOf(gevbDatasets))
    for (const arch of choicesOf(gevbArchitectures))
      for (const units of choicesOf(gevbUnits))
        for (const sign of choicesOf(gevbSigns)) {
          for (const rule of ["bp", localRule(units)]) {
            const { testError, trainError } = paperErrors({ dataset, arch, units, sign, rule })!;
            expect(testError).toBeGreaterThan(dataset === "mnist" ? 0.005 : 0.28);
            expect(testError).toBeLessThan(dataset === "mnist" ? 0.025 : 0.55);
            expect(trainError).toBeLessThan(testError);
          }
          for (const rule of ["fa", units === "vector" ? "dfa" : "gevb"])
            expect(paperErrors({ dataset, arch, units, sign, rule })).toBeUndefined();
        }
});

test.each([
  ["mnist", "dense", "vector", "excitatory", "gevb", 0.0187, 0.0006],
  ["mnist", "dense", "vector", "mixed", "gevb", 0.0232, 0.0033],
  ["mnist", "conv", "conventional", "mixed", "bp", 0.0065, 0],
  ["cifar10", "conv", "vector", "excitatory", "bp", 0.3085, 0.1629],
  ["cifar10", "local", "conventional", "excitatory", "dfa", 0.4118, 0.1062],
] as const)("%s, %s, %s, %s, %s", (dataset, arch, units, sign, rule, testError, trainError) => {
  expect(paperErrors({ dataset, arch, units, sign, rule })).toEqual({ testError, trainError });
});
