import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readNpz } from "../../../src/runs/record/npz.ts";
import { type About, writeRecording } from "../../../src/runs/recording/write-recording.ts";
import type { RecordingStream } from "../../../src/training/recording/recording-stream.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const at = temporaryFolder();

const about: About = {
  circuit: "drawn",
  trained: false,
  task: "given",
  set: "test",
  presentations: 1,
  seed: 1,
  steps: 1,
  manipulations: [],
  unitOf: () => "1",
};

/** A stream of arrays of some widths, in parts of some sizes; all values differ. */
function streamOf(
  widths: readonly number[],
  counts: readonly number[],
  failAt = Number.POSITIVE_INFINITY,
): RecordingStream {
  const trials = counts.reduce((sum, count) => sum + count, 0);
  return {
    trials,
    parameters: { "weights/weight": Float32Array.of(1.5, -2) },
    arrays: [
      ...widths.map((width, index) => ({
        name: `v${index}/rates`,
        of: `v${index}`,
        what: "rates" as const,
        shape: [trials, 1, width],
        axes: ["trial", "step", "unit"],
        steps: [0],
      })),
      { name: "weights/weight", of: "weights", what: "weights", shape: [1, 2], axes: ["post", "pre"] },
    ],
    factors: [{ name: "trial", whole: true, shape: [trials], axes: ["trial"] }],
    async *parts() {
      let done = 0;
      for (const [part, count] of counts.entries()) {
        if (part === failAt) throw new Error("the device is gone");
        yield {
          count,
          arrays: Object.fromEntries(
            widths.map((width, index) => [
              `v${index}/rates`,
              Float32Array.from({ length: count * width }, (_, place) => index + (done * width + place) / 1024),
            ]),
          ),
          factors: { trial: Float32Array.from({ length: count }, (_, place) => done + place) },
        };
        done += count;
      }
    },
  };
}

const streams = fc.record({
  widths: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
  counts: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
});

describe("a recording that comes in parts", () => {
  it("is whole in the end, whatever the parts", async () => {
    let index = 0;
    await fc.assert(
      fc.asyncProperty(streams, async ({ widths, counts }) => {
        const path = at(`whole-${index++}.npz`);
        await writeRecording(streamOf(widths, counts), about, { path, format: "npz" });
        const found = await readNpz(path);
        const trials = counts.reduce((sum, count) => sum + count, 0);
        for (const [place, width] of widths.entries())
          expect(found[`v${place}/rates`]).toEqual({
            shape: [trials, 1, width],
            data: Float32Array.from({ length: trials * width }, (_, element) => place + element / 1024),
          });
        expect(found["weights/weight"]!.data).toEqual(Float32Array.of(1.5, -2));
        expect(found.trial!.data).toEqual(Uint32Array.from({ length: trials }, (_, trial) => trial));
      }),
      { numRuns: 8 },
    );
  });

  it("leaves nothing where a part fails", async () => {
    for (const format of ["npz", "npy"] as const) {
      const path = at("failed", format === "npz" ? "a.npz" : "a");
      await expect(writeRecording(streamOf([2, 3], [1, 1, 1], 2), about, { path, format })).rejects.toThrow(
        "the device is gone",
      );
      expect(existsSync(at("failed"))).toBe(false);
    }
  });

  it("leaves nothing where its record cannot be written", async () => {
    for (const format of ["npz", "npy"] as const) {
      const path = at("unwritable", format === "npz" ? "a.npz" : "a");
      // JSON knows no such number.
      const odd = { ...about, seed: 1n as unknown as number };
      await expect(writeRecording(streamOf([2], [1]), odd, { path, format })).rejects.toThrow(TypeError);
      expect(existsSync(at("unwritable"))).toBe(false);
    }
  });

  it("leaves nothing beside what it is for", async () => {
    await writeRecording(streamOf([2], [3, 1]), about, { path: at("alone", "a.npz"), format: "npz" });
    expect((await readdir(at("alone"))).sort()).toEqual(["a.json", "a.npz"]);
    expect(await readFile(at("alone", "a.json"), "utf8")).toContain('"v0/rates"');
  });

  it("has files of different names, whatever the arrays are called", async () => {
    const stream = streamOf([1, 1], [1]);
    const [first, second, ...others] = stream.arrays;
    const called: RecordingStream = {
      ...stream,
      arrays: [{ ...first!, name: "a->b/rates" }, { ...second!, name: "a-to-b/rates" }, ...others],
      async *parts() {
        for await (const part of stream.parts())
          yield {
            ...part,
            arrays: { "a->b/rates": part.arrays["v0/rates"]!, "a-to-b/rates": part.arrays["v1/rates"]! },
          };
      },
    };
    await writeRecording(called, about, { path: at("names"), format: "npy" });
    expect((await readdir(at("names"))).sort()).toEqual(
      ["a-to-b.rates-2.npy", "a-to-b.rates.npy", "recording.json", "trial.npy", "weights.weight.npy"].sort(),
    );
  });

  it("is refused before any trial is shown where a .npz file cannot hold it", async () => {
    const { arrays, ...stream } = streamOf([1], [1], 0);
    const large = arrays.map((array) => ({ ...array, shape: [1_000_000, 1, 1_200] }));
    await expect(
      writeRecording({ ...stream, arrays: large }, about, { path: at("large.npz"), format: "npz" }),
    ).rejects.toThrow(
      `the recording ${at("large.npz")} takes 9.6 GB, and a .npz file holds 4.3 GB at most; choose format npy, or record fewer trials, time steps or units`,
    );
    expect(existsSync(at("large.npz"))).toBe(false);
  });
});
