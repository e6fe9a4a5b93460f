import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, StorageError, UsageError } from "../../../src/kinds/errors.ts";
import { loadCheckpoint, saveCheckpoint } from "../../../src/runs/record/checkpoint.ts";
import { firstDifference } from "../../../src/runs/record/first-difference.ts";
import { readNpz, writeNpz } from "../../../src/runs/record/npz.ts";
import type { Checkpoint } from "../../../src/training/recorder.ts";
import { fullDisk } from "../../full-disk.ts";
import { skippedWithoutFullDisk } from "../../skipping.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const at = temporaryFolder();
const freshFolder = () => mkdtemp(at("run-"));

const array = fc.array(fc.nat({ max: 4 }), { maxLength: 3 }).chain((shape) => {
  const count = shape.reduce((product, size) => product * size, 1);
  const data = fc.float32Array({ minLength: count, maxLength: count });
  return data.map((elements) => ({ shape, data: elements }));
});
const name = fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => !text.includes("\0"));
const state = fc.dictionary(
  fc.string(),
  fc.anything({ values: [fc.double(), fc.string(), fc.boolean(), fc.constant(null)], withNullPrototype: false }),
  { noNullPrototype: true },
);
const checkpoint: fc.Arbitrary<Checkpoint> = fc.record({
  step: fc.nat(),
  arrays: fc.dictionary(name, array, { maxKeys: 4, noNullPrototype: true }),
  state,
});

const shapesOf = (arrays: Checkpoint["arrays"]) =>
  Object.fromEntries(Object.entries(arrays).map(([key, { shape }]) => [key, shape]));

/** A circuit of two projections, as canonical JSON. */
const identityOf = (units: number, rule = "gevb") =>
  JSON.stringify({ circuit: { projections: [{ post: "v1" }, { post: "v2", units }] }, rule: { name: rule } });

const zeros = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) });

async function saved(arrays: Checkpoint["arrays"], identity = identityOf(512)): Promise<string> {
  const folder = await freshFolder();
  await saveCheckpoint(folder, { step: 12, arrays, identity, state: { rate: 0.1 } });
  return folder;
}

/** The error of a failed load, after seeing that nothing on the disk changed. */
async function refusal(folder: string, expected: Parameters<typeof loadCheckpoint>[1]): Promise<unknown> {
  const before = await readFile(join(folder, "checkpoint.npz"));
  const failure: unknown = await loadCheckpoint(folder, expected).catch((error: unknown) => error);
  expect((await readFile(join(folder, "checkpoint.npz"))).equals(before)).toBe(true);
  expect(await readdir(folder)).toEqual(["checkpoint.npz"]);
  return failure;
}

describe("a checkpoint", () => {
  it("comes back bit for bit, and the same one has the same bytes", async () => {
    const folder = await freshFolder();
    await fc.assert(
      fc.asyncProperty(checkpoint, fc.string(), async (drawn, identity) => {
        const state = Object.fromEntries([...Object.entries(drawn.state), ["__proto__", { units: 1 }]]);
        const written = { ...drawn, state };
        const path = await saveCheckpoint(folder, { ...written, identity });
        const bytes = await readFile(path);
        const back = await loadCheckpoint(folder, { identity, shapes: shapesOf(written.arrays) });
        expect(back.step).toBe(written.step);
        expect(firstDifference(written.state, back.state)).toBeUndefined();
        expect(Object.keys(back.arrays)).toEqual(Object.keys(written.arrays));
        for (const [key, { shape, data }] of Object.entries(written.arrays)) {
          expect(back.arrays[key]?.shape).toEqual(shape);
          expect(Buffer.from(back.arrays[key]?.data.buffer as ArrayBuffer)).toEqual(Buffer.from(data.buffer));
        }
        await saveCheckpoint(folder, { ...back, identity });
        expect((await readFile(path)).equals(bytes)).toBe(true);
      }),
    );
  });

  it("of another circuit is refused: arrays missing, extra and of another shape are named", async () => {
    const folder = await saved({ "v1->v2/weight": zeros(256, 1024), "v2/bias": zeros(256), lost: zeros(1) });
    const shapes = { "v1->v2/weight": [512, 1024], "v2/bias": [256], "v2->report/weight": [1, 512] };
    expect(await refusal(folder, { identity: identityOf(512), shapes })).toEqual(
      new StorageError(
        `${join(folder, "checkpoint.npz")} belongs to another circuit: v1->v2/weight is [512, 1024] here, [256, 1024] in ` +
          "the checkpoint; v2->report/weight is missing from the checkpoint; lost is in the checkpoint only; resume with " +
          "the configuration it was written with, or start a new run",
      ),
    );
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`w${index}`, [1]]));
    expect(await refusal(await saved({}), { identity: identityOf(512), shapes: many })).toMatchObject({
      message: expect.stringContaining("w4 is missing from the checkpoint; and 4 more; resume"),
    });
  });

  it("of another description is refused: the first part that differs is named with both values", async () => {
    const folder = await saved({ w: zeros(2) });
    const refused = async (identity: string) =>
      ((await refusal(folder, { identity, shapes: { w: [2] } })) as StorageError).message;
    expect(await refused(identityOf(256))).toBe(
      `${join(folder, "checkpoint.npz")} belongs to another circuit: circuit.projections[1].units of the description is ` +
        "256 here, 512 in the checkpoint; resume with the configuration it was written with, or start a new run",
    );
    expect(await refused(identityOf(512, "bp"))).toContain('rule.name of the description is "bp" here, "gevb" in the');
    expect(await refused("no JSON")).toContain('another circuit: the description is "no JSON" here, {circuit: {');
    expect(await refused(` ${identityOf(512)}`)).toContain("the description is the same, but written in another order");
  });

  it("that is missing, cut off or no checkpoint is refused", async () => {
    const folder = await freshFolder();
    const path = join(folder, "checkpoint.npz");
    const expected = { identity: "", shapes: {} };
    await expect(loadCheckpoint(folder, expected)).rejects.toThrow(
      new StorageError(`${path} cannot be read: it does not exist; check the path`),
    );
    await saveCheckpoint(folder, { step: 0, arrays: {}, identity: "", state: {} });
    await writeFile(path, (await readFile(path)).subarray(0, -1));
    expect(await refusal(folder, expected)).toBeInstanceOf(DataError);
    await writeNpz(path, { w: zeros(1) });
    expect(await refusal(folder, expected)).toEqual(new DataError(`${path} has no array "metadata.json"; it has: w`));
    for (const text of ["{", '{"format":"sulcus-checkpoint-0","step":0,"identity":"","state":{}}']) {
      const data = new Uint8Array(Buffer.from(text));
      await writeNpz(path, { "metadata.json": { shape: [data.length], data } });
      expect(((await refusal(folder, expected)) as StorageError).message).toBe(
        `${path} is not a checkpoint that this version of Sulcus reads: "metadata.json" is of another form; resume it ` +
          "with the version that config.yaml names",
      );
    }
  });

  it("with arrays of another element type is refused", async () => {
    const folder = await saved({ w: zeros(2) });
    const path = join(folder, "checkpoint.npz");
    await writeNpz(path, { ...(await readNpz(path)), w: { shape: [2], data: new Float64Array(2) } });
    expect(await refusal(folder, { identity: identityOf(512), shapes: { w: [2] } })).toEqual(
      new DataError(`${path}: "w" holds float64; float32 is wanted, so convert it`),
    );
  });

  it("whose state is not plain data, or whose array takes the name of the metadata, is not written", async () => {
    const folder = await freshFolder();
    const save = (change: Partial<Checkpoint>) =>
      saveCheckpoint(folder, { step: 0, arrays: {}, identity: "", state: {}, ...change });
    for (const value of [undefined, new Date(0), new Float32Array(1), () => 0]) {
      await expect(save({ state: { streams: [{ value }] } })).rejects.toThrow(UsageError);
    }
    await expect(save({ state: { streams: [{ value: new Date(0) }] } })).rejects.toThrow(
      "state.streams[0].value of a checkpoint would not come back as it is; give numbers, strings, booleans, null, lists " +
        "and records only",
    );
    await expect(save({ arrays: { "metadata.json": zeros(1) } })).rejects.toThrow(
      new UsageError('an array of a checkpoint is called "metadata.json", which is taken; choose another name'),
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it.skipIf(skippedWithoutFullDisk())("leaves the one before untouched when the disk is full", async () => {
    const folder = await saved({ w: zeros(2) });
    const path = join(folder, "checkpoint.npz");
    const before = await readFile(path);
    const disk = await fullDisk();
    disk.fill();
    const next = { step: 13, arrays: { w: zeros(2) }, identity: identityOf(512), state: {} };
    await expect(saveCheckpoint(folder, next)).rejects.toThrow(`${path} cannot be written: the disk is full`);
    expect((await readFile(path)).equals(before)).toBe(true);
    expect(await readdir(folder)).toEqual(["checkpoint.npz"]);
  });
});
