import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Two files at once: each may drive a two-threaded contraction provider.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
