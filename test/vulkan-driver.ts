import { existsSync } from "node:fs";
import { tmpdir } from "node:os";

// WebGPU without a graphics card: the software Vulkan driver of Debian's chromium. The driver is chosen when a process
// asks for its first adapter, before which this has to be imported.
const driver = "/usr/lib/chromium/vk_swiftshader_icd.json";
if (process.env.VK_ICD_FILENAMES === undefined && existsSync(driver)) process.env.VK_ICD_FILENAMES = driver;
process.env.XDG_RUNTIME_DIR ??= tmpdir();
