import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

const entry = fileURLToPath(new URL("../../src/compute/devices/gpujs.ts", import.meta.url));

test.for(["browser", "node"] as const)(
  "GPU.js opens from a bundle for a %s that is split into chunks",
  async (platform) => {
    const folder = await mkdtemp(path.join(tmpdir(), "sulcus-bundle-"));
    try {
      await build({
        entryPoints: [entry],
        outdir: folder,
        platform,
        bundle: true,
        splitting: true,
        format: "esm",
        outExtension: { ".js": ".mjs" },
        // Native packages that GPU.js asks for only where it uses them.
        external: ["gl", "webgpu"],
      });
      const { openGpu } = (await import(
        pathToFileURL(path.join(folder, "gpujs.mjs")).href
      )) as typeof import("../../src/compute/devices/gpujs.ts");
      const gpu = await openGpu("cpu");
      const places = gpu.createKernel(
        function (this: { thread: { x: number } }) {
          return this.thread.x;
        },
        { output: [3], constants: {}, loopMaxIterations: 1 },
      );
      expect([...(places() as Float32Array)]).toEqual([0, 1, 2]);
      await gpu.destroy();
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
