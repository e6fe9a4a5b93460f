import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  convolutionDrive,
  convolutionTransport,
  localDrive,
  localTransport,
} from "../../src/compute/kernels/convolution.ts";
import { averagePool, averagePoolTransport, maxPool, maxPoolTransport } from "../../src/compute/kernels/pooling.ts";
import { convolutionSampleUpdate, convolutionUpdate, localUpdate } from "../../src/compute/kernels/window-update.ts";
import { type Drawn, drawn } from "../arbitraries/kernels-values.ts";
import { errors, filterWeights, ownWeights, pools, projections, rates } from "../arbitraries/window-cases.ts";
import { definition } from "./accelerated.ts";
import type { AnyKernel } from "./kernel-catalogue.ts";
import { runKernel } from "./run-kernel.ts";

const runs = { numRuns: 25 };

async function call(kernel: unknown, inputs: Readonly<Record<string, Drawn>>, attributes: object) {
  const [values] = Object.values(await runKernel(definition, kernel as AnyKernel, { inputs, attributes }));
  return values!;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((total, value, index) => total + value * b[index]!, 0);

/** Both sides are sums of the same products, each rounded to float32 on the way. */
function expectSame(values: readonly number[], terms: ArrayLike<number>[]): void {
  const magnitude = Math.max(1, ...terms.map((each) => dot(Array.from(each, Math.abs), Array.from(each, Math.abs))));
  for (const value of values) expect(Math.abs(value - values[0]!)).toBeLessThanOrEqual(1e-6 * magnitude);
}

describe("drive, transport and update are the three sides of one form: error . drive(weight, rates)", () => {
  const kinds = {
    convolution: [convolutionDrive, convolutionTransport, convolutionUpdate, filterWeights],
    local: [localDrive, localTransport, localUpdate, ownWeights],
  } as const;

  test.for(Object.entries(kinds))("%s", async ([, [drive, transport, update, weights]]) => {
    const cases = projections.chain((p) => fc.tuple(fc.constant(p.attributes), rates(p), weights(p), errors(p)));
    await fc.assert(
      fc.asyncProperty(cases, async ([attributes, rate, weight, error]) => {
        const driven = await call(drive, { rates: rate, weight }, attributes);
        const transported = await call(transport, { error, weight }, attributes);
        const updated = await call(update, { error, rates: rate }, attributes);
        expectSame(
          [dot(driven, error.values), dot(transported, rate.values), dot(updated, weight.values)],
          [driven, error.values, transported, rate.values, updated, weight.values],
        );
      }),
      runs,
    );
  });

  test("updates of single samples add up to the update", async () => {
    const cases = projections.chain((p) => fc.tuple(fc.constant(p), rates(p), errors({ ...p, groups: 1 })));
    await fc.assert(
      fc.asyncProperty(cases, async ([{ attributes, samples }, rate, error]) => {
        const whole = await call(convolutionUpdate, { error, rates: rate }, attributes);
        const single = await call(convolutionSampleUpdate, { error, rates: rate }, attributes);
        const sum = Array.from(whole, (_, index) => {
          let total = 0;
          for (let n = 0; n < samples; n++) total += single[n * whole.length + index]!;
          return total;
        });
        whole.forEach((value, index) => {
          expectSame([value, sum[index]!], [error.values, rate.values]);
        });
      }),
      runs,
    );
  });
});

describe("transport through a pool is the transpose of the pool", () => {
  const cases = pools.chain(({ attributes, samples, units, pooledUnits }) =>
    fc.tuple(fc.constant(attributes), drawn([samples, units]), drawn([samples, pooledUnits])),
  );

  test("that averages", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ([attributes, rate, error]) => {
        const pooled = await call(averagePool, { rates: rate }, attributes);
        const result = await call(averagePoolTransport, { error }, attributes);
        expectSame([dot(pooled, error.values), dot(result, rate.values)], [rate.values, error.values]);
      }),
      runs,
    );
  });

  test("that takes the largest, where it stands: sums of errors times winners", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ([attributes, rate, error]) => {
        const pooled = await call(maxPool, { rates: rate }, attributes);
        const result = await call(maxPoolTransport, { error, rates: rate }, attributes);
        expectSame([dot(pooled, error.values), dot(result, rate.values)], [rate.values, error.values]);
      }),
      runs,
    );
  });
});
