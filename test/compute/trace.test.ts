import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { multiplyMatrices } from "../../src/compute/kernels/contraction.ts";
import { relu } from "../../src/compute/kernels/gain.ts";
import { momentumStep, sgdStep } from "../../src/compute/kernels/optimiser.ts";
import { add, multiply, ones } from "../../src/compute/kernels/pointwise.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { type Shape, sizeOf } from "../../src/compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../../src/compute/trace.ts";
import { ShapeError } from "../../src/kinds/errors.ts";
import { shapeOf } from "../arbitraries/kernels-values.ts";
import { catalogue } from "./kernel-catalogue.ts";

const residents = { w: [2, 3], v: [6] };

/** Records an orchestration and gives back what it returns. */
function recorded<T>(orchestrate: (trace: Trace) => T, name = "plan"): T {
  let answer: T;
  tracePlan(name, residents, (trace) => {
    answer = orchestrate(trace);
  });
  return answer!;
}

describe("a kernel call", () => {
  test.for(catalogue)("of $name with the same arguments is recorded once", ({ kernel, cases }) => {
    fc.assert(
      fc.property(cases, ({ inputs, attributes }) => {
        const plan = tracePlan("plan", {}, (trace) => {
          const given = Object.fromEntries(
            Object.entries(inputs).map(([name, { shape }]) => [name, trace.input(name, shape)]),
          );
          const first = kernel(given, attributes);
          const second = kernel({ ...given }, { ...attributes });
          for (const [name, tensor] of Object.entries(first)) {
            expect(second[name]!.id).toBe(tensor.id);
            trace.output(name, tensor);
          }
        });
        expect(plan.steps.length).toBe(1);
      }),
      { numRuns: 10 },
    );
  });

  test("with other arguments, attributes, shapes or order is another one", () => {
    const ids = recorded((trace) => {
      const [a, b] = [trace.input("a", [2, 3]), trace.input("b", [2, 3])];
      const schedule = trace.input("schedule", [1]);
      const bounds = { minimum: 0, maximum: 1 };
      return [
        add({ left: a, right: b }).result,
        add({ left: b, right: a }).result,
        add({ left: reshape(a, [6]), right: reshape(b, [6]) }).result,
        multiply({ left: a, right: b }).result,
        ones({ like: a }, { shape: [2, 3] }).result,
        ones({ like: a }, { shape: [3, 2] }).result,
        sgdStep({ weight: a, gradient: b, schedule }, bounds).weight,
        sgdStep({ weight: a, gradient: b, schedule }, { ...bounds, minimum: -1 }).weight,
      ].map(({ id }) => id);
    });
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("answers tensors of the shapes that its shape rule says, in the trace of its arguments", () => {
    recorded((trace) => {
      const [left, right] = [trace.input("left", [2, 3]), trace.input("right", [3, 4])];
      const { product } = multiplyMatrices({ left, right });
      expect(product.shape).toEqual([2, 4]);
      expect(product.trace).toBe(trace);
    });
  });

  test("refuses tensors of another plan, and missing ones, by kernel and argument", () => {
    const foreign = recorded((trace) => trace.input("x", [2, 3]), "elsewhere");
    recorded((trace) => {
      const own = trace.input("x", [2, 3]);
      expect(() => add({ left: own, right: foreign })).toThrow(
        'add: input "right" is missing or belongs to another plan than "plan"',
      );
      expect(() => add({ left: foreign, right: own })).toThrow(
        'add: input "right" is missing or belongs to another plan than "elsewhere"',
      );
      expect(() => add({ left: own } as { left: Tensor; right: Tensor })).toThrow(
        'add: input "right" is missing or belongs to another plan than "plan"',
      );
      expect(() => relu({} as { values: Tensor })).toThrow('kernel "relu" has no inputs');
    });
  });
});

describe("a trace", () => {
  test("reads a resident under one id, however often it is asked for", () => {
    recorded((trace) => {
      const first = trace.resident("w");
      expect(trace.resident("w")).toEqual(first);
      expect(first.shape).toEqual([2, 3]);
      expect(trace.resident("v").id).not.toBe(first.id);
    });
  });

  test("gives a shared input to all that ask for it", () => {
    const plan = tracePlan("plan", residents, (trace) => {
      const first = trace.sharedInput("x", [2, 3], "finite");
      expect(trace.sharedInput("x", [2, 3], "finite")).toEqual(first);
      expect(trace.sharedInput("y", [2, 3]).id).not.toBe(first.id);
      expect(() => trace.input("x", [2, 3])).toThrow('plan "plan": input "x" is declared twice');
    });
    expect([...plan.inputs.keys()]).toEqual(["x", "y"]);
    expect(plan.ranges.get("x")).toBe("finite");
  });

  test("refuses what is declared twice", () => {
    recorded((trace) => {
      const x = trace.input("x", [2, 3]);
      expect(() => trace.input("x", [2, 3])).toThrow('plan "plan": input "x" is declared twice');
      trace.output("y", x);
      expect(() => trace.output("y", x)).toThrow('plan "plan": output "y" is declared twice');
      trace.assign("w", x);
      expect(() => trace.assign("w", x)).toThrow('plan "plan": resident "w" is assigned twice');
    });
  });

  test("refuses residents that the program does not have", () => {
    recorded((trace) => {
      const x = trace.input("x", [2, 3]);
      expect(() => trace.resident("u")).toThrow('plan "plan": resident "u" is not in the program');
      expect(() => trace.assign("u", x)).toThrow('plan "plan": resident "u" is not in the program');
    });
  });

  test("refuses a new value of another size, by plan, resident and both shapes; takes one of another shape", () => {
    recorded((trace) => {
      const assign = () => trace.assign("w", trace.input("x", [2, 4]));
      expect(assign).toThrow(ShapeError);
      expect(() => trace.assign("w", trace.input("y", [7]))).toThrow(
        'plan "plan": [7] cannot become resident "w" of shape [2, 3]',
      );
      trace.assign("w", trace.input("z", [3, 2]));
    });
  });

  test("refuses to read out or to keep a tensor of another plan, whose id means something else here", () => {
    const foreign = recorded((trace) => trace.input("x", [2, 3]), "elsewhere");
    recorded((trace) => {
      expect(() => trace.output("y", foreign)).toThrow('plan "plan": output "y" is a tensor of plan "elsewhere"');
      expect(() => trace.assign("w", foreign)).toThrow(
        'plan "plan": the new value of resident "w" is a tensor of plan "elsewhere"',
      );
    });
  });

  test.for([[[]], [[0]], [[2, -1]], [[2.5]], [[Number.NaN, 2]]] as [Shape][])("refuses shape %j", ([shape]) => {
    const written = `[${shape.join(", ")}]`;
    const wrong = `shape ${written} is not a list of whole numbers of at least 1`;
    recorded((trace) => {
      const declare = () => trace.input("x", shape);
      expect(declare).toThrow(ShapeError);
      expect(declare).toThrow(`plan "plan", input "x": ${wrong}`);
      const like = trace.input("like", [6]);
      expect(() => ones({ like }, { shape })).toThrow(`ones: ${wrong}`);
    });
    expect(() => tracePlan("plan", { w: shape }, () => {})).toThrow(`plan "plan", resident "w": ${wrong}`);
  });
});

describe("reshape", () => {
  test("gives the same values another shape of the same size, and back", () => {
    fc.assert(
      fc.property(shapeOf(3), (shape) => {
        recorded((trace) => {
          const tensor = trace.input("x", shape);
          const flat = reshape(tensor, [sizeOf(shape)]);
          expect(flat).toEqual({ ...tensor, shape: [sizeOf(shape)] });
          expect(reshape(flat, shape)).toEqual(tensor);
        });
      }),
    );
  });

  test("refuses another size by both shapes, and sizes that only multiply to the right one", () => {
    recorded((trace) => {
      const tensor = trace.input("x", [2, 3]);
      expect(() => reshape(tensor, [2, 4])).toThrow(ShapeError);
      expect(() => reshape(tensor, [2, 4])).toThrow("reshape: [2, 3] does not fit into [2, 4]");
      for (const shape of [
        [-2, -3],
        [1.5, 4],
      ])
        expect(() => reshape(tensor, shape)).toThrow(
          `reshape: shape [${shape.join(", ")}] is not a list of whole numbers of at least 1`,
        );
    });
  });
});

test("a kernel of several outputs is one step", () => {
  const plan = tracePlan("plan", residents, (trace) => {
    const schedule = trace.input("schedule", [1]);
    const gradient = trace.input("gradient", [2, 3]);
    const given = { weight: trace.resident("w"), velocity: trace.input("velocity", [2, 3]), gradient, schedule };
    const stepped = momentumStep(given, { minimum: 0, maximum: 1, momentum: 0.9 });
    trace.output("velocity", stepped.velocity);
  });
  expect(plan.steps.length).toBe(1);
  expect(Object.keys(plan.steps[0]!.outputs)).toEqual(["weight", "velocity"]);
});
