import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Layout } from "../../src/circuits/layout.ts";
import { expectClose } from "../arbitraries/circuit-close.ts";
import {
  dimensions,
  layoutWith,
  mapUnder,
  projectionCase,
  projectionCases,
  smallMaps,
  windowsOn,
  wire,
} from "../arbitraries/projection-cases.ts";
import { type Sent, sendThrough } from "./send-through.ts";

/** Sum of products, and of their magnitudes, against which its rounding is judged. */
function product(left: Float32Array, right: Float32Array) {
  expect(left.length).toBe(right.length);
  let [sum, magnitude] = [0, 0];
  left.forEach((value, at) => {
    sum += value * right[at]!;
    magnitude += Math.abs(value * right[at]!);
  });
  return { sum, magnitude };
}

describe("the three operations of every projection", () => {
  it("are sides of one form: drive . error = rates . transport = weights . update", async () => {
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(projectionCases, async (drawn) => {
        kinds.add(JSON.stringify([drawn.wired.weights?.shape.length, Object.keys(drawn.error)]));
        const { drive, delta, transport, update } = await sendThrough(drawn);
        const { sum, magnitude } = product(drive, delta);
        const returned = product(drawn.rates, transport);
        expect(Math.abs(returned.sum - sum)).toBeLessThan(1e-5 * Math.max(1e-3, magnitude, returned.magnitude));
        expect(update === undefined).toBe(drawn.weight === undefined);
        if (!update || !drawn.weight) return;
        const changed = product(drawn.weight, update);
        expect(Math.abs(changed.sum - sum)).toBeLessThan(1e-5 * Math.max(1e-3, magnitude, changed.magnitude));
      }),
      { numRuns: 150 },
    );
    expect(kinds.size).toBeGreaterThan(8);
  });

  it("take a shared error as the same error written out for every unit", async () => {
    await fc.assert(
      fc.asyncProperty(projectionCases, async (drawn) => {
        const first = await sendThrough(drawn);
        const written = await sendThrough({ ...drawn, error: { delta: first.delta } });
        expectClose(written.transport, first.transport, "transport");
        if (first.update) expectClose(written.update!, first.update, "update");
      }),
      { numRuns: 80 },
    );
  });
});

const drawing = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  form: fc.constantFrom("own" as const, "shared" as const, "broadcast" as const),
  seed: fc.nat(),
});
const filters = fc.integer({ min: 1, max: 4 });

function expectSame(got: Sent, wanted: Sent): void {
  expectClose(got.drive, wanted.drive, "drive");
  expectClose(got.transport, wanted.transport, "transport");
}

describe("a convolution", () => {
  it("of 1 x 1 is a dense projection at each position", async () => {
    await fc.assert(
      fc.asyncProperty(smallMaps, filters, dimensions, drawing, async (map, channels, [from, to], drawn) => {
        const layout = { pre: layoutWith(map, from), post: layoutWith({ ...map, channels }, to) };
        const whole = projectionCase(wire("convolutional", layout, { kernel: 1 }), layout, drawn);
        const sent = await sendThrough(whole);
        const point = {
          pre: layoutWith({ height: 1, width: 1, channels: map.channels }, from),
          post: layoutWith({ height: 1, width: 1, channels }, to),
        };
        const wired = wire("dense", point, {});
        expect(wired.weights!.shape.filter((size) => size > 1)).toEqual(
          whole.wired.weights!.shape.filter((size) => size > 1),
        );
        const sums = new Float64Array(sent.update!.length);
        for (let position = 0; position < map.height * map.width; position++) {
          const rates = slicePosition(whole.rates, layout.pre, position);
          const delta = slicePosition(sent.delta, layout.post, position);
          const there = await sendThrough({ ...whole, layout: point, wired, rates, error: { delta } });
          expectClose(slicePosition(sent.drive, layout.post, position), there.drive, "drive");
          expectClose(slicePosition(sent.transport, layout.pre, position), there.transport, "transport");
          there.update!.forEach((value, at) => {
            sums[at]! += value;
          });
        }
        expectClose(sent.update!, sums, "update");
      }),
      { numRuns: 30 },
    );
  });

  it("is a local projection whose positions have the same weights; its update adds up theirs", async () => {
    const windows = smallMaps.chain((map) => fc.tuple(fc.constant(map), windowsOn(map)));
    await fc.assert(
      fc.asyncProperty(windows, filters, dimensions, drawing, async ([map, window], channels, [from, to], drawn) => {
        const post = mapUnder(map, window, channels);
        const layout = { pre: layoutWith(map, from), post: layoutWith(post, to) };
        const shared = projectionCase(wire("convolutional", layout, { ...window }), layout, drawn);
        const own = wire("local", layout, { ...window });
        const { copies, post: rows, pre: columns } = own.weights!;
        const positions = post.height * post.width;
        const set = rows * columns;
        const weight = new Float32Array(copies * set);
        for (let copy = 0; copy < copies; copy++) {
          const group = Math.floor(copy / positions);
          weight.set(shared.weight!.subarray(group * set, (group + 1) * set), copy * set);
        }
        const [conv, local] = [await sendThrough(shared), await sendThrough({ ...shared, wired: own, weight })];
        expectSame(conv, local);
        const sums = new Float64Array(conv.update!.length);
        local.update!.forEach((value, at) => {
          const copy = Math.floor(at / set);
          sums[Math.floor(copy / positions) * set + (at % set)]! += value;
        });
        expectClose(conv.update!, sums, "update");
      }),
      { numRuns: 60 },
    );
  });
});

describe("windows as large as the map", () => {
  for (const kind of ["local", "convolutional"])
    it(`make a ${kind} projection dense, weight by weight`, async () => {
      const squares = fc.record({ side: fc.integer({ min: 1, max: 4 }), channels: filters });
      await fc.assert(
        fc.asyncProperty(
          squares,
          filters,
          dimensions,
          drawing,
          async ({ side, channels }, units, [from, to], drawn) => {
            const pre = layoutWith({ height: side, width: side, channels }, from);
            const layout = { pre, post: layoutWith({ height: 1, width: 1, channels: units }, to) };
            const windowed = projectionCase(wire(kind, layout, { kernel: side }), layout, drawn);
            const [sent, flat] = [
              await sendThrough(windowed),
              await sendThrough({ ...windowed, wired: wire("dense", layout, {}) }),
            ];
            expectSame(sent, flat);
            expectClose(sent.update!, flat.update!, "update");
          },
        ),
        { numRuns: 30 },
      );
    });
});

/** The units of one position, [rows, channels]. */
function slicePosition(values: Float32Array, { units, map: { channels } }: Layout, position: number): Float32Array {
  return Float32Array.from({ length: (values.length / units) * channels }, (_, at) => {
    const [row, channel] = [Math.floor(at / channels), at % channels];
    return values[row * units + position * channels + channel]!;
  });
}
