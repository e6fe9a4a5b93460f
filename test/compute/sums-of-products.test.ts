import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AcceleratorKind } from "../../src/compute/accelerator.ts";
import { contractions } from "../../src/compute/accelerators/contractions.ts";
import { onnxruntime } from "../../src/compute/accelerators/onnxruntime.ts";
import { fuseSums } from "../../src/compute/accelerators/sums.ts";
import { tfjs } from "../../src/compute/accelerators/tfjs.ts";
import type { Executor } from "../../src/compute/executor.ts";
import { multiplyByTranspose, multiplyMatrices, multiplyTransposed } from "../../src/compute/kernels/contraction.ts";
import { add } from "../../src/compute/kernels/pointwise.ts";
import { type Plan, tracePlan } from "../../src/compute/plan.ts";
import { randomStream } from "../../src/compute/random.ts";
import { sizeOf } from "../../src/compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../../src/compute/trace.ts";
import { definition, watched } from "./accelerated.ts";
import { expectClose } from "./closeness.ts";

const kinds = ["plain", "right", "left"] as const;
/** What is added to what came before: a product, a value, a sum of two products, or what came before itself. */
const drawnPart = fc.record({
  kind: fc.constantFrom(...kinds, ...kinds, "value", "pair", "itself"),
  before: fc.boolean(),
  inner: fc.integer({ min: 1, max: 9 }),
  alsoRead: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
});
const drawnSum = fc.record({
  rows: fc.integer({ min: 1, max: 12 }),
  columns: fc.integer({ min: 1, max: 12 }),
  parts: fc.array(drawnPart, { minLength: 1, maxLength: 7 }),
});
type DrawnSum = typeof drawnSum extends fc.Arbitrary<infer T> ? T : never;

function product(trace: Trace, kind: (typeof kinds)[number], name: string, [rows, inner, columns]: number[]): Tensor {
  const left = trace.input(`${name}/left`, kind === "left" ? [inner!, rows!] : [rows!, inner!]);
  const right = trace.input(`${name}/right`, kind === "right" ? [columns!, inner!] : [inner!, columns!]);
  const multiply = { plain: multiplyMatrices, right: multiplyByTranspose, left: multiplyTransposed }[kind];
  return multiply({ left, right }).product;
}

/** A chain of additions, as drives and updates are traced, in the shape that populations have. */
function sumPlan({ rows, columns, parts }: DrawnSum): Plan {
  return tracePlan("sum", {}, (trace) => {
    const shaped = (tensor: Tensor) => reshape(tensor, [rows, 1, columns]);
    const make = (kind: (typeof kinds)[number], name: string, inner: number) =>
      shaped(product(trace, kind, name, [rows, inner, columns]));
    let sum = make("plain", "first", 3);
    for (const [index, { kind, before, inner, alsoRead }] of parts.entries()) {
      const name = `part-${index}`;
      const part =
        kind === "value"
          ? trace.input(name, [rows, 1, columns])
          : kind === "itself"
            ? sum
            : kind === "pair"
              ? add({ left: make("left", `${name}/a`, inner), right: make("right", `${name}/b`, inner) }).result
              : make(kind, name, inner);
      if (alsoRead) trace.output(name, part);
      sum = add(before ? { left: part, right: sum } : { left: sum, right: part }).result;
    }
    trace.output("sum", sum);
  });
}

async function run(executor: Executor, plan: Plan, seed: number) {
  const session = await executor.load({ residents: {}, plans: { sum: plan } });
  const stream = randomStream(seed, "values");
  const feed = Object.fromEntries(
    [...plan.inputs].map(([name, id]) => [
      name,
      Float32Array.from({ length: sizeOf(plan.shapes[id]!) }, () => stream.integer(-4, 4) / 4),
    ]),
  );
  await session.run("sum", [feed]);
  const [results] = await session.run("sum", [feed]);
  const kept = Object.fromEntries(Object.entries(results!).map(([name, values]) => [name, values.slice()]));
  await session.dispose();
  return kept;
}

const providers: readonly [name: string, kind: AcceleratorKind][] = [
  ["onnxruntime", contractions(onnxruntime, { fused: true })],
  ["tfjs", contractions(tfjs, { fused: true })],
];

test("sums of products are one step where there is one value that is no product, or none", () => {
  const part = (...kinds: DrawnSum["parts"][number]["kind"][]) =>
    drawnPart.map((drawn) => ({ ...drawn, alsoRead: false })).filter(({ kind }) => kinds.includes(kind));
  const parts = fc
    .tuple(fc.array(part(...kinds, "pair"), { minLength: 1 }), fc.array(part("value"), { maxLength: 1 }))
    .chain(([products, values]) => {
      const all = [...products, ...values];
      return fc.shuffledSubarray(all, { minLength: all.length });
    });
  fc.assert(
    fc.property(parts, (drawn) => {
      const { steps } = fuseSums(sumPlan({ rows: 2, columns: 3, parts: drawn }));
      expect(steps.map(({ kernel }) => kernel.name)).toEqual(["sum-of-products"]);
    }),
  );
});

describe.for(providers)("sums of products on %s", ([, kind]) => {
  test("equal products and additions one by one, whatever else needs the values between", async () => {
    const { executor } = watched(kind);
    await fc.assert(
      fc.asyncProperty(drawnSum, fc.nat({ max: 1000 }), async (drawn, seed) => {
        const plan = sumPlan(drawn);
        // Each doubling doubles the largest value.
        expectClose(await run(executor, plan, seed), await run(definition, plan, seed), 100 * 2 ** drawn.parts.length);
      }),
      { numRuns: 100 },
    );
  });

  test("are left apart where products are large", async () => {
    const { executor, bound } = watched(kind);
    const large = tracePlan("sum", {}, (trace) => {
      const sizes = [64, 1025, 64];
      const [left, right] = [product(trace, "plain", "a", sizes), product(trace, "right", "b", sizes)];
      trace.output("sum", add({ left, right }).result);
    });
    await run(executor, large, 1);
    expect(bound).toEqual(["matrix-product", "matrix-product-right-transposed"]);
  });
});
