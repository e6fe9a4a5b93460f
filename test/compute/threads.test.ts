import { expect, test, vi } from "vitest";
import { openDevice } from "../../src/compute/devices.ts";
import { contractionThreads } from "../../src/compute/threads.ts";

test.each([
  ["", undefined],
  ["1", 1],
  ["16", 16],
])("SULCUS_THREADS=%j", (text, threads) => {
  vi.stubEnv("SULCUS_THREADS", text);
  expect(contractionThreads()).toBe(threads);
});

test.each(["0", "-1", "1.5", "two", "10000"])("SULCUS_THREADS=%s is refused before any work", async (text) => {
  vi.stubEnv("SULCUS_THREADS", text);
  await expect(openDevice({ device: "cpu", provider: "onnxruntime" })).rejects.toThrow(
    `SULCUS_THREADS: got "${text}", expected a whole number from 1 to 9999; without it every core has a thread`,
  );
});
