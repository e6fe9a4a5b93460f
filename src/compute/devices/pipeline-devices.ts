import { firstLine, UsageError } from "../../kinds/errors.ts";
import type { Availability } from "../accelerators/accelerator.ts";
import { type DeviceContext, defineDevice } from "./device.ts";
import { openGpu } from "./gpujs.ts";
import { pipelineExecutor } from "./pipeline.ts";
import { installWebGpu, probeWebGpu } from "./webgpu.ts";

/** GPU.js pipelines in WebAssembly. */
export const webasm = defineDevice({
  kind: "webasm",
  summary: "GPU.js pipelines in WebAssembly",
  probe: () => probePipeline("webasm"),
  async build(_, context) {
    requireNoProvider("webasm", context);
    return pipelineExecutor("webasm");
  },
});

/** GPU.js pipelines on a graphics card, by WebGPU. */
export const webgpu = defineDevice({
  kind: "webgpu",
  summary: "GPU.js pipelines on WebGPU",
  probe: probeWebGpu,
  preferred: (detail) => !isSoftware(detail),
  async build(_, context) {
    requireNoProvider("webgpu", context);
    await installWebGpu();
    return pipelineExecutor("webgpu");
  },
});

/** GPU.js pipelines on a graphics card, by WebGL. */
export const webgl = defineDevice({
  kind: "webgl",
  summary: "GPU.js pipelines on WebGL",
  probe: () => probePipeline("webgl"),
  async build(_, context) {
    requireNoProvider("webgl", context);
    return pipelineExecutor("webgl");
  },
});

/** @throws UsageError for a provider other than GPU.js itself */
function requireNoProvider(device: string, { provider }: DeviceContext): void {
  if (provider !== "auto" && provider !== "gpujs")
    throw new UsageError(
      `contraction provider "${provider}" works on device "cpu" only, the device is "${device}"; leave the provider out`,
    );
}

/** Whether an adapter computes on the cpu after all; the accelerated cpu device is faster then. */
function isSoftware(description: string): boolean {
  return /swiftshader|llvmpipe|lavapipe|software/i.test(description);
}

/** Opens the mode and runs a kernel in it. */
async function probePipeline(mode: "webasm" | "webgl"): Promise<Availability> {
  try {
    const gpu = await openGpu(mode);
    try {
      const twice = gpu.createKernel(
        function (this: { thread: { x: number } }, values: number[]) {
          return 2 * values[this.thread.x]!;
        },
        { output: [4], constants: {}, loopMaxIterations: 1000 },
      );
      const [, second] = twice(Float32Array.of(1, 2, 3, 4)) as Float32Array;
      return second === 4
        ? { available: true, detail: `GPU.js mode "${mode}"` }
        : { available: false, detail: `GPU.js mode "${mode}" computes 2 x 2 = ${second}` };
    } finally {
      await gpu.destroy();
    }
  } catch (error) {
    const advice = mode === "webgl" ? " (in Node it needs the package gl and an OpenGL driver)" : "";
    return { available: false, detail: `${firstLine(error)}${advice}` };
  }
}
