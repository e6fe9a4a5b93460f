import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { simd } from "../../src/compute/accelerators/simd/simd.ts";
import { cpuExecutor } from "../../src/compute/devices/cpu.ts";
import { pipelineExecutor } from "../../src/compute/devices/pipeline.ts";
import { add } from "../../src/compute/kernels/pointwise.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { checkRange } from "../../src/compute/value-range.ts";
import { DataError } from "../../src/kinds/errors.ts";
import { definition } from "./accelerated.ts";

const notFinite = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
const finite = fc.float32Array({ noNaN: true, noDefaultInfinity: true, minLength: 1 });

describe("a range", () => {
  test("of finite numbers lets all of them pass and names the first that is none", () => {
    fc.assert(
      fc.property(finite, notFinite, notFinite, fc.nat(), fc.nat(), (values, one, other, a, b) => {
        checkRange("x", values, "finite");
        const [first, later] = [a % values.length, b % values.length].sort((x, y) => x - y) as [number, number];
        values[later] = other;
        values[first] = one;
        expect(() => checkRange("the rates", values, "finite")).toThrow(
          new DataError(`the rates: value ${first} is ${one}, expected finite numbers`),
        );
      }),
    );
  });

  test("of whole numbers lets those from 0 to its end pass, and nothing else", () => {
    const label = fc.oneof(fc.integer({ min: -2, max: 12 }), fc.float({ noNaN: true }), notFinite);
    fc.assert(
      fc.property(fc.array(label, { minLength: 1 }), fc.integer({ min: 1, max: 10 }), (labels, below) => {
        const values = Float32Array.from(labels);
        const wrong = values.findIndex((value) => !Array.from({ length: below }, (_, known) => known).includes(value));
        const check = () => checkRange("labels", values, { below });
        if (wrong < 0) check();
        else
          expect(check).toThrow(
            new DataError(`labels: value ${wrong} is ${values[wrong]}, expected whole numbers from 0 to ${below - 1}`),
          );
      }),
    );
  });
});

describe.for([definition, pipelineExecutor("webasm")])("a session on $device", (executor) => {
  test("refuses what an input does not take before any run, and takes anything where nothing is said", async () => {
    const residents = { total: [2] };
    const plan = tracePlan("count", residents, (trace) => {
      const [labels, rates] = [trace.input("labels", [2], { below: 3 }), trace.input("rates", [2])];
      const sum = add({ left: add({ left: labels, right: rates }).result, right: trace.resident("total") }).result;
      trace.assign("total", sum);
    });
    const session = await executor.load({ residents, plans: { count: plan } });
    const rates = new Float32Array(2);
    const right = { labels: Float32Array.of(0, 2), rates };
    await expect(session.run("count", [right, { labels: Float32Array.of(0, 3), rates }])).rejects.toThrow(
      new DataError('plan "count", input "labels": value 1 is 3, expected whole numbers from 0 to 2'),
    );
    expect([...(await session.read("total"))]).toEqual([0, 0]);
    await session.run("count", [{ ...right, rates: Float32Array.of(Number.NaN, 1) }]);
    expect([...(await session.read("total"))]).toEqual([Number.NaN, 3]);
    await session.dispose();
  });
});

test("the cpu device finds the one number that is not finite, of any number of them", async () => {
  const executor = cpuExecutor("simd", [simd]);
  await fc.assert(
    fc.asyncProperty(finite, notFinite, fc.nat(), async (values, wrong, drawn) => {
      const copy = tracePlan("copy", {}, (trace) =>
        trace.output("copied", trace.input("rates", [values.length], "finite")),
      );
      const session = await executor.load({ residents: {}, plans: { copy } });
      const [results] = await session.run("copy", [{ rates: values }]);
      expect(results!.copied).toEqual(values);
      const at = drawn % values.length;
      const rates = values.with(at, wrong);
      await expect(session.run("copy", [{ rates: values }, { rates }])).rejects.toThrow(
        new DataError(`plan "copy", input "rates": value ${at} is ${wrong}, expected finite numbers`),
      );
      await session.dispose();
    }),
  );
});
