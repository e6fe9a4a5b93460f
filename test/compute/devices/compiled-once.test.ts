import { GPU } from "gpu.js";
import { expect, test, vi } from "vitest";
import { pipelineExecutor } from "../../../src/compute/devices/pipeline.ts";
import { multiplyByTranspose } from "../../../src/compute/kernels/contraction.ts";
import { tanh } from "../../../src/compute/kernels/gain.ts";
import { tanhError } from "../../../src/compute/kernels/gain-error.ts";
import { momentumStep } from "../../../src/compute/kernels/optimiser.ts";
import { add } from "../../../src/compute/kernels/pointwise.ts";
import { type Plan, tracePlan } from "../../../src/compute/plan.ts";
import { definition } from "../accelerated.ts";
import { expectClose } from "../closeness.ts";
import { webGpuOrSkip } from "../software-vulkan.ts";

const residents = { weight: [6, 6], velocity: [6, 6] };

/** Rates of six units that drive each other through time, and a step of their weights. */
const recurrent = (steps: number): Plan =>
  tracePlan("recurrent", residents, (trace) => {
    const [weight, velocity] = [trace.resident("weight"), trace.resident("velocity")];
    let rates = trace.input("stimuli", [6, 6]);
    for (let step = 0; step < steps; step++) {
      const drive = multiplyByTranspose({ left: rates, right: weight }).product;
      rates = tanh({ values: add({ left: drive, right: rates }).result }).result;
    }
    trace.output("rates", rates);
    const gradient = tanhError({ error: rates, rates }).result;
    const schedule = trace.input("rate", [1]);
    const bounds = { minimum: -1, maximum: 1, momentum: 0.5 };
    const moved = momentumStep({ weight, gradient, velocity, schedule }, bounds);
    trace.assign("weight", moved.weight);
    trace.assign("velocity", moved.velocity);
  });

const feed = {
  stimuli: Float32Array.from({ length: 36 }, (_, index) => Math.sin(index)),
  rate: Float32Array.of(0.25),
};

/** What three steps of a recurrent plan and one of a shorter one leave, and how many kernels were made for both. */
async function runOn(executor: typeof definition) {
  const created = vi.spyOn(GPU.prototype, "createKernel");
  const [longer, shorter] = [recurrent(5), recurrent(2)];
  const session = await executor.load({ residents, plans: { longer, shorter } });
  await session.write(
    "weight",
    Float32Array.from({ length: 36 }, (_, index) => Math.cos(index) / 3),
  );
  const left: Record<string, Float32Array> = {};
  for (const [plan, feeds] of [["longer", [feed, feed, feed]] as const, ["shorter", [feed]] as const])
    for (const [run, { rates }] of (await session.run(plan, feeds)).entries()) left[`${plan} ${run}`] = rates!.slice();
  for (const name of Object.keys(residents)) left[name] = await session.read(name);
  await session.dispose();
  // A pipeline makes copies of its own of the kernels that it is given.
  const own = created.mock.calls.filter(([, settings]) => !(settings as { pipeline?: boolean }).pipeline).length;
  created.mockRestore();
  const steps = [longer, shorter].flatMap((plan) => plan.steps);
  const outputs = steps.flatMap(({ kernel, outputShapes, constants }) =>
    Object.entries(outputShapes).map((output) => JSON.stringify([kernel.name, output, constants])),
  );
  return { left, own, distinct: new Set(outputs).size, outputs: outputs.length };
}

test.for([definition, pipelineExecutor("webasm")])(
  "on $device a kernel is compiled once, however many steps and plans use it",
  async (executor) => {
    const { left, own, distinct, outputs } = await runOn(executor);
    expect([own, distinct]).toEqual([6, 6]);
    expect(outputs).toBeGreaterThan(20);
    expectClose(left, (await runOn(definition)).left, 1);
  },
);

test("on WebGPU a kernel is compiled once, however many steps and plans use it", async (context) => {
  const { left, own } = await runOn(await webGpuOrSkip(context));
  expect(own).toBe(6);
  expectClose(left, (await runOn(definition)).left, 1);
});
