import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractions } from "../../../src/compute/accelerators/contractions.ts";
import { stretchGraph } from "../../../src/compute/accelerators/onnx/graphs.ts";
import { onnxruntime } from "../../../src/compute/accelerators/onnx/onnxruntime.ts";
import { hasOperator } from "../../../src/compute/accelerators/onnx/operators.ts";
import { tfjs } from "../../../src/compute/accelerators/tfjs.ts";
import type { Executor } from "../../../src/compute/executor.ts";
import { multiplyByTranspose, multiplyMatrices } from "../../../src/compute/kernels/contraction.ts";
import { sigmoid, tanh } from "../../../src/compute/kernels/gain.ts";
import { add, addBias } from "../../../src/compute/kernels/pointwise.ts";
import { rewrite } from "../../../src/compute/lowering/rewrite.ts";
import { stretches } from "../../../src/compute/lowering/stretch.ts";
import { type Plan, recordedSteps, tracePlan } from "../../../src/compute/plan.ts";
import { randomStream } from "../../../src/compute/random.ts";
import { type Shape, sizeOf } from "../../../src/compute/shape.ts";
import { isFused } from "../../../src/compute/step.ts";
import { reshape } from "../../../src/compute/trace.ts";
import { type DrawnSteps, drawnSteps, residentsOfSteps, traceSteps } from "../../arbitraries/fusible/steps.ts";
import { definition, watched } from "../accelerated.ts";
import { expectClose } from "../closeness.ts";

const traced = (drawn: DrawnSteps): Plan =>
  tracePlan("steps", residentsOfSteps(drawn), (trace) => traceSteps(trace, drawn));

const eighths = (stream: ReturnType<typeof randomStream>, shape: Shape) =>
  Float32Array.from({ length: sizeOf(shape) }, () => stream.integer(-2, 2) / 8);

/** @param special stands in for one of the stimuli, if given */
async function run(
  executor: Executor,
  plan: Plan,
  residents: Readonly<Record<string, Shape>>,
  seed: number,
  special?: number,
) {
  const session = await executor.load({ residents, plans: { steps: plan } });
  const stream = randomStream(seed, "values");
  for (const [name, shape] of Object.entries(residents)) await session.write(name, eighths(stream, shape));
  const feed = Object.fromEntries([...plan.inputs].map(([name, id]) => [name, eighths(stream, plan.shapes[id]!)]));
  if (special !== undefined) feed.stimuli![stream.integer(0, feed.stimuli!.length - 1)] = special;
  await session.run("steps", [feed]);
  const [results] = await session.run("steps", [feed]);
  const kept: Record<string, Float32Array> = Object.fromEntries(
    Object.entries(results!).map(([name, values]) => [name, values.slice()]),
  );
  for (const name of Object.keys(residents)) kept[`resident ${name}`] = await session.read(name);
  await session.dispose();
  return kept;
}

const withStretches = (plan: Plan) => rewrite(plan, [stretches(hasOperator)]);
const accelerated = contractions(onnxruntime, { fused: true });

describe("stretches of small steps", () => {
  test("equal their steps one by one, whatever else needs the values between", async () => {
    const { executor, bound } = watched(accelerated);
    await fc.assert(
      fc.asyncProperty(drawnSteps, fc.nat({ max: 1000 }), async (drawn, seed) => {
        const plan = traced(drawn);
        const residents = residentsOfSteps(drawn);
        const wanted = await run(definition, plan, residents, seed);
        const magnitude = Object.values(wanted).reduce(
          (most, values) => values.reduce((m, v) => Math.max(m, Math.abs(v)), most),
          1,
        );
        expectClose(await run(executor, plan, residents, seed), wanted, 100 * magnitude);
      }),
      { numRuns: 200 },
    );
    expect(bound).toContain("stretch");
  });

  test("treat NaN and infinities as their steps do", async () => {
    const { executor } = watched(accelerated);
    const special = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    await fc.assert(
      fc.asyncProperty(drawnSteps, fc.nat({ max: 1000 }), special, async (drawn, seed, value) => {
        const plan = traced(drawn);
        const residents = residentsOfSteps(drawn);
        const isNumber = (arrays: Readonly<Record<string, Float32Array>>) =>
          Object.fromEntries(
            Object.entries(arrays).map(([name, values]) => [name, values.map((v) => +Number.isFinite(v))]),
          );
        const wanted = await run(definition, plan, residents, seed, value);
        expect(isNumber(await run(executor, plan, residents, seed, value))).toEqual(isNumber(wanted));
      }),
      { numRuns: 100 },
    );
  });

  test("keep the digits of small rates", async () => {
    const { executor, bound } = watched(accelerated);
    const drives = Float32Array.from({ length: 161 }, (_, index) => index - 80);
    const plan = tracePlan("steps", {}, (trace) => {
      const left = trace.input("drives", [161, 1]);
      const drive = multiplyMatrices({ left, right: trace.input("one", [1, 1]) }).product;
      trace.output("rates", sigmoid({ values: drive }).result);
    });
    const session = await executor.load({ residents: {}, plans: { steps: plan } });
    const [results] = await session.run("steps", [{ drives, one: Float32Array.of(1) }]);
    expect(bound).toEqual(["stretch"]);
    for (const [index, rate] of results!.rates!.entries()) {
      const wanted = 1 / (1 + Math.exp(-drives[index]!));
      expect(Math.abs(rate - wanted) / wanted, `sigmoid(${drives[index]})`).toBeLessThan(4e-7);
    }
    await session.dispose();
  });

  test("hold every step of a plan once, in order, and hand out what others need", () => {
    fc.assert(
      fc.property(drawnSteps, (drawn) => {
        const plan = traced(drawn);
        const fused = withStretches(plan);
        const { steps } = fused;
        expect(recordedSteps(fused)).toEqual(plan.steps);

        const known = new Set([...plan.inputs.values(), ...plan.residents.values()]);
        for (const { inputs, outputs } of steps) {
          for (const id of Object.values(inputs)) expect(known).toContain(id);
          for (const id of Object.values(outputs)) known.add(id);
        }
        for (const { id } of plan.outputs.values()) expect(known).toContain(id);
      }),
    );
  });

  test("are as long as they can be: what stands between two is no operator, or there is no product", () => {
    fc.assert(
      fc.property(drawnSteps, (drawn) => {
        const { steps } = withStretches(traced(drawn));
        steps.forEach((step, index) => {
          const next = steps[index + 1];
          // All drawn steps are small: what has an operator joins.
          if (isFused(step) && next) expect(isFused(next) || hasOperator(next)).toBe(false);
        });
      }),
    );
  });

  test("add to a product in the product itself", () => {
    const plan = tracePlan("steps", {}, (trace) => {
      const product = (name: string) =>
        multiplyByTranspose({ left: trace.input(`${name} rates`, [4, 3]), right: trace.input(name, [2, 3]) }).product;
      const [drive, second, bias] = [product("a"), product("b"), trace.input("bias", [1, 2])];
      const biased = addBias({ drive: reshape(drive, [4, 1, 2]), bias }).result;
      const sum = add({ left: reshape(biased, [4, 2]), right: second }).result;
      trace.output("rates", tanh({ values: add({ left: sum, right: product("c") }).result }).result);
    });
    const [step] = withStretches(plan).steps;
    if (!step || !isFused(step)) throw new Error("no stretch");
    const { nodes } = stretchGraph(step.parts, Object.keys(step.outputs));
    expect(nodes.map(({ operator, inputs }) => `${operator} of ${inputs.length}`)).toEqual([
      ...["Gemm of 3", "Gemm of 3", "Gemm of 3", "Tanh of 1"],
    ]);
  });

  const productAndSum = (rows: number, inner: number) =>
    tracePlan("steps", {}, (trace) => {
      const { product } = multiplyMatrices({
        left: trace.input("left", [rows, inner]),
        right: trace.input("right", [inner, 64]),
      });
      trace.output("sum", add({ left: product, right: trace.input("more", [rows, 64]) }).result);
    });

  test("leave large products and large values apart", async () => {
    const bound = async (plan: Plan) => {
      const watching = watched(accelerated);
      await run(watching.executor, plan, {}, 1);
      return watching.bound;
    };
    expect(await bound(productAndSum(64, 2 ** 13))).toEqual(["stretch"]);
    expect(await bound(productAndSum(64, 2 ** 13 + 1))).toEqual(["matrix-product"]);
    expect(await bound(productAndSum(2 ** 12, 2))).toEqual(["stretch"]);
    expect(await bound(productAndSum(2 ** 12 + 1, 2))).toEqual(["matrix-product"]);
  });

  test("are left to steps where a provider takes none", async () => {
    const { executor, bound } = watched(contractions(tfjs, { fused: true }));
    await run(executor, productAndSum(8, 8), {}, 1);
    expect(bound).toEqual(["matrix-product"]);
  });
});
