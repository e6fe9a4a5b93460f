import fc from "fast-check";
import { describe, test } from "vitest";
import { pipelineExecutor } from "../../../src/compute/devices/pipeline.ts";
import { expectOracle, holdKernelsToOracles } from "../hold-kernels-to-oracles.ts";
import { keptCases } from "../kept-cases.ts";
import { catalogue } from "../kernel-catalogue.ts";
import { runKernels, several } from "../run-kernel.ts";
import { webGpuOrSkip } from "../software-vulkan.ts";

const webasm = pipelineExecutor("webasm");

describe("in WebAssembly a kernel", () => {
  holdKernelsToOracles(webasm, { numRuns: 1 });
});

describe("on WebGPU a kernel", () => {
  test.for(catalogue)("$name equals its oracle", async (entry, context) => {
    const webgpu = await webGpuOrSkip(context);
    await fc.assert(
      fc.asyncProperty(several(entry.cases), async (calls) => {
        expectOracle(entry, calls, await runKernels(webgpu, entry.kernel, calls));
      }),
      { numRuns: 1, examples: (keptCases[entry.name] ?? []).map((kept) => [[kept]]) },
    );
  });
});
