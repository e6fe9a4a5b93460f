import { DeviceError, firstLine, lookUp, UsageError } from "../../kinds/errors.ts";
import type { AcceleratorKind, Availability } from "../accelerators/accelerator.ts";
import { contractions } from "../accelerators/contractions.ts";
import { onnxruntime } from "../accelerators/onnx/onnxruntime.ts";
import { fusingSimd } from "../accelerators/simd/simd.ts";
import { tfjs } from "../accelerators/tfjs.ts";
import type { Executor } from "../executor.ts";
import { cpuExecutor } from "./cpu.ts";
import { openGpu } from "./gpujs.ts";
import { pipelineExecutor } from "./pipeline.ts";
import { installWebGpu, probeWebGpu } from "./webgpu.ts";

/** Which device, contraction provider and accelerators to use. */
export interface DeviceChoice {
  /** "auto" (default), "cpu", "webasm", "webgpu" or "webgl". */
  readonly device?: string;
  /** Contractions on the cpu device: "auto" (default: the fastest one found), "onnxruntime", "tfjs" or "gpujs". */
  readonly provider?: string;
  /** Whether memory-bound kernels are accelerated on the cpu device; default true. */
  readonly accelerators?: boolean;
}

/** GPU.js itself: nothing stands in for its kernels. */
const gpujs: AcceleratorKind = {
  name: "gpujs",
  kernels: new Set(),
  probe: async () => ({ available: true, detail: "the GPU.js kernels themselves" }),
  open: async () => ({
    bind: () => {
      throw new Error("gpujs accelerates nothing");
    },
    dispose: async () => {},
  }),
};

/** Contraction providers, the fastest first. */
export const providers: Readonly<Record<string, AcceleratorKind>> = {
  onnxruntime: contractions(onnxruntime),
  tfjs: contractions(tfjs),
  gpujs,
};

/** The same with maps of gated units computed in one step, which goes with the other accelerators. */
const fusing: Readonly<Record<string, AcceleratorKind>> = {
  onnxruntime: contractions(onnxruntime, { fused: true }),
  tfjs: contractions(tfjs, { fused: true }),
  gpujs,
};

interface Device {
  readonly summary: string;
  probe(): Promise<Availability>;
}

export const devices: Readonly<Record<string, Device>> = {
  cpu: {
    summary: "GPU.js kernels with accelerators",
    probe: async () => ({ available: true, detail: "GPU.js kernels with accelerators" }),
  },
  webasm: { summary: "GPU.js pipelines in WebAssembly", probe: () => probePipeline("webasm") },
  webgpu: { summary: "GPU.js pipelines on WebGPU", probe: probeWebGpu },
  webgl: { summary: "GPU.js pipelines on WebGL", probe: () => probePipeline("webgl") },
};

/** Everything that computes here, or why it does not. */
export async function surveyDevices(): Promise<{
  devices: ({ name: string } & Availability)[];
  providers: ({ name: string } & Availability)[];
}> {
  const survey = (entries: Readonly<Record<string, { probe(): Promise<Availability> }>>) =>
    Promise.all(Object.entries(entries).map(async ([name, entry]) => ({ name, ...(await entry.probe()) })));
  return { devices: await survey(devices), providers: await survey(providers) };
}

/**
 * Opens a device by name, or the best one found: a WebGPU adapter that is not a software renderer, else cpu.
 *
 * @throws UsageError for an unknown name or a provider that does not go with the device, DeviceError with the reason for one that is not available
 */
export async function openDevice(choice: DeviceChoice = {}): Promise<Executor> {
  const { device = "auto", provider = "auto", accelerators = true } = choice;
  if (device !== "auto") lookUp("device", device, { auto: true, ...devices });
  if (provider !== "auto") lookUp("contraction provider", provider, { auto: true, ...providers });
  const name = device === "auto" ? await chooseDevice(provider) : device;
  const { available, detail } = await devices[name]!.probe();
  if (!available) throw new DeviceError(`device "${name}" is not available: ${detail}; try --device cpu`);
  if (name !== "cpu") {
    if (provider !== "auto" && provider !== "gpujs")
      throw new UsageError(
        `contraction provider "${provider}" works on device "cpu" only, the device is "${name}"; leave the provider out`,
      );
    if (name === "webgpu") await installWebGpu();
    return pipelineExecutor(name as "webasm" | "webgpu" | "webgl");
  }
  const chosen = provider === "auto" ? await chooseProvider() : provider;
  const kind = providers[chosen]!;
  const found = await kind.probe();
  if (!found.available)
    throw new DeviceError(`contraction provider "${chosen}" is not available: ${found.detail}; try --provider auto`);
  return cpuExecutor(chosen, accelerators ? [fusing[chosen]!, fusingSimd] : [kind]);
}

async function chooseDevice(provider: string): Promise<string> {
  if (provider !== "auto") return "cpu";
  const { available, detail } = await probeWebGpu();
  return available && !isSoftware(detail) ? "webgpu" : "cpu";
}

async function chooseProvider(): Promise<string> {
  for (const [name, kind] of Object.entries(providers)) if ((await kind.probe()).available) return name;
  return "gpujs";
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
