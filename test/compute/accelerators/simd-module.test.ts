import { expect, onTestFinished, test, vi } from "vitest";
import { openSimd } from "../../../src/compute/accelerators/simd/open-simd.ts";
import { simd } from "../../../src/compute/accelerators/simd/simd.ts";

test("the SIMD module is decoded and compiled once, and what runs on one memory does not touch another", async () => {
  const [compile, instantiate] = [vi.spyOn(WebAssembly, "compile"), vi.spyOn(WebAssembly, "instantiate")];
  onTestFinished(() => void vi.restoreAllMocks());
  const memories = [1, 2].map((first) => {
    const memory = new WebAssembly.Memory({ initial: 2, maximum: 2 });
    const values = new Float32Array(memory.buffer, 65536, 4).fill(first);
    return { memory, values };
  });
  await simd.probe();
  const opened = await Promise.all(memories.map(({ memory }) => openSimd(memory)));
  opened[0]!.scale!(65536, 65536, 4, 10);
  expect(memories.map(({ values }) => [...values])).toEqual([
    [10, 10, 10, 10],
    [2, 2, 2, 2],
  ]);
  // No more than once in the process: another test may have needed it before.
  expect(compile.mock.calls.length).toBeLessThanOrEqual(1);
  const modules = instantiate.mock.calls.map(([module]) => module as unknown);
  expect(modules).toHaveLength(2);
  expect(modules[0]).toBeInstanceOf(WebAssembly.Module);
  expect(modules[1]).toBe(modules[0]);
});
