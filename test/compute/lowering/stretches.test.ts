import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractions } from "../../../src/compute/accelerators/contractions.ts";
import { stretchGraph } from "../../../src/compute/accelerators/onnx/graphs.ts";
import { onnxruntime } from "../../../src/compute/accelerators/onnx/onnxruntime.ts";
import { hasOperator } from "../../../src/compute/accelerators/onnx/operators.ts";
import { tfjs } from "../../../src/compute/accelerators/tfjs.ts";
import type { Executor } from "../../../src/compute/executor.ts";
import { multiplyByTranspose, multiplyMatrices, multiplyTransposed } from "../../../src/compute/kernels/contraction.ts";
import { relu, sigmoid, softplus, tanh } from "../../../src/compute/kernels/gain.ts";
import { reluError, sigmoidError, tanhError } from "../../../src/compute/kernels/gain-error.ts";
import { add, addBias, multiply, ones, subtract } from "../../../src/compute/kernels/pointwise.ts";
import { addScaled, leak, scale, scaleRows } from "../../../src/compute/kernels/scaling.ts";
import { rewrite } from "../../../src/compute/lowering/rewrite.ts";
import { stretches } from "../../../src/compute/lowering/stretch.ts";
import { type Plan, recordedSteps, tracePlan } from "../../../src/compute/plan.ts";
import { randomStream } from "../../../src/compute/random.ts";
import { type Shape, sizeOf } from "../../../src/compute/shape.ts";
import { isFused } from "../../../src/compute/step.ts";
import { reshape, type Tensor, type Trace } from "../../../src/compute/trace.ts";
import { definition, watched } from "../accelerated.ts";
import { expectClose } from "../closeness.ts";

/** Steps of populations of some units at a batch: each reads values that came before, in the shapes that they have here. */
const kinds = [
  ...["drive", "sent back", "update", "weighted update", "add", "add", "multiply", "subtract", "bias", "vector bias"],
  ...[
    "relu",
    "tanh",
    "sigmoid",
    "relu error",
    "tanh error",
    "sigmoid error",
    "scale",
    "add scaled",
    "leak",
    "scale rows",
  ],
  ...["itself twice", "softplus", "repeating bias", "bias update", "rows by a product"],
] as const;

const drawnStep = fc.record({
  kind: fc.constantFrom(...kinds),
  /** Which of the values before, counted from the last. */
  first: fc.nat({ max: 3 }),
  second: fc.nat({ max: 6 }),
  alsoRead: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
});
const drawnProgram = fc.record({
  batch: fc.integer({ min: 1, max: 9 }),
  dimension: fc.integer({ min: 1, max: 3 }),
  units: fc.integer({ min: 1, max: 9 }),
  steps: fc.array(drawnStep, { minLength: 1, maxLength: 14 }),
});
type DrawnProgram = typeof drawnProgram extends fc.Arbitrary<infer T> ? T : never;

/** Values of [batch, dimension * units] that follow from one another, and sums over the batch that nothing reads. */
function traced({ batch, dimension, units, steps }: DrawnProgram): Plan {
  const across = dimension * units;
  return tracePlan("steps", { kept: [batch, across] }, (trace: Trace) => {
    const flat = (tensor: Tensor) => reshape(tensor, [batch, across]);
    const shaped = (tensor: Tensor) => reshape(tensor, [batch, dimension, units]);
    const values: Tensor[] = [trace.input("stimuli", [batch, dimension, units]), trace.resident("kept")];
    const updates: Tensor[] = [];
    for (const [index, { kind, first, second, alsoRead }] of steps.entries()) {
      const [a, b] = [first, second].map((back) => values[Math.max(0, values.length - 1 - back)]!) as [Tensor, Tensor];
      const both = { left: shaped(a), right: shaped(b) };
      const weights = () => trace.sharedInput(`weights ${second % 2}`, [across, across]);
      const made = {
        drive: () => multiplyByTranspose({ left: flat(a), right: weights() }).product,
        "sent back": () => multiplyMatrices({ left: flat(a), right: weights() }).product,
        update: () => multiplyTransposed({ left: flat(a), right: flat(b) }).product,
        "weighted update": () =>
          multiply({ left: multiplyTransposed({ left: flat(a), right: flat(b) }).product, right: weights() }).result,
        add: () => add(both).result,
        multiply: () => multiply({ left: flat(a), right: flat(b) }).result,
        subtract: () => subtract(both).result,
        bias: () => {
          const drive = reshape(a, [batch, 1, across]);
          return addBias({ drive, bias: trace.sharedInput("bias", [1, across]) }).result;
        },
        "vector bias": () =>
          addBias({ drive: shaped(a), bias: trace.sharedInput("vector bias", [dimension, units]) }).result,
        "repeating bias": () => {
          const drive = reshape(a, [batch, 1, across]);
          return addBias({ drive, bias: trace.sharedInput("repeating bias", [1, units]) }).result;
        },
        "bias update": () => {
          const right = ones({ like: a }, { shape: [batch, 1] }).result;
          return multiplyTransposed({ left: flat(a), right }).product;
        },
        "rows by a product": () => {
          const right = trace.sharedInput("column", [across, 1]);
          const scales = reshape(multiplyMatrices({ left: flat(b), right }).product, [batch]);
          return scaleRows({ values: flat(a), scales }, { factor: 2 }).result;
        },
        relu: () => relu({ values: a }).result,
        tanh: () => tanh({ values: shaped(a) }).result,
        sigmoid: () => sigmoid({ values: a }).result,
        "relu error": () => reluError({ error: flat(a), rates: flat(b) }).result,
        "tanh error": () => tanhError({ error: shaped(a), rates: shaped(b) }).result,
        "sigmoid error": () => sigmoidError({ error: flat(a), rates: flat(b) }).result,
        scale: () => scale({ values: a }, { factor: 0.5 }).result,
        "add scaled": () => addScaled(both, { factor: -0.25 }).result,
        leak: () => leak({ previous: flat(a), rates: flat(b) }, { rate: 0.75 }).result,
        "scale rows": () =>
          scaleRows({ values: flat(a), scales: trace.sharedInput("scales", [batch]) }, { factor: 0.5 }).result,
        "itself twice": () => {
          const { product } = multiplyByTranspose({ left: flat(a), right: weights() });
          return add({ left: product, right: product }).result;
        },
        softplus: () => softplus({ values: a }).result,
      }[kind]();
      // Values stay small, so that tanh and products of products do not lose what is to be compared.
      if (sizeOf(made.shape) === sizeOf(shaped(a).shape) && !kind.endsWith("update")) values.push(made);
      else updates.push(made);
      if (alsoRead) trace.output(`also ${index}`, made);
    }
    updates.forEach((update, index) => {
      trace.output(`update ${index}`, update);
    });
    trace.output("last", values.at(-1)!);
    trace.assign("kept", values.at(-1)!);
  });
}

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
      fc.asyncProperty(drawnProgram, fc.nat({ max: 1000 }), async (drawn, seed) => {
        const plan = traced(drawn);
        const residents = { kept: [drawn.batch, drawn.dimension * drawn.units] };
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
      fc.asyncProperty(drawnProgram, fc.nat({ max: 1000 }), special, async (drawn, seed, value) => {
        const plan = traced(drawn);
        const residents = { kept: [drawn.batch, drawn.dimension * drawn.units] };
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
      fc.property(drawnProgram, (drawn) => {
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
      fc.property(drawnProgram, (drawn) => {
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
