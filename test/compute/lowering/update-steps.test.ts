import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractions } from "../../../src/compute/accelerators/contractions.ts";
import { onnxruntime } from "../../../src/compute/accelerators/onnx/onnxruntime.ts";
import { cpuExecutor } from "../../../src/compute/devices/cpu.ts";
import type { Executor } from "../../../src/compute/executor.ts";
import { multiplyTransposed } from "../../../src/compute/kernels/contraction.ts";
import { tanh } from "../../../src/compute/kernels/gain.ts";
import { sgdStep } from "../../../src/compute/kernels/optimiser.ts";
import { type Program, tracePlan } from "../../../src/compute/plan.ts";
import { randomStream } from "../../../src/compute/random.ts";
import { type Shape, sizeOf } from "../../../src/compute/shape.ts";
import type { Trace } from "../../../src/compute/trace.ts";
import {
  type DrawnUpdate,
  drawnUpdate,
  residentsOfUpdate,
  traceUpdate,
  updateBounds,
} from "../../arbitraries/fusible/updates.ts";
import { definition, watched } from "../accelerated.ts";
import { expectClose } from "../closeness.ts";

function updateProgram(drawn: DrawnUpdate): Program {
  const residents = residentsOfUpdate(drawn);
  return { residents, plans: { train: tracePlan("train", residents, (trace) => traceUpdate(trace, drawn)) } };
}

const drawValues = (seed: number, name: string, shape: Shape): Float32Array => {
  const stream = randomStream(seed, name);
  return Float32Array.from({ length: sizeOf(shape) }, () => stream.integer(-2, 2) / 4);
};

/** Outputs and residents after two steps: what the first leaves behind in scratch must not matter. */
async function run(executor: Executor, program: Program, seed: number) {
  const session = await executor.load(program);
  const { inputs, shapes } = program.plans.train!;
  await session.write("weight", drawValues(seed, "weight", program.residents.weight!));
  const feed = Object.fromEntries([...inputs].map(([name, id]) => [name, drawValues(seed, name, shapes[id]!)]));
  await session.run("train", [feed]);
  const [results] = await session.run("train", [feed]);
  const kept: Record<string, Float32Array> = {};
  for (const [name, values] of Object.entries(results!)) kept[name] = values.slice();
  for (const name of Object.keys(program.residents)) kept[name] = await session.read(name);
  await session.dispose();
  return kept;
}

const fusing = contractions(onnxruntime, { fused: true, chunkBytes: 1024 });

describe("an optimiser's step that makes its gradient", () => {
  test("equals product and step one by one, whatever else needs the values between", async () => {
    const { executor, bound } = watched(fusing);
    await fc.assert(
      fc.asyncProperty(drawnUpdate, fc.nat({ max: 1000 }), async (drawn, seed) => {
        const program = updateProgram(drawn);
        bound.length = 0;
        expectClose(await run(executor, program, seed), await run(definition, program, seed), drawn.batch);
        const fused = bound.filter((name) => name.startsWith("update-"));
        expect(fused).toEqual(drawn.alsoRead === "gradient" ? [] : [`update-${drawn.optimiser}-step`]);
        const joins = drawn.alsoRead === "nothing" && (drawn.over === "samples" || drawn.dimension === 1);
        const apart = drawn.left === "spread" && joins ? [] : ["spread-vector"];
        expect(bound.filter((name) => name === "spread-vector").length).toBeLessThanOrEqual(apart.length);
      }),
      { numRuns: 150 },
    );
  });

  test("needs no memory for a large gradient", async () => {
    const drawn = { batch: 4, dimension: 10, units: 300, columns: 784, over: "samples" } as const;
    const program = updateProgram({ ...drawn, left: "spread", optimiser: "adam", alsoRead: "nothing" });
    const { executor } = watched(fusing);
    const session = await executor.load(program);
    expect(session.bytes.values).toBeLessThan(4 * 10 * 300 * 784);
    await session.dispose();
  });

  test("is left to a stretch of small steps where one makes its gradient", async () => {
    const { executor, bound } = watched(contractions(onnxruntime, { fused: true }));
    const residents = { weight: [20, 10] };
    const train = tracePlan("train", residents, (trace: Trace) => {
      const left = tanh({ values: trace.input("drive", [4, 20]) }).result;
      const gradient = multiplyTransposed({ left, right: trace.input("rates", [4, 10]) }).product;
      const schedule = trace.input("schedule", [1]);
      trace.assign("weight", sgdStep({ weight: trace.resident("weight"), gradient, schedule }, updateBounds).weight);
    });
    await run(executor, { residents, plans: { train } }, 1);
    expect(bound).toEqual(["stretch"]);
  });

  test("is not made where accelerators are off", async () => {
    const { executor, bound } = watched(contractions(onnxruntime));
    const [drawn] = fc.sample(drawnUpdate, { numRuns: 1, seed: 1 });
    await run(executor, updateProgram(drawn!), 1);
    expect(bound.filter((name) => name.startsWith("update-"))).toEqual([]);
  });
});

test("a left operand is transposed first where that pays, and the product is the same", async () => {
  const sizes = fc.record({
    rows: fc.integer({ min: 1, max: 50 }),
    columns: fc.integer({ min: 60, max: 70 }),
    inner: fc.integer({ min: 1, max: 50 }),
  });
  const executor = cpuExecutor("onnxruntime", [contractions(onnxruntime)]);
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat({ max: 1000 }), async ({ rows, columns, inner }, seed) => {
      const product = tracePlan("product", {}, (trace) => {
        const [left, right] = [trace.input("left", [inner, rows]), trace.input("right", [inner, columns])];
        trace.output("product", multiplyTransposed({ left, right }).product);
      });
      const feed = {
        left: drawValues(seed, "left", [inner, rows]),
        right: drawValues(seed, "right", [inner, columns]),
      };
      const resultOf = async (on: Executor) => {
        const session = await on.load({ residents: {}, plans: { product } });
        const [results] = await session.run("product", [feed]);
        const values = results!.product!.slice();
        await session.dispose();
        return values;
      };
      expect(await resultOf(executor)).toEqual(await resultOf(definition));
    }),
    { numRuns: 60 },
  );
});
