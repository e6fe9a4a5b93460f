import { expect, test, vi } from "vitest";

test("the SIMD module is decoded and compiled once, and what runs on one memory does not touch another", async () => {
  vi.resetModules();
  const [compile, instantiate] = [vi.spyOn(WebAssembly, "compile"), vi.spyOn(WebAssembly, "instantiate")];
  const { openSimd } = await import("../../src/compute/accelerators/simd/open-simd.ts");
  const { simd } = await import("../../src/compute/accelerators/simd/simd.ts");
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
  expect(compile).toHaveBeenCalledTimes(1);
  const modules = instantiate.mock.calls.map(([module]) => module as unknown);
  expect(modules).toHaveLength(2);
  expect(modules[0]).toBeInstanceOf(WebAssembly.Module);
  expect(modules[1]).toBe(modules[0]);
});
