import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractions } from "../../src/compute/accelerators/contractions.ts";
import { onnxruntime } from "../../src/compute/accelerators/onnx/onnxruntime.ts";
import { pipelineExecutor } from "../../src/compute/devices/pipeline.ts";
import type { Executor } from "../../src/compute/executor.ts";
import {
  above,
  below,
  type Comparison,
  choice,
  type Expression,
  exponential,
  larger,
  magnitude,
  minus,
  negative,
  over,
  plus,
  smaller,
  times,
} from "../../src/compute/expression.ts";
import { bodyText, isOfElements, operationsOf } from "../../src/compute/expression-body.ts";
import { multiplyMatrices } from "../../src/compute/kernels/contraction.ts";
import { defineElementwise } from "../../src/compute/kernels/elementwise.ts";
import { leakyRelu } from "../../src/compute/kernels/gain.ts";
import { markAttended } from "../../src/compute/kernels/modulation.ts";
import { leak } from "../../src/compute/kernels/scaling.ts";
import { binariseSlope } from "../../src/compute/kernels/threshold.ts";
import { type Plan, tracePlan } from "../../src/compute/plan.ts";
import { isSame } from "../arbitraries/float32.ts";
import { definition, watched } from "./accelerated.ts";

const inputs = ["x", "y"] as const;
const constant = 0.75;

/** What an expression is in float32, operation by operation. */
function inFloat32(node: Expression, elements: Readonly<Record<string, number>>): number {
  const value = (part: Expression) => inFloat32(part, elements);
  const holds = ({ kind, left, right }: Comparison) =>
    kind === "above" ? value(left) > value(right) : value(left) < value(right);
  const exact = () => {
    switch (node.kind) {
      case "element":
        return elements[node.input]!;
      case "constant":
        return constant;
      case "number":
        return node.value;
      case "negative":
        return -value(node.of);
      case "magnitude":
        return Math.abs(value(node.of));
      case "exponential":
        return Math.exp(value(node.of));
      case "sum":
        return value(node.left) + value(node.right);
      case "difference":
        return value(node.left) - value(node.right);
      case "product":
        return value(node.left) * value(node.right);
      case "quotient":
        return value(node.left) / value(node.right);
      case "larger":
        return Math.max(value(node.left), value(node.right));
      case "smaller":
        return Math.min(value(node.left), value(node.right));
      case "choice":
        return holds(node.where) ? value(node.yes) : value(node.no);
    }
  };
  return Math.fround(exact());
}

/** Any expression of elements whose values stay numbers; parts of it are used several times. */
const drawnExpression: fc.Arbitrary<Expression> = fc
  .array(fc.tuple(fc.nat({ max: 13 }), fc.nat({ max: 99 }), fc.nat({ max: 99 }), fc.nat({ max: 99 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((operations) => {
    const known: Expression[] = [
      ...inputs.map((input): Expression => ({ kind: "element", input })),
      { kind: "constant", name: "factor" },
      { kind: "number", value: 1 },
      { kind: "number", value: 0 },
      { kind: "number", value: -2.5 },
    ];
    const leaves = known.length;
    for (const [operation, ...picks] of operations) {
      const [a, b, c] = picks.map((pick) => known[known.length - 1 - (pick % known.length)]!) as [
        Expression,
        Expression,
        Expression,
      ];
      const made = [
        () => plus(a, b),
        () => minus(a, b),
        () => times(a, known[picks[1] % leaves]!),
        () => over(a, plus(1, magnitude(b))),
        () => over(1, plus(1, magnitude(b))),
        () => larger(a, b),
        () => larger(a, 0),
        () => smaller(a, b),
        () => larger(a, 1),
        () => over(0, plus(1, magnitude(b))),
        () => negative(a),
        () => magnitude(a),
        () => choice(above(a, b), b, c),
        () => choice(below(a, c), a, b),
      ][operation]!();
      known.push(made as Expression);
    }
    return known.at(-1)!;
  })
  .filter(isOfElements);

let declared = 0;

/** A plan of a kernel that is the expression, of a product with one number and of values: ONNX Runtime takes the two as a stretch. */
function planOf(expression: Expression, length: number): Plan {
  declared++;
  const kernel = defineElementwise({
    name: `test-expression-${declared}`,
    inputs,
    constants: ["factor"],
    result: () => expression,
  });
  return tracePlan("expression", {}, (trace) => {
    const x = multiplyMatrices({ left: trace.input("x", [length, 1]), right: trace.input("one", [1, 1]) }).product;
    trace.output("result", kernel({ x, y: trace.input("y", [length, 1]) }, { factor: constant }).result);
  });
}

async function resultOf(
  executor: Executor,
  plan: Plan,
  x: readonly number[],
  y: readonly number[],
): Promise<Float32Array> {
  const session = await executor.load({ residents: {}, plans: { plan } });
  const [results] = await session.run("plan", [
    { x: Float32Array.from(x), y: Float32Array.from(y), one: Float32Array.of(1) },
  ]);
  const result = results!.result!.slice();
  await session.dispose();
  return result;
}

const element = fc.oneof(fc.constantFrom(0, 1, -1, 2), fc.float({ min: -8, max: 8, noNaN: true }));
const pairs = fc.array(fc.tuple(element, element), { minLength: 1, maxLength: 9 });

describe("a kernel that is an expression", () => {
  test("computes it operation by operation in float32, by GPU.js and by ONNX Runtime, bit by bit", async () => {
    const { executor: stretches, bound } = watched(contractions(onnxruntime, { fused: true }));
    await fc.assert(
      fc.asyncProperty(drawnExpression, pairs, async (expression, drawn) => {
        const [x, y] = [drawn.map(([value]) => value), drawn.map(([, value]) => value)];
        const plan = planOf(expression, drawn.length);
        const wanted = drawn.map(([x, y]) => inFloat32(expression, { x, y }));
        bound.length = 0;
        for (const executor of [pipelineExecutor("webasm"), stretches]) {
          const result = await resultOf(executor, plan, x, y);
          const apart = wanted.findIndex((value, index) => !isSame(result[index]!, value));
          if (apart >= 0)
            expect({ executor: executor.provider, apart, value: result[apart] }).toEqual({ value: wanted[apart] });
        }
        expect(bound).toEqual(["stretch"]);
      }),
      { numRuns: 40 },
    );
  });

  test("may be one number for all elements, or an element itself: then it is no part of a stretch", async () => {
    const { executor, bound } = watched(contractions(onnxruntime, { fused: true }));
    const one = times({ kind: "constant", name: "factor" }, 2);
    expect([...(await resultOf(executor, planOf(one, 2), [3, 4], [5, 6]))]).toEqual([1.5, 1.5]);
    expect([...(await resultOf(executor, planOf({ kind: "element", input: "y" }, 2), [3, 4], [5, 6]))]).toEqual([5, 6]);
    expect(bound).toEqual(["matrix-product", "matrix-product"]);
  });

  test("may hold exponentials", async () => {
    const x: Expression = { kind: "element", input: "x" };
    const plan = planOf(plus(exponential(negative(x)), 1), 3);
    for (const executor of [definition, watched(contractions(onnxruntime, { fused: true })).executor]) {
      const result = await resultOf(executor, plan, [0, 1, -2], [0, 0, 0]);
      [2, 1 + Math.exp(-1), 1 + Math.exp(2)].forEach((wanted, index) => {
        expect(result[index]! / wanted).toBeCloseTo(1, 6);
      });
    }
  });

  test("has a body that computes once what is used twice, in the order of the expression", () => {
    const textOf = (kernel: { readonly declaration: { readonly expression?: Expression } }) =>
      bodyText(kernel.declaration.expression!).split("\n").slice(1);
    expect(textOf(leak)).toEqual(["return ((this.constants.kept * previous[i]) + (this.constants.rate * rates[i]));"]);
    expect(textOf(leakyRelu)).toEqual([
      "const shared0 = values[i];",
      "return Math.max(shared0, (this.constants.slope * shared0));",
    ]);
    expect(textOf(binariseSlope)).toEqual([
      "const shared0 = (1 + (this.constants.sharpness * Math.abs((rates[i] - this.constants.threshold))));",
      "return (1 / (shared0 * shared0));",
    ]);
    expect(textOf(markAttended)).toEqual([
      "return (((inhibition[i] + ((signal[i] < this.constants.threshold) ? 1 : 0)) > 0.5) ? 1 : 0);",
    ]);
    const opposite = negative({ kind: "number", value: -2.5 });
    expect(bodyText(opposite).split("\n").at(-1)).toBe("return (-(-2.5));");
  });

  test("costs its operations: changes of sign and choices nothing, what is used twice once", () => {
    const x: Expression = { kind: "element", input: "x" };
    const root = plus(1, magnitude(negative(x)));
    expect(operationsOf(times(root, root))).toBe(3);
    expect(operationsOf(choice(above(x, 0), exponential(x), 0))).toBe(2);
  });

  test("takes the constants that a call gives, and those worked out from them", () => {
    const plan = tracePlan("leak", {}, (trace) => {
      const [previous, rates] = [trace.input("previous", [2]), trace.input("rates", [2])];
      trace.output("result", leak({ previous, rates }, { rate: 0.1 }).result);
    });
    expect(plan.steps[0]!.constants).toEqual({ rate: 0.1, kept: 0.9 });
    expect(plan.steps[0]!.kernel.inPlace).toEqual({ result: "rates" });
  });
});
