/** What an adapter of WebGPU says of itself. */
export interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
}

/** An adapter that answers, or the reason why none does. */
export type FoundAdapter = { readonly info: AdapterInfo } | { readonly reason: string };

/**
 * What differs between Node and a browser. A file of each implements it: `node.ts`, in whose place bundlers put `browser.ts`, as
 * the field "browser" of package.json tells them.
 */
export interface Platform {
  /** Processors that this program may compute on. */
  processors(): number;
  /** A variable of the environment; undefined where it is not set. */
  environment(name: string): string | undefined;
  /**
   * Loads a package by its name, which bundlers do not follow.
   *
   * @throws Error where it is not installed, or is not for this platform
   */
  loadPackage(name: string): Promise<unknown>;
  /**
   * The folder of an installed package.
   *
   * @throws Error where it is not installed, or there are no folders here
   */
  packageFolder(name: string): string;
  /**
   * The bytes of a file of the disk, or of an address relative to the page.
   *
   * @throws Error whose `code` is "ENOENT" where there is none
   */
  readFile(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Names of what lies in a folder; rejects as `readFile` does. */
  listFolder(path: string): Promise<readonly string[]>;
  /** Bytes of a file; undefined where there is no file, or something else, which may never end. */
  sizeOfFile(path: string): Promise<number | undefined>;
  /** CRC-32 of bytes; `before` is that of the bytes before them, 0 where there are none. */
  crc32(bytes: Uint8Array, before: number): number;
  /**
   * Unpacks what was packed by deflate, without header.
   *
   * @param size bytes that there may be at most
   * @throws Error where the bytes are damaged, or more come out
   */
  inflate(packed: Uint8Array, size: number): Uint8Array;
  /** Finds a WebGPU adapter. Where a driver may bring its process down, it is asked in another one. */
  findAdapter(): Promise<FoundAdapter>;
  /**
   * Makes WebGPU available as `navigator.gpu`, where GPU.js looks for it.
   *
   * @throws Error where that cannot be
   */
  installWebGpu(): Promise<void>;
  /** Code units of the longest text that there can be. */
  readonly longestText: number;
}

/** Why no adapter is found where WebGPU itself is there. */
export const noAdapter =
  "no adapter answers; a graphics driver with Vulkan, Metal or Direct3D 12 is needed (a software driver will do)";

/** `navigator.gpu`, as far as it is used here. */
export interface AdapterSource {
  requestAdapter(): Promise<{ readonly info?: AdapterInfo } | null>;
}

/** The place where browsers offer WebGPU. */
export const host = globalThis as { navigator?: { gpu?: AdapterSource; hardwareConcurrency?: number } };

/** Asks a source of adapters in this process. */
export async function askForAdapter(source: AdapterSource): Promise<FoundAdapter> {
  const adapter = await source.requestAdapter().catch(() => null);
  return adapter ? { info: adapter.info ?? {} } : { reason: noAdapter };
}
