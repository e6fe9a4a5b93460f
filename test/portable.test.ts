import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

const entry = fileURLToPath(new URL("../src/index.ts", import.meta.url));
let folder: string;
let inputs: readonly string[];
let external: readonly string[];
let bundled: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sulcus-portable-"));
  // The bundle holds everything that an import leads to, also where it is loaded on demand. A module of Node fails the build.
  const { metafile } = await build({
    entryPoints: [entry],
    outdir: folder,
    splitting: true,
    platform: "browser",
    bundle: true,
    format: "esm",
    metafile: true,
    // GPU.js asks for these where it runs in Node.
    external: ["gl", "webgpu"],
    logLevel: "silent",
  });
  inputs = Object.keys(metafile.inputs);
  bundled = Object.values(metafile.outputs).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([input, { bytesInOutput }]) => (bytesInOutput > 0 ? [input] : [])),
  );
  external = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map((imported) => imported.path));
});
afterAll(() => rm(folder, { recursive: true }));

test("the public API of browsers bundles without a module of Node", () => {
  expect(external.filter((name) => name.startsWith("node:"))).toEqual([]);
  expect(inputs).toContain("src/platform/browser.ts");
  expect(inputs).not.toContain("src/platform/node.ts");
});

test("the public API of browsers holds no room that keeps files or starts processes", () => {
  expect(inputs.filter((input) => /^src\/(runs|cli)\//.test(input))).toEqual([]);
});

test("of mathjs, it holds what the exponential of a matrix needs alone", () => {
  const ofMathjs = bundled.filter((input) => input.includes("node_modules/mathjs/"));
  expect(ofMathjs.some((input) => input.endsWith("/expm.js"))).toBe(true);
  expect(ofMathjs.filter((input) => /\/(statistics|probability|unit)\//.test(input))).toEqual([]);
});
