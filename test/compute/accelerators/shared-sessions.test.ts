import { InferenceSession } from "onnxruntime-node";
import { afterEach, expect, test, vi } from "vitest";
import { contractions } from "../../../src/compute/accelerators/contractions.ts";
import { onnxruntime } from "../../../src/compute/accelerators/onnx/onnxruntime.ts";
import { cpuExecutor } from "../../../src/compute/devices/cpu.ts";
import type { Session } from "../../../src/compute/executor.ts";
import { multiplyMatrices } from "../../../src/compute/kernels/contraction.ts";
import { add } from "../../../src/compute/kernels/pointwise.ts";
import { type Program, tracePlan } from "../../../src/compute/plan.ts";

afterEach(() => void vi.restoreAllMocks());

const executor = cpuExecutor("onnxruntime", [contractions(onnxruntime, { fused: true })]);

/** The sum of a product and `more`: a stretch whose graph, by its sizes, no other test has. */
const sumOf = (rows: number): Program => ({
  residents: {},
  plans: {
    sum: tracePlan("sum", {}, (trace) => {
      const { product } = multiplyMatrices({
        left: trace.input("left", [rows, 3]),
        right: trace.input("right", [3, 1]),
      });
      trace.output("result", add({ left: product, right: trace.input("more", [rows, 1]) }).result);
    }),
  },
});

/** The result of ones and `more`: 3 + more. */
async function resultOf(session: Session, rows: number, more: number): Promise<number[]> {
  const feed = { left: new Float32Array(3 * rows).fill(1), right: new Float32Array(3).fill(1) };
  const [results] = await session.run("sum", [{ ...feed, more: new Float32Array(rows).fill(more) }]);
  return [...results!.result!];
}

test("programs side by side share sessions of ONNX Runtime, and the last one ends them", async () => {
  const create = vi.spyOn(InferenceSession, "create");
  const [first, second] = [await executor.load(sumOf(101)), await executor.load(sumOf(101))];
  expect(await resultOf(first, 101, 10)).toEqual(new Array(101).fill(13));
  // Other values in another memory.
  expect(await resultOf(second, 101, 20)).toEqual(new Array(101).fill(23));
  expect(create).toHaveBeenCalledTimes(1);

  const release = vi.spyOn((await create.mock.results[0]!.value) as InferenceSession, "release");
  await first.dispose();
  expect(release).not.toHaveBeenCalled();
  expect(await resultOf(second, 101, 30)).toEqual(new Array(101).fill(33));
  await second.dispose();
  expect(release).toHaveBeenCalledTimes(1);

  const third = await executor.load(sumOf(101));
  expect(await resultOf(third, 101, 40)).toEqual(new Array(101).fill(43));
  expect(create).toHaveBeenCalledTimes(2);
  await third.dispose();
});

test("a session that does not start is tried again", async () => {
  vi.spyOn(InferenceSession, "create").mockRejectedValueOnce(new Error("no threads left"));
  const session = await executor.load(sumOf(103));
  await expect(resultOf(session, 103, 1)).rejects.toThrow("no threads left");
  expect(await resultOf(session, 103, 1)).toEqual(new Array(103).fill(4));
  await session.dispose();
});
