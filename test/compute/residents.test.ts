import { describe, expect, test } from "vitest";
import { pipelineExecutor } from "../../src/compute/devices/pipeline.ts";
import type { Executor } from "../../src/compute/executor.ts";
import { sgdStep } from "../../src/compute/kernels/optimiser.ts";
import { add } from "../../src/compute/kernels/pointwise.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import type { Trace } from "../../src/compute/trace.ts";
import { definition } from "./accelerated.ts";
import { webGpuOrSkip } from "./software-vulkan.ts";

const residents = { a: [2], b: [2] };
const values = { x: Float32Array.of(7, 8), rate: Float32Array.of(1) };

/** Runs an orchestration once on a = [1, 2], b = [3, 4], x = [7, 8], rate = [1]. */
async function outcome(executor: Executor, orchestrate: (trace: Trace) => void): Promise<Record<string, number[]>> {
  const plan = tracePlan("plan", residents, orchestrate);
  const session = await executor.load({ residents, plans: { plan } });
  try {
    await session.write("a", Float32Array.of(1, 2));
    await session.write("b", Float32Array.of(3, 4));
    const feed = Object.fromEntries(Object.entries(values).filter(([name]) => plan.inputs.has(name)));
    const [results] = await session.run("plan", [feed]);
    const outputs = Object.fromEntries(Object.entries(results!).map(([name, each]) => [name, [...each]]));
    return { ...outputs, a: [...(await session.read("a"))], b: [...(await session.read("b"))] };
  } finally {
    await session.dispose();
  }
}

const cases: Readonly<Record<string, { orchestrate(trace: Trace): void; expected: Record<string, number[]> }>> = {
  "an input becomes a resident": {
    orchestrate: (trace) => trace.assign("a", trace.input("x", [2])),
    expected: { a: [7, 8], b: [3, 4] },
  },
  "an input becomes a resident whose old value is read out": {
    orchestrate(trace) {
      trace.assign("a", trace.input("x", [2]));
      trace.output("old", trace.resident("a"));
    },
    expected: { a: [7, 8], b: [3, 4], old: [1, 2] },
  },
  "two residents exchange their values": {
    orchestrate(trace) {
      trace.input("x", [2]);
      trace.assign("a", trace.resident("b"));
      trace.assign("b", trace.resident("a"));
    },
    expected: { a: [3, 4], b: [1, 2] },
  },
  "a resident takes what another one was, and that one something new": {
    orchestrate(trace) {
      const b = trace.resident("b");
      trace.assign("b", add({ left: b, right: trace.input("x", [2]) }).result);
      trace.assign("a", b);
    },
    expected: { a: [3, 4], b: [10, 12] },
  },
  "one new value goes to two residents and is read out": {
    orchestrate(trace) {
      const sum = add({ left: trace.resident("a"), right: trace.input("x", [2]) }).result;
      trace.assign("a", sum);
      trace.assign("b", sum);
      trace.output("sum", sum);
    },
    expected: { a: [8, 10], b: [8, 10], sum: [8, 10] },
  },
  "a weight is updated and read out as it was and as it is": {
    orchestrate(trace) {
      const weight = trace.resident("a");
      const gradient = trace.input("x", [2]);
      const schedule = trace.input("rate", [1]);
      const moved = sgdStep({ weight, gradient, schedule }, { minimum: -10, maximum: 10 }).weight;
      trace.assign("a", moved);
      trace.output("before", weight);
      trace.output("after", moved);
    },
    expected: { a: [-6, -6], b: [3, 4], before: [1, 2], after: [-6, -6] },
  },
};

describe.for(Object.entries(cases))("where %s", ([, { orchestrate, expected }]) => {
  test("the cpu does so", async () => {
    expect(await outcome(definition, orchestrate)).toEqual(expected);
  });

  test("WebAssembly pipelines do so", async () => {
    expect(await outcome(pipelineExecutor("webasm"), orchestrate)).toEqual(expected);
  });

  test("WebGPU does so", async (context) => {
    expect(await outcome(await webGpuOrSkip(context), orchestrate)).toEqual(expected);
  });
});
