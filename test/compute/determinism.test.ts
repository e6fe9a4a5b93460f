import { describe, expect, test } from "vitest";
import { openDevice } from "../../src/built-in.ts";
import { providers } from "../../src/compute/devices/providers.ts";
import type { Executor } from "../../src/compute/executor.ts";
import { multiplyByTranspose, multiplyTransposed } from "../../src/compute/kernels/contraction.ts";
import { softmaxError } from "../../src/compute/kernels/decision.ts";
import { relu } from "../../src/compute/kernels/gain.ts";
import { adamStep } from "../../src/compute/kernels/optimiser.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { randomStream } from "../../src/compute/random.ts";
import { sizeOf } from "../../src/compute/shape.ts";
import { webGpuOrSkip } from "./software-vulkan.ts";

const [batch, units, classes] = [33, 57, 10];
const residents = { weight: [classes, units], first: [classes, units], second: [classes, units] };

/** A layer that learns: products of odd sizes, transcendental functions, an optimiser in place. */
const plan = tracePlan("learn", residents, (trace) => {
  const rates = relu({ values: trace.input("drive", [batch, units]) }).result;
  const weight = trace.resident("weight");
  const scores = multiplyByTranspose({ left: rates, right: weight }).product;
  const labels = trace.input("labels", [batch]);
  const { error } = softmaxError({ scores, labels, weights: trace.input("weights", [batch]) });
  const stepped = adamStep(
    {
      weight,
      gradient: multiplyTransposed({ left: error, right: rates }).product,
      firstMoment: trace.resident("first"),
      secondMoment: trace.resident("second"),
      schedule: trace.input("schedule", [4]),
    },
    { minimum: 0, maximum: 3.4e38, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decayIndex: 3 },
  );
  trace.assign("weight", stepped.weight);
  trace.assign("first", stepped.firstMoment);
  trace.assign("second", stepped.secondMoment);
  trace.output("scores", scores);
});

/** The bits of everything that three steps leave, one a call or all in one. */
async function bitsOf(executor: Executor, together: boolean): Promise<Record<string, Uint32Array>> {
  const stream = randomStream(7, "determinism");
  const normals = (size: number) => Float32Array.from({ length: size }, stream.normal);
  const feeds = Array.from({ length: 3 }, () => ({
    drive: normals(batch * units),
    labels: Float32Array.from({ length: batch }, () => stream.integer(0, classes - 1)),
    weights: new Float32Array(batch).fill(1 / batch),
    schedule: Float32Array.of(0.01, 1.5, 0, 0),
  }));
  const session = await executor.load({ residents, plans: { learn: plan } });
  try {
    await session.write("weight", normals(sizeOf(residents.weight)).map(Math.abs));
    let results = together ? await session.run("learn", feeds) : [];
    if (!together) for (const feed of feeds) results = await session.run("learn", [feed]);
    const bits = { scores: new Uint32Array(results.at(-1)!.scores!.slice().buffer) };
    for (const name of Object.keys(residents))
      Object.assign(bits, { [name]: new Uint32Array((await session.read(name)).buffer) });
    return bits;
  } finally {
    await session.dispose();
  }
}

describe("two sessions of the same program, feeds and residents end with the same bits", () => {
  const hold = async (executor: Executor) => {
    const once = await bitsOf(executor, false);
    expect(once.weight!.some((bits) => bits !== 0)).toBe(true);
    expect(await bitsOf(executor, false)).toEqual(once);
    expect(await bitsOf(executor, true)).toEqual(once);
  };

  test.for([{ device: "cpu" }, { device: "cpu", provider: "gpujs", accelerators: false }, { device: "webasm" }])(
    "%j",
    async (choice) => hold(await openDevice(choice)),
  );

  test("tfjs", async (context) => {
    const { available, detail } = await providers.tfjs!.probe();
    if (!available) {
      console.warn(`tfjs is not tested: ${detail}`);
      context.skip(detail);
    }
    await hold(await openDevice({ device: "cpu", provider: "tfjs" }));
  });

  test("webgpu", async (context) => hold(await webGpuOrSkip(context)));
});
