import { inflateSync } from "fflate";
import { crc32 } from "./crc32.ts";
import { askForAdapter, host, type Platform } from "./platform.ts";

const notHere = (what: string) => new Error(`${what} is for Node, and this is a browser`);

export const platform: Platform = {
  processors: () => host.navigator?.hardwareConcurrency ?? 1,
  environment: () => undefined,
  loadPackage: (name) => Promise.reject(notHere(`the package ${name}`)),
  packageFolder(name) {
    throw notHere(`the folder of the package ${name}`);
  },
  async readFile(path) {
    const answer = await fetch(path);
    if (!answer.ok)
      throw Object.assign(
        new Error(`${path} answers ${answer.status}`),
        answer.status === 404 ? { code: "ENOENT" } : {},
      );
    return new Uint8Array(await answer.arrayBuffer());
  },
  listFolder: (path) => Promise.reject(notHere(`the list of the folder ${path}`)),
  async sizeOfFile(path) {
    const answer = await fetch(path, { method: "HEAD" }).catch(() => undefined);
    return answer?.ok ? Number(answer.headers.get("content-length") ?? 0) : undefined;
  },
  crc32,
  inflate(packed, size) {
    const bytes = inflateSync(packed);
    if (bytes.length > size) throw new Error(`${bytes.length} bytes came out`);
    return bytes;
  },
  findAdapter: async () =>
    host.navigator?.gpu ? askForAdapter(host.navigator.gpu) : { reason: "this browser does not offer WebGPU" },
  async installWebGpu() {
    if (!host.navigator?.gpu) throw new Error("this browser does not offer WebGPU");
  },
  // V8, the engine of Chromium, takes no longer one; others take more.
  longestText: 2 ** 29 - 24,
};
