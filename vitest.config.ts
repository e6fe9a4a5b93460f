import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Tests that kill processes, fill disks and start many commands: `npm run test:hard`. */
const hard = "test/hard/**/*.test.ts";
/**
 * Tests that need a process of their own: of the memory that it takes, which nothing else may have used, and of WebGPU,
 * whose adapter keeps a process busy until its end.
 */
const alone = [
  "test/compute/memory*.test.ts",
  "test/compute/{determinism,residents,small-numbers}.test.ts",
  "test/compute/devices/{choice,compiled-once,pipeline-kernels}.test.ts",
  "test/plasticity/{agreement,devices}.test.ts",
];

/** What plug-ins of tests import is the source that is tested. */
const sulcus = fileURLToPath(new URL("./src/node.ts", import.meta.url));

export default defineConfig({
  resolve: {
    alias: [{ find: /^sulcus(\/node)?$/, replacement: sulcus }],
  },
  test: {
    globalSetup: ["test/seed.ts", "test/few-digits.ts"],
    setupFiles: ["test/setup.ts"],
    // Two files at once: each may drive a two-threaded contraction provider.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        // Two processes load the modules once for all files. A test that changes what others see puts it back.
        test: { name: "usual", include: ["test/**/*.test.ts"], exclude: [hard, ...alone], isolate: false },
      },
      { extends: true, test: { name: "alone", include: alone, sequence: { groupOrder: 1 } } },
      {
        extends: true,
        test: {
          name: "hard",
          include: [hard],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
