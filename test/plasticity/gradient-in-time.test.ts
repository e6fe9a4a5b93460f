import fc from "fast-check";
import { expect, it } from "vitest";
import { expectSameGradient, largestRate } from "../arbitraries/circuit-close.ts";
import { type RecurrentCase, recurrentCases } from "../arbitraries/recurrent-cases.ts";
import { respondInTime } from "../oracles/recurrent-response.ts";
import { measureInTime } from "../oracles/recurrent-updates.ts";

const step = 1e-5;
/** Samples nearer than this to a change of the readout that decides are left out: a step may bring it about. */
const safeMargin = 1e-3;

/** d(weighted loss)/d(parameter) by central differences in float64. */
function numericalGradient({ network, values, feeds }: RecurrentCase, weights: Float32Array) {
  const shifted = new Map([...values].map(([name, array]) => [name, Float64Array.from(array)]));
  const loss = () =>
    weights.reduce(
      (sum, weight, sample) =>
        weight === 0 ? sum : sum + weight * respondInTime(network.description, shifted, feeds, sample).loss,
      0,
    );
  return new Map(
    network.parameters.map(({ name }) => {
      const array = shifted.get(name)!;
      const slopes = Array.from(array, (value, at) => {
        const [above, below] = [value + step, value - step].map((moved) => {
          array[at] = moved;
          return loss();
        });
        array[at] = value;
        return (above! - below!) / (2 * step);
      });
      return [name, slopes] as const;
    }),
  );
}

it("back-propagation through time is the numerical gradient of the loss, for every parameter", async () => {
  let samples = 0;
  await fc.assert(
    fc.asyncProperty(recurrentCases({ changing: true, binary: false }), async (drawn) => {
      const { network, values, feeds, batch } = drawn;
      const safe = Array.from(
        { length: batch },
        (_, sample) => respondInTime(network.description, values, feeds, sample).margin > safeMargin,
      );
      const count = safe.filter(Boolean).length;
      samples += count;
      const weights = Float32Array.from(safe, (chosen) => (chosen ? 1 / count : 0));
      const { gradient, rates } = await measureInTime(drawn, weights);
      for (const [name, slopes] of numericalGradient(drawn, weights))
        expectSameGradient(gradient.get(name), slopes, largestRate(rates), name);
    }),
    { numRuns: 100 },
  );
  expect(samples).toBeGreaterThan(100);
});
