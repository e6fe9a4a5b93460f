import { DeviceError } from "../../../kinds/errors.ts";
import { type SimdExports, simdModule } from "./module.generated.ts";

/** What the module offers: see assembly/. Pointers are byte offsets of the memory. */
export type { SimdExports } from "./module.generated.ts";

/**
 * The SIMD module on a memory.
 *
 * @throws DeviceError when it does not start
 */
export async function openSimd(memory: WebAssembly.Memory): Promise<SimdExports> {
  try {
    const { exports } = await WebAssembly.instantiate(await compiledModule(), { env: { memory } });
    return exports as unknown as SimdExports;
  } catch (error) {
    throw new DeviceError(`accelerator "simd" does not start (${String(error)}); switch accelerators off`);
  }
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** The module, decoded and compiled once for all sessions. */
export function compiledModule(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compile(decoded(simdModule));
  return compiled;
}

/** Bytes of a base64 text, in browsers as in Node. */
function decoded(base64: string): Uint8Array<ArrayBuffer> {
  const characters = atob(base64);
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = characters.charCodeAt(index);
  return bytes;
}
