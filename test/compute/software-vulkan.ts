import type { TestContext } from "vitest";
import { devices, openDevice } from "../../src/compute/devices/choice.ts";
import type { Executor } from "../../src/compute/executor.ts";

/** The WebGPU device; where no adapter answers, the test is skipped and says why. */
export async function webGpuOrSkip(context: Pick<TestContext, "skip">): Promise<Executor> {
  const { available, detail } = await devices.webgpu!.probe();
  if (!available) {
    const reason = `WebGPU is not tested: ${detail}`;
    console.warn(reason);
    context.skip(reason);
  }
  return openDevice({ device: "webgpu" });
}
