import fc from "fast-check";
import { describe, test } from "vitest";
import { pipelineExecutor } from "../../src/compute/executors/pipeline.ts";
import { withSpecialValue } from "../arbitraries/kernels-values.ts";
import { expectClose, magnitudeOf } from "./closeness.ts";
import { catalogue, cataloguedKernel } from "./kernel-catalogue.ts";
import { runKernel, runKernelInPlace } from "./run-kernel.ts";
import { webGpuOrSkip } from "./software-vulkan.ts";
import { specialInputs } from "./special-inputs.ts";

const webasm = pipelineExecutor("webasm");

describe("in WebAssembly a kernel", () => {
  const runs = { numRuns: 8 };

  test.for(catalogue)("$name equals its oracle", async ({ kernel, oracle, cases }) => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const results = await runKernel(webasm, kernel, drawn);
        expectClose(results, oracle(drawn.inputs, drawn.attributes), magnitudeOf(oracle, drawn));
      }),
      runs,
    );
  });

  test.for(catalogue.filter(({ declaration }) => declaration.inPlace))(
    "$name assigned to its own arguments equals its oracle",
    async ({ kernel, oracle, cases }) => {
      await fc.assert(
        fc.asyncProperty(cases, async (drawn) => {
          const results = await runKernelInPlace(webasm, kernel, drawn);
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
        const results = await runKernel(webasm, kernel, drawn);
        expectClose(results, oracle(drawn.inputs, drawn.attributes), magnitudeOf(oracle, drawn));
      }),
      runs,
    );
  });
});

describe("on WebGPU a kernel", () => {
  test.for(catalogue)("$name equals its oracle", async ({ kernel, oracle, cases }, context) => {
    const webgpu = await webGpuOrSkip(context);
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const results = await runKernel(webgpu, kernel, drawn);
        expectClose(results, oracle(drawn.inputs, drawn.attributes), magnitudeOf(oracle, drawn));
      }),
      { numRuns: 2 },
    );
  });
});
