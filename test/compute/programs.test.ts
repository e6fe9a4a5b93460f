import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractions } from "../../src/compute/accelerators/contractions.ts";
import { onnxruntime } from "../../src/compute/accelerators/onnx/onnxruntime.ts";
import { fusingSimd } from "../../src/compute/accelerators/simd/simd.ts";
import { cpuExecutor } from "../../src/compute/devices/cpu.ts";
import { pipelineExecutor } from "../../src/compute/devices/pipeline.ts";
import type { Executor, Feeds } from "../../src/compute/executor.ts";
import { randomStream } from "../../src/compute/random.ts";
import { programs } from "../arbitraries/compute-programs.ts";
import { type PlanModel, type ProgramModel, runModel } from "../oracles/compute-program.ts";
import { definition } from "./accelerated.ts";
import { buildProgram } from "./build-program.ts";

/** Above it float32 does not hold every integer, and devices round at different places. */
const exact = 2 ** 24;

const integers = (seed: number, name: string, size: number): Float32Array => {
  const stream = randomStream(seed, name);
  return Float32Array.from({ length: size }, () => stream.integer(-3, 3));
};

function feedsOf({ expressions }: PlanModel, seed: number): Feeds {
  return Object.fromEntries(
    expressions.flatMap((each) => (each.kind === "input" ? [[each.name, integers(seed, each.name, each.size)]] : [])),
  );
}

/** -0 and 0 are the same here. */
const plain = (values: Readonly<Record<string, Float32Array>>) =>
  Object.fromEntries(Object.entries(values).map(([name, each]) => [name, Array.from(each, (value) => value + 0)]));

/** Runs every plan twice in one call and once in another, and holds results and residents to the oracle each time. */
async function holdToOracle(executor: Executor, model: ProgramModel, seed: number): Promise<void> {
  let residents: Readonly<Record<string, Float32Array>> = Object.fromEntries(
    Object.entries(model.residents).map(([name, size]) => [name, integers(seed, name, size)]),
  );
  const session = await executor.load(buildProgram(model));
  try {
    for (const [name, values] of Object.entries(residents)) await session.write(name, values);
    for (const [call, runs] of [2, 1].entries())
      for (const [name, plan] of Object.entries(model.plans)) {
        const feeds = Array.from({ length: runs }, (_, run) => feedsOf(plan, seed + 2 * call + run));
        const expected: unknown[] = [];
        for (const feed of feeds) {
          const after = runModel(plan, residents, feed);
          if (!(after.largest <= exact)) return;
          residents = after.residents;
          expected.push(plain(after.outputs));
        }
        const results = await session.run(name, feeds);
        expect(results.map(plain)).toEqual(expected);
        const read: Record<string, Float32Array> = {};
        for (const resident of Object.keys(residents)) read[resident] = await session.read(resident);
        expect(plain(read)).toEqual(plain(residents));
      }
  } finally {
    await session.dispose();
  }
}

describe("a program gives what its expressions say, however its values share memory", () => {
  const seeds = fc.nat({ max: 1000 });

  test("on the cpu", async () => {
    await fc.assert(
      fc.asyncProperty(programs, seeds, (model, seed) => holdToOracle(definition, model, seed)),
      { numRuns: 300 },
    );
  });

  test("on the cpu with accelerators", async () => {
    const executor = cpuExecutor("onnxruntime", [contractions(onnxruntime, { fused: true }), fusingSimd]);
    await fc.assert(
      fc.asyncProperty(programs, seeds, (model, seed) => holdToOracle(executor, model, seed)),
      { numRuns: 100 },
    );
  });

  test("in WebAssembly pipelines", async () => {
    const executor = pipelineExecutor("webasm");
    await fc.assert(
      fc.asyncProperty(programs, seeds, (model, seed) => holdToOracle(executor, model, seed)),
      { numRuns: 40 },
    );
  });
});
