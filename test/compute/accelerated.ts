import type { AcceleratorKind } from "../../src/compute/accelerators/accelerator.ts";
import { cpuExecutor } from "../../src/compute/devices/cpu.ts";
import type { Executor } from "../../src/compute/executor.ts";

/** GPU.js alone on the cpu device: the definition of every kernel. */
export const definition: Executor = cpuExecutor("gpujs", []);

/** A cpu device with one accelerator that tells which kernels it was given: a test must not pass because none was. */
export function watched(kind: AcceleratorKind): { executor: Executor; bound: string[] } {
  const bound: string[] = [];
  const watching: AcceleratorKind = {
    ...kind,
    async open(memory, scratchOffset) {
      const accelerator = await kind.open(memory, scratchOffset);
      return {
        ...accelerator,
        bind(call) {
          bound.push(call.kernel.name);
          return accelerator.bind(call);
        },
      };
    },
  };
  return { executor: cpuExecutor(kind.name, [watching]), bound };
}
