import { constants } from "node:buffer";
import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import zlib from "node:zlib";
import {
  type AdapterInfo,
  type AdapterSource,
  askForAdapter,
  type FoundAdapter,
  host,
  noAdapter,
  type Platform,
} from "./platform.ts";

/** The package webgpu, which brings Dawn to Node. */
interface WebGpuPackage {
  create(flags: string[]): AdapterSource;
  readonly globals: object;
}

const { resolve } = createRequire(import.meta.url);

export const platform: Platform = {
  processors: availableParallelism,
  environment: (name) => process.env[name],
  loadPackage: (name) => import(name),
  packageFolder: (name) => dirname(resolve(`${name}/package.json`)),
  async readFile(path) {
    const bytes = await readFile(path);
    // A Buffer of its own memory, as a Uint8Array: small files share the memory of others in a Buffer.
    return bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
      ? new Uint8Array(bytes.buffer as ArrayBuffer)
      : Uint8Array.from(bytes);
  },
  listFolder: (path) => readdir(path),
  async sizeOfFile(path) {
    const found = await stat(path).catch(() => undefined);
    return found?.isFile() ? found.size : undefined;
  },
  crc32: zlib.crc32,
  inflate: (packed, size) => zlib.inflateRawSync(packed, { maxOutputLength: Math.max(1, size) }),
  findAdapter: () => (host.navigator?.gpu ? askForAdapter(host.navigator.gpu) : askInChild()),
  async installWebGpu() {
    if (host.navigator?.gpu) return;
    const { create, globals } = (await import("webgpu")) as unknown as WebGpuPackage;
    Object.assign(globalThis, globals);
    // Node 20 has no navigator; later versions have one with other things in it.
    if (!host.navigator) Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
    Object.defineProperty(host.navigator, "gpu", { value: create([]), configurable: true });
  },
  longestText: constants.MAX_STRING_LENGTH,
};

const answerMark = "sulcus adapter: ";

/**
 * Asks in a process of its own: graphics drivers write to the terminal as they start and some bring the process down,
 * neither of which a run that only wants to know what there is should suffer.
 */
function askInChild(): Promise<FoundAdapter> {
  let entry: string;
  try {
    entry = pathToFileURL(resolve("webgpu")).href;
  } catch {
    return Promise.resolve({ reason: "the optional package webgpu is not installed" });
  }
  const question = `
    const { create } = await import(${JSON.stringify(entry)});
    const adapter = await create([]).requestAdapter();
    const { vendor, architecture, device, description } = adapter?.info ?? {};
    if (adapter) console.log("\\n${answerMark}" + JSON.stringify({ vendor, architecture, device, description }));
    process.exit(0);`;
  return new Promise((answer) => {
    execFile(
      process.execPath,
      ["--input-type=module", "-e", question],
      { timeout: 20_000 },
      (error, stdout, stderr) => {
        if (error) {
          const reason = /Error: (.*)/.exec(stderr)?.[1] ?? error.message.split("\n")[0]!;
          answer({ reason: `the package webgpu does not start here: ${reason}` });
          return;
        }
        const info = answerIn(stdout);
        answer(info ? { info } : { reason: noAdapter });
      },
    );
  });
}

/** The adapter that the child named on a line of its own, between whatever its drivers print. */
function answerIn(stdout: string): AdapterInfo | undefined {
  const line = stdout.split("\n").find((candidate) => candidate.startsWith(answerMark));
  return line ? (JSON.parse(line.slice(answerMark.length)) as AdapterInfo) : undefined;
}
