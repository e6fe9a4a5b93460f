import { availableParallelism } from "node:os";
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { openDevice } from "../../src/built-in.ts";
import { contractionThreads } from "../../src/compute/threads.ts";
import { UsageError } from "../../src/kinds/errors.ts";
import { shown } from "../../src/kinds/shown.ts";

afterEach(() => vi.unstubAllEnvs());

/** What the variable is read as on a machine of so many cores. */
function threadsOf(text: string, cores: number): number | undefined {
  vi.stubEnv("SULCUS_THREADS", text);
  return contractionThreads(cores);
}

test("SULCUS_THREADS left empty leaves the number to the provider", () => {
  expect(threadsOf("", 2)).toBeUndefined();
});

test("SULCUS_THREADS may be any number up to 64, and up to the cores of larger machines", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 400 }), (cores, threads) => {
      if (threads <= 64 || threads <= cores) expect(threadsOf(String(threads), cores)).toBe(threads);
      else expect(() => threadsOf(String(threads), cores)).toThrow(UsageError);
    }),
  );
});

test.each([...["0", "-1", "1.5", "two", "1e1", "0x10", "65", "9999", "10000", "4 cores", "\u001b[31m2"]])(
  "SULCUS_THREADS=%j is refused",
  (text) => {
    expect(() => threadsOf(text, 2)).toThrow(
      new UsageError(
        `SULCUS_THREADS: got ${shown(text)}, expected a whole number from 1 to 64; without it each of the 2 cores has a thread`,
      ),
    );
  },
);

test("SULCUS_THREADS of many digits is shortened in the message", () => {
  expect(() => threadsOf("1".repeat(400), 2)).toThrow(
    /^SULCUS_THREADS: got "1{60}\.\.\." \(400 characters\), expected/,
  );
});

test("SULCUS_THREADS of 9999 is refused when a device is opened, before any work", async () => {
  vi.stubEnv("SULCUS_THREADS", "9999");
  const cores = availableParallelism();
  await expect(openDevice({ device: "cpu", provider: "onnxruntime" })).rejects.toThrow(
    `SULCUS_THREADS: got "9999", expected a whole number from 1 to ${Math.max(64, cores)}; without it each of the ${cores} cores has a thread`,
  );
});
