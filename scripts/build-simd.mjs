// Compiles the AssemblyScript kernels to WebAssembly and writes them as a TypeScript module with the types of what they export,
// so that Node, bundlers and browsers load them alike. Does nothing when the module is newer than its source.
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../src/compute/accelerators/simd/", import.meta.url));
const assembly = path.join(folder, "assembly");
const source = path.join(assembly, "index.ts");
const target = path.join(folder, "module.generated.ts");

const changed = async (file) => (await stat(file).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
const sources = (await readdir(assembly)).map((file) => path.join(assembly, file));
const newest = Math.max(...(await Promise.all([...sources, fileURLToPath(import.meta.url)].map(changed))));
if ((await changed(target)) < newest) {
  const { default: asc } = await import("assemblyscript/asc");
  const scratch = await mkdtemp(path.join(tmpdir(), "sulcus-simd-"));
  try {
    const binary = path.join(scratch, "module.wasm");
    const { error, stderr } = await asc.main([
      source,
      "--outFile",
      binary,
      "--optimizeLevel",
      "3",
      "--runtime",
      "stub",
      "--importMemory",
      "--enable",
      "simd",
      "--noAssert",
      "--bindings",
      "raw",
    ]);
    if (error) throw new Error(`${error.message}\n${stderr}`);
    const bytes = await readFile(binary);
    const declared = await readFile(path.join(scratch, "module.d.ts"), "utf8");
    // What the compiler calls a boolean is a number to whoever calls the module without its bindings.
    const functions = [...declared.matchAll(/^ {2}export function (.*;)$/gm)].map(([, signature]) =>
      signature.replaceAll("boolean", "number"),
    );
    await writeFile(
      target,
      `// Made by scripts/build-simd.mjs from assembly/index.ts; do not edit.
export interface SimdExports {
${functions.map((signature) => `  ${signature}\n`).join("")}}
export const simdModule =
  "${bytes.toString("base64")}";
`,
    );
    console.log(`simd kernels: ${bytes.length} bytes`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
