import { DeviceError } from "../../kinds/errors.ts";
import { platform } from "../../platform/node.ts";
import type { AdapterInfo } from "../../platform/platform.ts";
import type { Availability } from "../accelerators/accelerator.ts";

let probed: Promise<Availability> | undefined;

/** Whether a WebGPU adapter answers: the browser's, or in Node one that the optional package webgpu finds. */
export function probeWebGpu(): Promise<Availability> {
  probed ??= platform
    .findAdapter()
    .then((found) =>
      "info" in found
        ? { available: true, detail: describeAdapter(found.info) }
        : { available: false, detail: found.reason },
    );
  return probed;
}

/**
 * Makes WebGPU available where GPU.js looks for it.
 *
 * @throws DeviceError when the package that brings it to Node cannot be loaded
 */
export async function installWebGpu(): Promise<void> {
  try {
    await platform.installWebGpu();
  } catch (error) {
    throw new DeviceError(`device "webgpu" is not available: the package webgpu cannot be loaded (${String(error)})`);
  }
}

function describeAdapter({ vendor, architecture, device, description }: AdapterInfo): string {
  const words = [description, device, architecture, vendor].filter((word) => word);
  return words.join(", ") || "an adapter that does not tell its name";
}
