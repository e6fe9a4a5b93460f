import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Network } from "../../src/circuits/network.ts";
import { randomStream } from "../../src/compute/random.ts";
import { type CircuitCase, type CircuitFamily, circuitCases } from "../arbitraries/circuit-cases.ts";
import { expectClose } from "../arbitraries/circuit-close.ts";
import { mapCases } from "../arbitraries/map-cases.ts";
import { measure } from "../oracles/circuit-updates.ts";

/** Circuits whose units are alike: an alternating relu tells even from odd ones. */
const family: CircuitFamily = {
  units: "both",
  wiring: "branching",
  signs: ["excitatory", "mixed"],
  vectorGains: ["gated", "tanh", "relu"],
  scalarGains: ["relu", "tanh", "sigmoid"],
};

type Orders = ReadonlyMap<string, readonly number[]>;

/**
 * A random order of the channels of input and every hidden population (units in a row are channels); those of the readout
 * have names.
 */
function channelOrders({ inputs, readouts, populations }: Network, seed: number): Orders {
  const drawn = (name: string, count: number) => [...randomStream(seed, name).permutation(count)];
  const orders = new Map(inputs.map(({ name, map }) => [name, drawn(name, map.channels)]));
  for (const { name, map, incoming } of populations) {
    // A pool keeps channels apart, so its channels come as those that it pools.
    const pool = incoming.find(({ weight }) => weight === undefined);
    const order = pool ? orders.get(pool.pre)! : drawn(name, map.channels);
    orders.set(name, readouts.some((readout) => readout.name === name) ? order.sort((a, b) => a - b) : order);
  }
  return orders;
}

/** The order of all things of which each channel has one, channels last, when channels come in another order. */
const repeated = (order: readonly number[], length: number) =>
  Array.from({ length }, (_, at) => at - (at % order.length) + order[at % order.length]!);

/** Rows of a [..., post, pre] array taken in one order, columns in another. */
function reorder(array: Float32Array, rows: readonly number[], columns: readonly number[]): Float32Array {
  const [post, pre] = [rows.length, columns.length];
  return array.map((_, at) => {
    const [copy, row, column] = [Math.floor(at / (post * pre)), Math.floor(at / pre) % post, at % pre];
    return array[(copy * post + rows[row]!) * pre + columns[column]!]!;
  });
}

/** Rates, biases or the like, channels last. */
const reorderUnits = (array: Float32Array, order: readonly number[]) =>
  reorder(array, [0], repeated(order, array.length));

/** Parameters, or updates of them, of the circuit with its units in another order. */
function reorderParameters(network: Network, arrays: ReadonlyMap<string, Float32Array>, orders: Orders) {
  return new Map(
    [...arrays].map(([name, array]) => {
      const projection = network.projections.find(({ weight }) => weight === name);
      if (!projection) return [name, reorderUnits(array, orders.get(name.split("/")[0]!)!)];
      const { post, pre } = projection.weights!;
      const [rows, columns] = [orders.get(projection.post)!, orders.get(projection.pre)!];
      return [name, reorder(array, repeated(rows, post), repeated(columns, pre))];
    }),
  );
}

for (const [what, cases] of [
  ["units of the input and of every hidden population", circuitCases(family)],
  ["channels of the input and of every map", mapCases(family)],
] as const)
  describe(`permuting the ${what}`, () => {
    it("permutes rates and updates, and leaves the output", async () => {
      await fc.assert(
        fc.asyncProperty(cases, fc.nat(), async (drawn, seed) => {
          const { network, values } = drawn;
          const orders = channelOrders(network, seed);
          const stimuli = reorderUnits(drawn.stimuli, orders.get(network.inputs[0]!.name)!);
          const before = await measure(drawn);
          const after = await measure({ ...drawn, stimuli, values: reorderParameters(network, values, orders) });
          expectClose(after.scores, before.scores, "scores");
          for (const [name, rates] of before.rates)
            expectClose(after.rates.get(name)!, reorderUnits(rates, orders.get(name)!), `rates of ${name}`);
          for (const rule of ["gevb", "bp"] as const)
            for (const [name, update] of reorderParameters(network, before[rule], orders))
              expectClose(after[rule].get(name)!, update, `${rule} of ${name}`);
        }),
        { numRuns: 40 },
      );
    });
  });

describe("permuting the samples of a batch", () => {
  it("permutes scores and rates, and leaves the updates", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(circuitCases(family), mapCases(family)), fc.nat(), async (drawn, seed) => {
        const order = [...randomStream(seed, "samples").permutation(drawn.batch)];
        const before = await measure(drawn);
        const after = await measure(permuteBatch(drawn, order));
        const samplesOf = (array: Float32Array) => {
          const columns = Array.from({ length: array.length / drawn.batch }, (_, i) => i);
          return reorder(array, order, columns);
        };
        expect(after.scores).toEqual(samplesOf(before.scores));
        expect(after.loss).toEqual(samplesOf(before.loss));
        for (const [name, rates] of before.rates) expect(after.rates.get(name)).toEqual(samplesOf(rates));
        for (const rule of ["gevb", "bp"] as const)
          for (const [name, update] of before[rule]) expectClose(after[rule].get(name)!, update, `${rule} of ${name}`);
      }),
      { numRuns: 40 },
    );
  });
});

function permuteBatch(drawn: CircuitCase, order: readonly number[]): CircuitCase {
  const columns = Array.from({ length: drawn.stimuli.length / drawn.batch }, (_, i) => i);
  return {
    ...drawn,
    stimuli: reorder(drawn.stimuli, order, columns),
    labels: reorder(drawn.labels, order, [0]),
  };
}
