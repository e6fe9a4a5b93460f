import fc from "fast-check";
import { test } from "vitest";
import type { Executor } from "../../src/compute/executor.ts";
import { withSpecialValue } from "../arbitraries/kernels-values.ts";
import { expectClose, magnitudeOf } from "./closeness.ts";
import { keptCases } from "./kept-cases.ts";
import { catalogue, cataloguedKernel } from "./kernel-catalogue.ts";
import { runKernel, runKernelInPlace } from "./run-kernel.ts";
import { specialInputs } from "./special-inputs.ts";

/** Declares the tests that hold every kernel, on one executor, to its oracle. */
export function holdKernelsToOracles(executor: Executor, runs: { readonly numRuns: number }): void {
  test.for(catalogue)("$name equals its oracle", async ({ name, kernel, oracle, cases }) => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const results = await runKernel(executor, kernel, drawn);
        expectClose(results, oracle(drawn.inputs, drawn.attributes), magnitudeOf(oracle, drawn));
      }),
      { ...runs, examples: (keptCases[name] ?? []).map((kept) => [kept]) },
    );
  });

  test.for(catalogue.filter(({ declaration }) => declaration.inPlace))(
    "$name written over its own arguments equals its oracle",
    async ({ kernel, oracle, cases }) => {
      await fc.assert(
        fc.asyncProperty(cases, async (drawn) => {
          const results = await runKernelInPlace(executor, kernel, drawn);
          expectClose(results, oracle(drawn.inputs, drawn.attributes), magnitudeOf(oracle, drawn));
        }),
        runs,
      );
    },
  );

  test.for(Object.entries(specialInputs))("%s treats NaN and infinities as its oracle does", async ([name, into]) => {
    const { kernel, oracle, cases } = cataloguedKernel(name);
    await fc.assert(
      fc.asyncProperty(withSpecialValue(cases, into), async (drawn) => {
        const results = await runKernel(executor, kernel, drawn);
        expectClose(results, oracle(drawn.inputs, drawn.attributes), magnitudeOf(oracle, drawn));
      }),
      runs,
    );
  });
}
