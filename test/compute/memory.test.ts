import { describe, expect, test } from "vitest";
import { openDevice } from "../../src/built-in.ts";
import { multiplyMatrices } from "../../src/compute/kernels/contraction.ts";
import { add } from "../../src/compute/kernels/pointwise.ts";
import { tracePlan } from "../../src/compute/plan.ts";

const side = 768;
const residents = { weight: [side, side] };
const plan = tracePlan("plan", residents, (trace) => {
  const { product } = multiplyMatrices({ left: trace.input("x", [2, side]), right: trace.resident("weight") });
  trace.output("twice", add({ left: product, right: product }).result);
});
const megabytes = 4 * side * side * 2 ** -20;

describe("a program that is loaded, run and disposed of again and again gives its memory back", () => {
  test.for([{ device: "cpu" }, { device: "cpu", provider: "gpujs" }, { device: "webasm" }])("%j", async (choice) => {
    const executor = await openDevice(choice);
    const x = new Float32Array(2 * side).fill(1);
    const cycle = async () => {
      const session = await executor.load({ residents, plans: { plan } });
      await session.write("weight", new Float32Array(side * side).fill(1));
      const [results] = await session.run("plan", [{ x }]);
      expect(results!.twice![0]).toBe(2 * side);
      await session.dispose();
    };
    for (let warming = 0; warming < 10; warming++) await cycle();
    const before = process.memoryUsage().rss;
    for (let repeat = 0; repeat < 50; repeat++) await cycle();
    const grown = (process.memoryUsage().rss - before) * 2 ** -20;
    // Kept sessions would hold 50 weights at least; the collector may be some behind.
    expect(grown).toBeLessThan(25 * megabytes + 20);
  });
});

test("what ONNX Runtime hands out beside the program's memory is let go of at once", async () => {
  const side = 512;
  const product = tracePlan("product", {}, (trace) => {
    const [left, right] = [trace.input("left", [side, side]), trace.input("right", [side, side])];
    trace.output("product", multiplyMatrices({ left, right }).product);
  });
  const executor = await openDevice({ device: "cpu", provider: "onnxruntime" });
  const session = await executor.load({ residents: {}, plans: { product } });
  const values = new Float32Array(side * side).fill(1);
  const held = async () => {
    await session.run("product", [{ left: values, right: values }]);
    return process.memoryUsage().arrayBuffers;
  };
  const first = await held();
  const later: number[] = [];
  for (let repeat = 0; repeat < 30; repeat++) later.push(await held());
  await session.dispose();
  expect(Math.max(...later) - first).toBeLessThan(values.byteLength);
});
