import { type KernelDeclaration, launchSizes } from "../kernel-declaration.ts";
import type { Shape } from "../shape.ts";
import { type Gpu, type GpuMode, type LaunchKernel, openGpu } from "./gpujs.ts";

/** Declared kernels compiled by GPU.js, for one session. */
export interface KernelCompiler extends Pick<Gpu, "createPipeline"> {
  /**
   * One output of a kernel for one shape. Equal ones are compiled once, however many steps of however many plans use them.
   *
   * @throws UsageError for a body that GPU.js cannot compile
   */
  compile(
    kernel: KernelDeclaration,
    output: string,
    shape: Shape,
    constants: Readonly<Record<string, number>>,
  ): LaunchKernel;
  /** Lets go of everything that was compiled. */
  destroy(): Promise<void>;
}

/** Opens GPU.js in a mode. Its compiler, and the parser that looks at bodies first, are loaded here and not before. */
export async function openCompiler(mode: GpuMode): Promise<KernelCompiler> {
  const [gpu, { checkBody }] = await Promise.all([openGpu(mode), import("./kernel-body.ts")]);
  const launches = new Map<string, LaunchKernel>();
  return {
    compile(kernel, output, shape, constants) {
      const key = JSON.stringify([kernel.name, output, shape, constants]);
      const known = launches.get(key);
      if (known) return known;
      const sizes = launchSizes(kernel, shape);
      const launchConstants = kernel.launch === "flat" ? { ...constants, columns: sizes[0]! } : { ...constants };
      checkBody(kernel, output, launchConstants);
      const launch = gpu.createKernel(kernel.outputs[output]!.body, {
        output: [...sizes],
        constants: launchConstants,
        loopMaxIterations: 1e9,
      });
      launches.set(key, launch);
      return launch;
    },
    createPipeline: (orchestrate) => gpu.createPipeline(orchestrate),
    async destroy() {
      for (const launch of launches.values()) launch.destroy();
      await gpu.destroy();
    },
  };
}
