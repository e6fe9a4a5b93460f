import type { TestContext } from "vitest";
import { openDevice } from "../../src/built-in.ts";
import type { Executor } from "../../src/compute/executor.ts";
import { builtIn } from "../../src/library.ts";

/** The WebGPU device; where no adapter answers, the test is skipped and says why. */
export async function webGpuOrSkip(context: Pick<TestContext, "skip">): Promise<Executor> {
  const { available, detail } = await builtIn.get("device", "webgpu").probe();
  if (!available) {
    const reason = `WebGPU is not tested: ${detail}`;
    console.warn(reason);
    context.skip(reason);
  }
  return openDevice({ device: "webgpu" });
}
