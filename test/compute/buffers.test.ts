import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planBuffers } from "../../src/compute/buffers.ts";
import { relu } from "../../src/compute/kernels/gain.ts";
import { sgdStep } from "../../src/compute/kernels/optimiser.ts";
import { add, multiply } from "../../src/compute/kernels/pointwise.ts";
import { type Plan, tracePlan } from "../../src/compute/plan.ts";
import { sizeOf } from "../../src/compute/shape.ts";
import { reshape } from "../../src/compute/trace.ts";
import { programs } from "../arbitraries/compute-programs.ts";
import { buildProgram } from "./build-program.ts";
import { overwritten } from "./overwritten.ts";

const plans = programs.map((model) => Object.values(buildProgram(model).plans)[0]!);
const elementsOf = (plan: Plan, id: number) => sizeOf(plan.shapes[id]!);

describe("buffers", () => {
  test("hold every value as long as something needs it", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(overwritten(plan, planBuffers(plan))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("begin at multiples of 64 bytes and fill a region no larger than all values together", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const buffers = planBuffers(plan);
        let sum = 0;
        let end = 0;
        for (const [id, offset] of buffers.offsets) {
          const bytes = Math.ceil((4 * elementsOf(plan, id)) / 64) * 64;
          expect(offset % 64).toBe(0);
          sum += bytes;
          end = Math.max(end, offset + bytes);
        }
        expect(buffers.bytes).toBe(end);
        expect(buffers.bytes).toBeLessThanOrEqual(sum);
      }),
      { numRuns: 200 },
    );
  });

  test("lie where a resident is exactly for residents and values written in place", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { offsets, residents, copies, keeps } = planBuffers(plan);
        for (const [id, name] of residents)
          expect([plan.residents.get(name), plan.assignments.get(name)]).toContain(id);
        for (const id of residents.keys()) expect(offsets.has(id)).toBe(false);
        for (const { resident } of keeps) expect(copies.map((copy) => copy.resident)).toContain(resident);
      }),
      { numRuns: 200 },
    );
  });
});

describe("examples of buffers", () => {
  test("a chain of steps needs two values at a time", () => {
    const plan = tracePlan("chain", {}, (trace) => {
      let value = trace.input("x", [16]);
      for (let step = 0; step < 9; step++) value = add({ left: value, right: value }).result;
      trace.output("y", value);
    });
    expect(planBuffers(plan).bytes).toBe(2 * 64);
  });

  test("a chain of steps that work in place needs one value at a time", () => {
    const plan = tracePlan("chain", {}, (trace) => {
      let value = trace.input("x", [16]);
      for (let step = 0; step < 9; step++) value = relu({ values: reshape(value, [2, 8]) }).result;
      trace.output("y", value);
    });
    const { bytes, offsets } = planBuffers(plan);
    expect(bytes).toBe(64);
    expect([...offsets.keys()]).toHaveLength(10);
  });

  test.for(["read later", "an output", "the other input too"])("an input that is %s is not written over", (reason) => {
    const plan = tracePlan("plan", {}, (trace) => {
      const left = trace.input("x", [16]);
      const right = reason === "the other input too" ? left : trace.input("y", [16]);
      const sum = add({ left, right }).result;
      trace.output("sum", sum);
      if (reason === "read later") trace.output("later", multiply({ left: right, right: left }).result);
      if (reason === "an output") trace.output("x", left);
    });
    const { offsets } = planBuffers(plan);
    expect(offsets.get(plan.outputs.get("sum")!.id)).not.toBe(offsets.get(plan.inputs.get("x")!));
    expect(overwritten(plan, planBuffers(plan))).toEqual([]);
  });

  const residents = { w: [20], g: [20] };
  const bounds = { minimum: 0, maximum: 1 };

  test("a weight is updated in place where its old value is not needed again", () => {
    const plan = tracePlan("update", residents, (trace) => {
      const weight = trace.resident("w");
      const schedule = trace.input("schedule", [1]);
      trace.assign("w", sgdStep({ weight, gradient: trace.resident("g"), schedule }, bounds).weight);
    });
    const { copies, keeps, bytes, residents: places } = planBuffers(plan);
    expect([copies, keeps, bytes]).toEqual([[], [], 64]);
    expect(places.get(plan.assignments.get("w")!)).toBe("w");
  });

  test.for(["read later", "an output", "another resident's", "the gradient too"])(
    "a weight whose old value is %s is not",
    (reason) => {
      const plan = tracePlan("update", residents, (trace) => {
        const weight = trace.resident("w");
        const schedule = trace.input("schedule", [1]);
        const gradient = trace.resident(reason === "the gradient too" ? "w" : "g");
        const moved = sgdStep({ weight, gradient, schedule }, bounds).weight;
        trace.assign("w", moved);
        if (reason === "read later") trace.output("y", multiply({ left: moved, right: weight }).result);
        if (reason === "an output") trace.output("old", weight);
        if (reason === "another resident's") trace.assign("g", weight);
      });
      expect(planBuffers(plan).residents.has(plan.assignments.get("w")!)).toBe(false);
      expect(overwritten(plan, planBuffers(plan))).toEqual([]);
    },
  );

  test("two residents that exchange their values are kept before either is overwritten", () => {
    const plan = tracePlan("exchange", residents, (trace) => {
      trace.assign("w", trace.resident("g"));
      trace.assign("g", trace.resident("w"));
    });
    const { keeps, copies } = planBuffers(plan);
    expect(keeps.map(({ resident }) => resident).sort()).toEqual(["g", "w"]);
    expect(copies.map(({ resident }) => resident).sort()).toEqual(["g", "w"]);
  });

  test("a resident that is assigned itself stays where it is", () => {
    const plan = tracePlan("stay", residents, (trace) => trace.assign("w", trace.resident("w")));
    expect(planBuffers(plan)).toMatchObject({ copies: [], keeps: [], bytes: 0 });
  });
});
