import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Layout } from "../../src/circuits/layout.ts";
import { layoutWith, mapUnder, projectionCase, smallMaps, windowsOn, wire } from "../arbitraries/projection-cases.ts";
import { sendThrough } from "./send-through.ts";

const dimensions = fc.integer({ min: 1, max: 3 });
const drawing = fc.record({ batch: fc.integer({ min: 1, max: 3 }), form: fc.constant("own" as const), seed: fc.nat() });

/** Sum over the positions of each channel, [rows, channels]. */
function channelSums(values: Float32Array, { units, map: { channels } }: Layout): Float64Array {
  const sums = new Float64Array((values.length / units) * channels);
  values.forEach((value, at) => {
    sums[Math.floor(at / units) * channels + (at % channels)]! += value;
  });
  return sums;
}

describe("an average pool whose windows tile the map", () => {
  it("conserves each channel's mean rate, and hands back all of its error", async () => {
    const tiles = fc.record({
      size: fc.integer({ min: 1, max: 3 }),
      rows: fc.integer({ min: 1, max: 3 }),
      columns: fc.integer({ min: 1, max: 3 }),
      channels: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(tiles, dimensions, drawing, async ({ size, rows, columns, channels }, dimension, drawn) => {
        const pre = layoutWith({ height: size * rows, width: size * columns, channels }, dimension);
        const layout = { pre, post: layoutWith({ height: rows, width: columns, channels }, dimension) };
        // The stride is the size unless given.
        const given = projectionCase(wire("average-pool", layout, { size }), layout, drawn);
        const { drive, delta, transport } = await sendThrough(given);
        const [before, after] = [channelSums(given.rates, pre), channelSums(drive, layout.post)];
        before.forEach((sum, at) => {
          expect(Math.abs(sum / (size * size) - after[at]!)).toBeLessThan(1e-5);
        });
        const [sent, returned] = [channelSums(delta, layout.post), channelSums(transport, pre)];
        sent.forEach((sum, at) => {
          expect(Math.abs(sum - returned[at]!)).toBeLessThan(1e-5);
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe("a max pool", () => {
  /** Few different rates, so that some are equal. */
  const contested = fc.constantFrom((value: number) => value, Math.round);

  it("sends each error to one unit of its window and channel, the first of those with the largest rate", async () => {
    const windows = smallMaps.chain((map) => fc.tuple(fc.constant(map), windowsOn(map)));
    await fc.assert(
      fc.asyncProperty(windows, contested, fc.nat(), async ([map, { kernel: size, stride }], round, seed) => {
        const fitting = Math.min(size, map.height, map.width);
        const post = mapUnder(map, { kernel: fitting, stride, padding: 0 }, map.channels);
        const layout = { pre: layoutWith(map, 1), post: layoutWith(post, 1) };
        const wired = wire("max-pool", layout, { size: fitting, stride });
        // One sample for each postsynaptic unit, with an error in that unit alone.
        const batch = layout.post.units;
        const drawn = projectionCase(wired, layout, { batch: 1, form: "own", seed });
        const rates = drawn.rates.map((value) => round(value) + 0);
        const delta = Float32Array.from({ length: batch * batch }, (_, at) => (at % (batch + 1) === 0 ? 2 : 0));
        const all = Float32Array.from({ length: batch * layout.pre.units }, (_, at) => rates[at % layout.pre.units]!);
        const { drive, transport } = await sendThrough({ ...drawn, batch, rates: all, error: { delta } });
        for (let unit = 0; unit < batch; unit++) {
          const position = Math.floor(unit / map.channels);
          const [row, column] = [Math.floor(position / post.width), position % post.width];
          const seen: number[] = [];
          for (let y = 0; y < fitting; y++)
            for (let x = 0; x < fitting; x++)
              seen.push(((row * stride + y) * map.width + column * stride + x) * map.channels + (unit % map.channels));
          const winner = seen.reduce((best, other) => (rates[other]! > rates[best]! ? other : best));
          const returned = [...transport.subarray(unit * layout.pre.units, (unit + 1) * layout.pre.units)];
          expect(returned).toEqual(returned.map((_, at) => (at === winner ? 2 : 0)));
          expect(drive[unit * batch + unit]).toBe(rates[winner]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
