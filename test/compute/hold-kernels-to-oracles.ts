import fc from "fast-check";
import { test } from "vitest";
import type { Executor } from "../../src/compute/executor.ts";
import { type KernelCase, withSpecialValue } from "../arbitraries/kernels-values.ts";
import { expectClose, magnitudeOf } from "./closeness.ts";
import { keptCases } from "./kept-cases.ts";
import { type CataloguedKernel, catalogue, cataloguedKernel } from "./kernel-catalogue.ts";
import { type KernelResults, runKernels, runKernelsInPlace, several } from "./run-kernel.ts";
import { specialInputs } from "./special-inputs.ts";

/** Holds results to what an oracle says of each call. */
export function expectOracle(
  { oracle }: Pick<CataloguedKernel, "oracle">,
  calls: readonly KernelCase[],
  results: readonly KernelResults[],
): void {
  for (const [index, call] of calls.entries())
    expectClose(results[index]!, oracle(call.inputs, call.attributes), magnitudeOf(oracle, call));
}

/** Declares the tests that hold every kernel, on one executor, to its oracle; each run is of several calls. */
export function holdKernelsToOracles(executor: Executor, runs: { readonly numRuns: number }): void {
  test.for(catalogue)("$name equals its oracle", async (entry) => {
    await fc.assert(
      fc.asyncProperty(several(entry.cases), async (calls) => {
        expectOracle(entry, calls, await runKernels(executor, entry.kernel, calls));
      }),
      { ...runs, examples: (keptCases[entry.name] ?? []).map((kept) => [[kept]]) },
    );
  });

  test.for(catalogue.filter(({ declaration }) => declaration.inPlace))(
    "$name written over its own arguments equals its oracle",
    async (entry) => {
      await fc.assert(
        fc.asyncProperty(several(entry.cases), async (calls) => {
          expectOracle(entry, calls, await runKernelsInPlace(executor, entry.kernel, calls));
        }),
        runs,
      );
    },
  );

  test.for(Object.entries(specialInputs))("%s treats NaN and infinities as its oracle does", async ([name, into]) => {
    const entry = cataloguedKernel(name);
    await fc.assert(
      fc.asyncProperty(several(withSpecialValue(entry.cases, into)), async (calls) => {
        expectOracle(entry, calls, await runKernels(executor, entry.kernel, calls));
      }),
      runs,
    );
  });
}
