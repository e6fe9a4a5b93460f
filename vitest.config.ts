import { defineConfig } from "vitest/config";

/** Tests that kill processes, fill disks and start many commands: `npm run test:hard`. */
const hard = "test/hard/**/*.test.ts";

export default defineConfig({
  test: {
    globalSetup: ["test/seed.ts", "test/few-digits.ts"],
    setupFiles: ["test/setup.ts"],
    // Two files at once: each may drive a two-threaded contraction provider.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    projects: [
      // Modules are loaded once for all files: a file that changes what others see puts it back.
      { extends: true, test: { name: "usual", include: ["test/**/*.test.ts"], exclude: [hard], isolate: false } },
      { extends: true, test: { name: "hard", include: [hard], testTimeout: 600_000, hookTimeout: 600_000 } },
    ],
  },
});
