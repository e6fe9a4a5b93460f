import fc from "fast-check";
import { describe, test } from "vitest";
import { pipelineExecutor } from "../../src/compute/executors/pipeline.ts";
import { expectClose, magnitudeOf } from "./closeness.ts";
import { holdKernelsToOracles } from "./hold-kernels-to-oracles.ts";
import { catalogue } from "./kernel-catalogue.ts";
import { runKernel } from "./run-kernel.ts";
import { webGpuOrSkip } from "./software-vulkan.ts";

const webasm = pipelineExecutor("webasm");

describe("in WebAssembly a kernel", () => {
  holdKernelsToOracles(webasm, { numRuns: 8 });
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
