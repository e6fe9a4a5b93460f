import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import type { TestContext } from "vitest";
import { devices, openDevice } from "../../src/compute/devices.ts";
import type { Executor } from "../../src/compute/executor.ts";

// WebGPU without a graphics card: the software Vulkan driver of Debian's chromium. The driver is chosen when the first
// adapter is asked for, so import this file before anything probes; it does its work once for each test process.
const driver = "/usr/lib/chromium/vk_swiftshader_icd.json";
if (process.env.VK_ICD_FILENAMES === undefined && existsSync(driver)) process.env.VK_ICD_FILENAMES = driver;
process.env.XDG_RUNTIME_DIR ??= tmpdir();

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
