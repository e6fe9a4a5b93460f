import { describe, expect, test } from "vitest";
import { definition } from "./accelerated.ts";
import { holdKernelsToOracles } from "./hold-kernels-to-oracles.ts";
import { cataloguedKernel } from "./kernel-catalogue.ts";
import { runKernel } from "./run-kernel.ts";

describe("a kernel on GPU.js", () => {
  holdKernelsToOracles(definition, { numRuns: 3 });
});

describe("what the kernels promise in words", () => {
  const call = (name: string, inputs: Record<string, [number[], number[]]>, attributes = {}) =>
    runKernel(definition, cataloguedKernel(name).kernel, {
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([input, [shape, values]]) => [input, { shape, values: Float32Array.from(values) }]),
      ),
      attributes,
    });

  test("relu keeps NaN: a network that diverged must not look silent", async () => {
    const { result } = await call("relu", { values: [[3], [Number.NaN, -1, 2]] });
    expect([...result!]).toEqual([Number.NaN, 0, 2]);
  });

  test("even units of the alternating relu pass what is negative, odd units what is positive", async () => {
    const { result } = await call("alternating-relu", {
      values: [
        [2, 4],
        [-1, -2, 3, 4, 5, 6, -7, -8],
      ],
    });
    expect([...result!].map(Math.abs)).toEqual([1, 0, 0, 4, 0, 6, 7, 0]);
  });

  test("a gate at exactly 0 is on, and one that reads NaN is off", async () => {
    const { mask } = await call("vector-gate-mask", {
      drive: [
        [1, 2, 2],
        [3, Number.NaN, 3, 1],
      ],
      gatingVectors: [
        [2, 2],
        [1, 1, -1, 1],
      ],
    });
    expect([...mask!]).toEqual([1, 0]);
  });

  test("of equal scores the first decides; scores with a NaN decide wrongly whatever the label", async () => {
    const scores = [2, 2, 1, /**/ 2, 2, 1, /**/ Number.NaN, 1, 0, /**/ Number.NaN, 1, 0];
    const { wrong } = await call("wrong-decision", { scores: [[4, 3], scores], labels: [[4], [0, 1, 0, 1]] });
    expect([...wrong!]).toEqual([0, 1, 1, 1]);
  });

  test("softmax and cross-entropy of large scores do not overflow", async () => {
    const scores: [number[], number[]] = [
      [1, 3],
      [1e4, 0, -1e4],
    ];
    const { error } = await call("softmax-error", { scores, labels: [[1], [1]], weights: [[1], [0.5]] });
    expect([...error!]).toEqual([0.5, -0.5, 0]);
    const { loss } = await call("cross-entropy", { scores, labels: [[1], [1]] });
    expect([...loss!]).toEqual([1e4]);
  });

  test("softplus does not overflow", async () => {
    const { result } = await call("softplus", { values: [[3], [1e30, -1e30, 0]] });
    expect([...result!]).toEqual([Math.fround(1e30), 0, Math.fround(Math.LN2)]);
  });

  test("of two readouts the surer one decides, and of equally sure ones the left", async () => {
    const { result, tookRight } = await call("larger-maximum", {
      left: [
        [3, 2],
        [1, 0, /**/ 2, 0, /**/ -1, 3],
      ],
      right: [
        [3, 2],
        [0, 2, /**/ 0, 2, /**/ 2, -1],
      ],
    });
    expect([...result!]).toEqual([0, 2, /**/ 2, 0, /**/ -1, 3]);
    expect([...tookRight!]).toEqual([1, 0, 0]);
  });

  test("the nearest object is chosen that was not chosen before, and of equally near ones the first", async () => {
    const { distances } = await call("object-distances", {
      values: [
        [1, 2],
        [1, 1],
      ],
      objects: [
        [1, 3, 2],
        [1, 1, /**/ 1, 4, /**/ 4, 1],
      ],
    });
    expect([...distances!]).toEqual([0, 9, 9]);
    const choose = async (taken: number[]) =>
      (await call("choose-object", { distances: [[1, 3], [...distances!]], taken: [[1, 3], taken] })).chosen!;
    expect([...(await choose([0, 0, 0]))]).toEqual([1, 0, 0]);
    expect([...(await choose([1, 0, 0]))]).toEqual([0, 1, 0]);
    expect([...(await choose([1, 1, 0]))]).toEqual([0, 0, 1]);
    expect([...(await choose([1, 1, 1]))]).toEqual([0, 0, 0]);
  });

  test("a place is inhibited from its first attention on", async () => {
    const { result } = await call(
      "mark-attended",
      { inhibition: [[4], [0, 0, 1, 1]], signal: [[4], [0.4, 0.5, 0.4, 0.9]] },
      { threshold: 0.5 },
    );
    expect([...result!]).toEqual([1, 0, 1, 1]);
  });

  test("bicubic upsampling of 4 x 4 to 8 x 8 is that of the ONNX operator Resize (half_pixel, a = -0.75)", async () => {
    const map = { height: 4, width: 4, channels: 1 };
    const { result } = await call(
      "upsample-bicubic",
      { rates: [[1, 16], Array.from({ length: 16 }, (_, unit) => unit + 1)] },
      { map, height: 8, width: 8 },
    );
    const firstRow = [0.47265625, 0.76953125, 1.24609375, 1.875, 2.28125, 2.91015625, 3.38671875, 3.68359375];
    expect([...result!].slice(0, 8)).toEqual(firstRow);
  });

  test("the nearest site to one of a larger map is found by rounding down", async () => {
    const { result } = await call(
      "upsample-nearest",
      {
        rates: [
          [1, 3],
          [0, 1, 2],
        ],
      },
      { map: { height: 1, width: 3, channels: 1 }, height: 1, width: 8 },
    );
    expect([...result!]).toEqual([0, 0, 0, 1, 1, 1, 2, 2]);
  });
});
