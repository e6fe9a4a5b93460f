import { DeviceError } from "../../kinds/errors.ts";
import type { Availability } from "../accelerators/accelerator.ts";

interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
}

interface AdapterSource {
  requestAdapter(): Promise<{ readonly info?: AdapterInfo } | null>;
}

/** The package webgpu, which brings Dawn to Node. */
interface WebGpuPackage {
  create(flags: string[]): AdapterSource;
  readonly globals: object;
}

const host = globalThis as { navigator?: { gpu?: AdapterSource } };
const noAdapter =
  "no adapter answers; a graphics driver with Vulkan, Metal or Direct3D 12 is needed (a software driver will do)";

const answerMark = "sulcus adapter: ";

let probed: Promise<Availability> | undefined;

/** Whether a WebGPU adapter answers: the browser's, or in Node one that the optional package webgpu finds. */
export function probeWebGpu(): Promise<Availability> {
  probed ??= host.navigator?.gpu ? probeHere(host.navigator.gpu) : probeInChild();
  return probed;
}

/**
 * Makes the adapter source of the package webgpu `navigator.gpu`, where GPU.js looks for it.
 *
 * @throws DeviceError when the package cannot be loaded
 */
export async function installWebGpu(): Promise<void> {
  if (host.navigator?.gpu) return;
  try {
    const { create, globals } = (await import("webgpu")) as unknown as WebGpuPackage;
    Object.assign(globalThis, globals);
    // Node 20 has no navigator; later versions have one with other things in it.
    if (!host.navigator) Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
    Object.defineProperty(host.navigator, "gpu", { value: create([]), configurable: true });
  } catch (error) {
    throw new DeviceError(`device "webgpu" is not available: the package webgpu cannot be loaded (${String(error)})`);
  }
}

async function probeHere(source: AdapterSource): Promise<Availability> {
  const adapter = await source.requestAdapter().catch(() => null);
  return adapter ? { available: true, detail: describeAdapter(adapter.info) } : { available: false, detail: noAdapter };
}

/**
 * Asks in a process of its own: graphics drivers write to the terminal as they start and some bring the process down,
 * neither of which a run that only wants to know what there is should suffer.
 */
async function probeInChild(): Promise<Availability> {
  const [{ execFile }, { createRequire }, { pathToFileURL }] = await Promise.all([
    import("node:child_process"),
    import("node:module"),
    import("node:url"),
  ]);
  let entry: string;
  try {
    entry = pathToFileURL(createRequire(import.meta.url).resolve("webgpu")).href;
  } catch {
    return { available: false, detail: "the optional package webgpu is not installed" };
  }
  const question = `
    const { create } = await import(${JSON.stringify(entry)});
    const adapter = await create([]).requestAdapter();
    const { vendor, architecture, device, description } = adapter?.info ?? {};
    if (adapter) console.log("\\n${answerMark}" + JSON.stringify({ vendor, architecture, device, description }));
    process.exit(0);`;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--input-type=module", "-e", question],
      { timeout: 20_000 },
      (error, stdout, stderr) => {
        if (error) {
          const reason = /Error: (.*)/.exec(stderr)?.[1] ?? error.message.split("\n")[0]!;
          resolve({ available: false, detail: `the package webgpu does not start here: ${reason}` });
          return;
        }
        const info = answerIn(stdout);
        resolve(info ? { available: true, detail: describeAdapter(info) } : { available: false, detail: noAdapter });
      },
    );
  });
}

/** The adapter that the child named on a line of its own, between whatever its drivers print. */
function answerIn(stdout: string): AdapterInfo | undefined {
  const line = stdout.split("\n").find((candidate) => candidate.startsWith(answerMark));
  return line ? (JSON.parse(line.slice(answerMark.length)) as AdapterInfo) : undefined;
}

function describeAdapter({ vendor, architecture, device, description }: AdapterInfo = {}): string {
  const words = [description, device, architecture, vendor].filter((word) => word);
  return words.join(", ") || "an adapter that does not tell its name";
}
