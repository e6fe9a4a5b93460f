import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Layout } from "../../src/circuits/layout.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { randomStream } from "../../src/compute/random.ts";
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

describe("a transposed convolution", () => {
  it("drives as the convolution the other way carries errors back, and is updated as it with rates and errors exchanged", async () => {
    const windows = smallMaps.chain((map) => fc.tuple(fc.constant(map), windowsOn(map)));
    const strides = new Set<number>();
    await fc.assert(
      fc.asyncProperty(
        windows,
        filters,
        fc.constantFrom(1, 3),
        drawing,
        async ([large, window], channels, dimension, drawn) => {
          // The convolution leads from the large map to the small one, whatever its border leaves out.
          const small = mapUnder(large, window, channels);
          const left = (size: number, positions: number) =>
            size + 2 * window.padding - window.kernel - (positions - 1) * window.stride;
          const outputPadding = left(large.height, small.height);
          fc.pre(outputPadding === left(large.width, small.width));
          strides.add(window.stride);
          const there = { pre: layoutWith(large, dimension), post: layoutWith(small, dimension) };
          const back = { pre: there.post, post: there.pre };
          const conv = projectionCase(wire("convolutional", there, { ...window }), there, drawn);
          const sent = await sendThrough({ ...conv, error: { delta: randomLike(conv, there.post.units) } });
          const wired = wire("transposed-convolutional", back, { ...window, outputPadding });
          const sizes = [channels, window.kernel, large.channels] as const;
          const transposed = await sendThrough({
            ...conv,
            layout: back,
            wired,
            weight: turned(conv.weight!, ...sizes),
            rates: sent.delta,
            error: { delta: conv.rates },
          });
          expect(wired.weights!.shape).toEqual([large.channels, window.kernel, window.kernel, channels]);
          expectClose(transposed.drive, sent.transport, "drive");
          expectClose(transposed.transport, sent.drive, "transport");
          expectClose(transposed.update!, turned(sent.update!, ...sizes), "update");
        },
      ),
      { numRuns: 60 },
    );
    expect([...strides].sort()).toEqual([1, 2, 3]);
  });

  it("tells initialisers how many rates add up: channels kernel^2 / stride^2", () => {
    const layout = {
      pre: layoutWith({ height: 2, width: 3, channels: 5 }, 1),
      post: layoutWith({ height: 6, width: 8, channels: 2 }, 1),
    };
    const { weights } = wire("transposed-convolutional", layout, { kernel: 4, stride: 2 });
    expect(weights).toMatchObject({ copies: 1, post: 2, pre: 80, summed: 20, postChannels: 2, preChannels: 5 });
  });
});

/** Values for the postsynaptic units of a case, in the number of its rates' rows. */
function randomLike({ layout, rates }: ReturnType<typeof projectionCase>, units: number): Float32Array {
  const random = randomStream(7, "delta");
  return Float32Array.from({ length: (rates.length / layout.pre.units) * units }, () => random.normal());
}

/** [rows, kernel, kernel, columns] as [columns, kernel, kernel, rows] with the window turned by half a turn. */
function turned(values: Float32Array, rows: number, kernel: number, columns: number): Float32Array {
  const patch = kernel * kernel;
  return Float32Array.from({ length: values.length }, (_, at) => {
    const row = at % rows;
    const place = Math.floor(at / rows) % patch;
    const column = Math.floor(at / (rows * patch));
    return values[(row * patch + (patch - 1 - place)) * columns + column]!;
  });
}

describe("a sparse projection", () => {
  const masks = fc.record({
    pre: fc.integer({ min: 1, max: 9 }),
    post: fc.integer({ min: 1, max: 9 }),
    density: fc.double({ min: 0, max: 1, noNaN: true }),
    seed: fc.nat(),
  });
  const rows = (units: number) => layoutWith({ height: 1, width: 1, channels: units }, 1);

  it("has exactly floor(density post pre) connections, or as many as asked for, which its seed decides", () => {
    fc.assert(
      fc.property(masks, ({ pre, post, density, seed }) => {
        const layout = { pre: rows(pre), post: rows(post) };
        const draw = (settings: Readonly<Record<string, number>>) => {
          const { shape, draw } = wire("sparse", layout, settings).mask!;
          expect(shape).toEqual([post, pre]);
          return [...draw!(randomStream(seed, "mask"))];
        };
        const connections = Math.floor(density * post * pre);
        const mask = draw({ density });
        expect(mask.every((value) => value === 0 || value === 1)).toBe(true);
        expect([mask.length, mask.filter((value) => value === 1).length]).toEqual([post * pre, connections]);
        expect(draw({ connections })).toEqual(mask);
      }),
    );
  });

  it("gives every pair of units the same chance", () => {
    const { mask } = wire("sparse", { pre: rows(4), post: rows(3) }, { connections: 3 });
    const counts = new Array<number>(12).fill(0);
    for (let seed = 0; seed < 2000; seed++)
      mask!.draw!(randomStream(seed, "mask")).forEach((value, pair) => {
        counts[pair]! += value;
      });
    // 500 of 2000 with a standard deviation of 19.4.
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(100);
  });

  it("is the dense projection through the weights it has; all others never move", async () => {
    await fc.assert(
      fc.asyncProperty(smallMaps, smallMaps, fc.constantFrom(1, 3), drawing, async (pre, post, dimension, drawn) => {
        const layout = { pre: layoutWith(pre, dimension), post: layoutWith(post, dimension) };
        const partial = projectionCase(wire("sparse", layout, { density: 0.3 }), layout, drawn);
        const sent = await sendThrough(partial);
        const { mask, ...unmasked } = partial;
        const whole = await sendThrough({ ...unmasked, wired: wire("dense", layout, {}) });
        expectSame(sent, whole);
        sent.update!.forEach((value, at) => {
          expect(value === mask![at]! * whole.update![at]!).toBe(true);
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe("a projection one to one", () => {
  it("passes rates and errors as they are, without a kernel", () => {
    const layout = layoutWith({ height: 2, width: 3, channels: 2 }, 3);
    const wired = wire("one-to-one", { pre: layout, post: layout }, {});
    const { steps } = tracePlan("pass", {}, (trace) => {
      const rates = trace.input("rates", [4, 3, 12]);
      expect(wired.drive(rates, undefined)).toBe(rates);
      const error = { kind: "own" as const, delta: trace.input("delta", [4, 3, 12]) };
      expect(wired.transport(error, undefined, rates)).toBe(error);
      trace.output("rates", rates);
    });
    expect([steps, wired.weights, wired.update]).toEqual([[], undefined, undefined]);
  });
});

describe("vector units that scalar units hear", () => {
  const seen = (kind: string, [from, units]: [number, number], post: number, rates: readonly number[]) => {
    const rows = (channels: number, dimension: number) => layoutWith({ height: 1, width: 1, channels }, dimension);
    const layout = { pre: rows(units, from), post: rows(post, 1) };
    const drawn = projectionCase(wire(kind, layout, {}), layout, { batch: 2, form: "own", seed: 1 });
    const delta = Float32Array.from({ length: 2 * post }, (_, at) => at + 1);
    return sendThrough({ ...drawn, rates: Float32Array.from(rates), error: { delta } });
  };

  it("are spelt out component by component, and so are the errors that return", async () => {
    const { drive, transport, update } = await seen("components", [3, 1], 3, [1, 2, 3, 4, 5, 6]);
    expect([[...drive], [...transport], update]).toEqual([[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], undefined]);
  });

  it("are averaged over components, each of which hears its share of the error", async () => {
    // Two samples of two components of two units.
    const { drive, transport, update } = await seen("component-mean", [2, 2], 2, [1, 2, 5, 4, -1, 0, 3, 8]);
    expect([[...drive], update]).toEqual([[3, 3, 1, 4], undefined]);
    expect([...transport]).toEqual([0.5, 1, 0.5, 1, 1.5, 2, 1.5, 2]);
  });
});

describe("upsampling", () => {
  for (const mode of ["nearest", "bicubic"])
    it(`to a map of the same size changes nothing, and keeps what is the same everywhere (${mode})`, async () => {
      await fc.assert(
        fc.asyncProperty(smallMaps, smallMaps, drawing, async (map, more, drawn) => {
          const pre = layoutWith(map, 2);
          const same = { pre, post: pre };
          const first = projectionCase(wire("upsample", same, { mode }), same, drawn);
          const { drive, delta, transport } = await sendThrough(first);
          expectClose(drive, first.rates, "drive");
          expectClose(transport, delta, "transport");
          const larger = { ...map, height: map.height + more.height, width: map.width + more.width };
          const layout = { pre, post: layoutWith(larger, 2) };
          const even = projectionCase(wire("upsample", layout, { mode }), layout, drawn);
          const sent = await sendThrough({ ...even, rates: even.rates.map(() => 0.75) });
          expectClose(
            sent.drive,
            sent.drive.map(() => 0.75),
            "even rates",
          );
        }),
        { numRuns: 25 },
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
