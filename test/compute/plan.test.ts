import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { multiplyByTranspose, multiplyMatrices, multiplyTransposed } from "../../src/compute/kernels/contraction.ts";
import { sgdStep } from "../../src/compute/kernels/optimiser.ts";
import { add, multiply } from "../../src/compute/kernels/pointwise.ts";
import { costOf, tracePlan } from "../../src/compute/plan.ts";
import { programs } from "../arbitraries/compute-programs.ts";
import { size } from "../arbitraries/kernels-values.ts";
import type { PlanModel } from "../oracles/compute-program.ts";
import { buildProgram } from "./build-program.ts";

/** Expressions that an output or an assignment needs. */
function needed({ expressions, outputs, assignments }: PlanModel): Set<number> {
  const found = new Set<number>();
  const visit = (index: number) => {
    if (found.has(index)) return;
    found.add(index);
    const expression = expressions[index]!;
    if ("operands" in expression) expression.operands.forEach(visit);
  };
  for (const index of [...Object.values(outputs), ...Object.values(assignments)]) visit(index);
  return found;
}

describe("a plan", () => {
  test("has a step for an expression exactly where an output or an assignment needs it", () => {
    fc.assert(
      fc.property(programs, (model) => {
        const program = buildProgram(model);
        for (const [name, plan] of Object.entries(model.plans)) {
          // Equal expressions are one step, and so are the two outputs of one momentum step.
          const numbers = new Map<string, number>();
          const number = plan.expressions.map((_, index) => index);
          plan.expressions.forEach((expression, index) => {
            if (!("operands" in expression)) return;
            const { kind, operands, form } = expression;
            // The first three operands are read in this form, a rate always as one number.
            const key = JSON.stringify([kind, operands.map((operand) => number[operand]), form]);
            const known = numbers.get(key);
            if (known === undefined) numbers.set(key, index);
            else number[index] = known;
          });
          const steps = new Set(
            [...needed(plan)].flatMap((index) => {
              const expression = plan.expressions[index]!;
              if (!("operands" in expression)) return [];
              const kernel = expression.kind.replace(/^momentum-.*/, "momentum");
              return [JSON.stringify([kernel, expression.operands.map((operand) => number[operand]), expression.form])];
            }),
          );
          expect(program.plans[name]!.steps.length).toBe(steps.size);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("computes every value before it is read", () => {
    fc.assert(
      fc.property(programs, (model) => {
        for (const plan of Object.values(buildProgram(model).plans)) {
          const known = new Set([...plan.inputs.values(), ...plan.residents.values()]);
          for (const step of plan.steps) {
            for (const id of Object.values(step.inputs)) expect(known).toContain(id);
            for (const id of Object.values(step.outputs)) known.add(id);
          }
          for (const { id } of plan.outputs.values()) expect(known).toContain(id);
          for (const id of plan.assignments.values()) expect(known).toContain(id);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("without outputs and assignments has no steps", () => {
    const plan = tracePlan("nothing", {}, (trace) => {
      const x = trace.input("x", [3]);
      add({ left: x, right: x });
    });
    expect(plan.steps).toEqual([]);
    expect(costOf(plan)).toEqual({ kernels: {}, flops: 0, bytes: 0 });
  });
});

describe("the cost of a plan", () => {
  test("of a matrix product is 2 m n k operations, and each operand and the product once", () => {
    fc.assert(
      fc.property(size, size, size, (m, n, k) => {
        const products = {
          "matrix-product": [multiplyMatrices, [m, k], [k, n]],
          "matrix-product-right-transposed": [multiplyByTranspose, [m, k], [n, k]],
          "matrix-product-left-transposed": [multiplyTransposed, [k, m], [k, n]],
        } as const;
        for (const [name, [kernel, left, right]] of Object.entries(products)) {
          const plan = tracePlan("product", {}, (trace) => {
            const { product } = kernel({ left: trace.input("left", left), right: trace.input("right", right) });
            expect(product.shape).toEqual([m, n]);
            trace.output("product", product);
          });
          const bytes = 4 * (m * k + k * n + m * n);
          expect(costOf(plan)).toEqual({ kernels: { [name]: 1 }, flops: 2 * m * n * k, bytes });
        }
      }),
    );
  });

  test("adds the steps up, and counts calls by kernel, but not those that nothing needs", () => {
    const plan = tracePlan("steps", { w: [5] }, (trace) => {
      const [x, schedule] = [trace.input("x", [5]), trace.input("schedule", [1])];
      const twice = add({ left: x, right: x }).result;
      const fourfold = add({ left: twice, right: twice }).result;
      multiply({ left: fourfold, right: fourfold });
      const bounds = { minimum: 0, maximum: 1 };
      trace.assign("w", sgdStep({ weight: trace.resident("w"), gradient: fourfold, schedule }, bounds).weight);
    });
    const elements = 2 * 3 * 5 + (5 + 5 + 1 + 5);
    expect(costOf(plan)).toEqual({ kernels: { add: 2, "sgd-step": 1 }, flops: 5 + 5 + 4 * 5, bytes: 4 * elements });
  });
});
