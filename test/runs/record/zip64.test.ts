import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError } from "../../../src/kinds/errors.ts";
import { npzContents, readNpz, writeNpz } from "../../../src/runs/record/npz.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const at = temporaryFolder();

const centralLength = 46;

function u64(...values: number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 8 * index);
  return bytes;
}

/** One of the three values of a member that zip64 can hold: unpacked size, packed size, place. */
const fields = [24, 20, 42];

/**
 * The same zip file in the form that it would have with more than 4 GiB or 65,535 members: of every member the values that
 * `wide` chooses are in an extra field, after another extra field, and the place of the directory is in a record of its own.
 */
function asZip64(zip: Buffer, wide: readonly boolean[]): Buffer {
  const end = zip.length - 22;
  const [count, start] = [zip.readUInt16LE(end + 10), zip.readUInt32LE(end + 16)];
  const entries: Buffer[] = [];
  for (let position = start; position < end; ) {
    const names = zip.readUInt16LE(position + 28);
    const entry = Buffer.from(zip.subarray(position, position + centralLength + names));
    const chosen = fields.filter((_, index) => wide[index]);
    const values = u64(...chosen.map((field) => entry.readUInt32LE(field)));
    for (const field of chosen) entry.writeUInt32LE(0xffffffff, field);
    const [other, ours] = [Buffer.from([9, 9, 2, 0, 1, 1]), Buffer.from([1, 0, values.length, 0])];
    const extra = chosen.length === 0 ? other : Buffer.concat([other, ours, values]);
    entry.writeUInt16LE(extra.length, 30);
    entries.push(entry, extra);
    position += centralLength + names;
  }
  const directory = Buffer.concat(entries);
  const record = Buffer.concat([
    Buffer.from("PK\x06\x06", "latin1"),
    u64(44),
    Buffer.from([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    u64(count, count, directory.length, start),
  ]);
  const place = u64(start + directory.length);
  const locator = Buffer.concat([Buffer.from("PK\x06\x07\0\0\0\0", "latin1"), place, Buffer.from([1, 0, 0, 0])]);
  const last = Buffer.from(zip.subarray(end));
  last.fill(0xff, 8, 20);
  return Buffer.concat([zip.subarray(0, start), directory, record, locator, last]);
}

const arrays = {
  "v1->v2/weight": { shape: [2, 3], data: Float32Array.of(1.5, Number.NaN, -0, 1e-45, 7, -3) },
  b: { shape: [2], data: Float64Array.of(Math.PI, Number.NEGATIVE_INFINITY) },
};

async function written(): Promise<Buffer> {
  await writeNpz(at("plain.npz"), arrays);
  return readFile(at("plain.npz"));
}

describe(".npz files of zip64", () => {
  it("are read like others, whichever values are in its fields", async () => {
    const plain = await written();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), async (wide) => {
        await writeFile(at("wide.npz"), asZip64(plain, wide));
        expect(await readNpz(at("wide.npz"))).toEqual(arrays);
        expect(Object.keys(await npzContents(at("wide.npz")))).toEqual(["b", "v1->v2/weight"]);
      }),
      { numRuns: 16 },
    );
  });

  it("are refused with a clean error when cut off at any byte, and, with one byte changed, or read the same", async () => {
    const wide = asZip64(await written(), [true, true, true]);
    const outcome = async (bytes: Buffer): Promise<unknown> => {
      await writeFile(at("bad.npz"), bytes);
      return readNpz(at("bad.npz")).catch((error: unknown) => error);
    };
    for (let length = 0; length < wide.length; length++) {
      expect(await outcome(wide.subarray(0, length)), `cut at ${length}`).toBeInstanceOf(DataError);
    }
    for (let position = 0; position < wide.length; position++) {
      const flipped = Buffer.from(wide);
      flipped[position] = flipped[position]! ^ (1 << (position % 8));
      const result = await outcome(flipped);
      if (result instanceof Error) expect(result, `byte ${position}`).toBeInstanceOf(DataError);
      else expect(result).toEqual(arrays);
    }
  });

  it("without one of the values that the directory looks for are refused, naming file and member", async () => {
    const wide = asZip64(await written(), [true, true, true]);
    // The extra field of the first member says that it holds two values of three.
    wide[wide.indexOf(Buffer.from([1, 0, 24, 0])) + 2] = 16;
    await writeFile(at("short.npz"), wide);
    await expect(readNpz(at("short.npz"))).rejects.toEqual(
      new DataError(`${at("short.npz")} is damaged at "b.npy"; restore it from a copy`),
    );
  });

  const python = (script: string, ...args: string[]) =>
    execFileSync("python3", ["-c", script, ...args], { stdio: "pipe" });
  const hasPython = (() => {
    try {
      return python("print(1)").length > 0;
    } catch {
      return false;
    }
  })();

  it.skipIf(!hasPython)("are read as Python writes them", async () => {
    await written();
    python(
      `
import sys, zipfile
zipfile.ZIP64_LIMIT = 10
zipfile.ZIP_FILECOUNT_LIMIT = 0
with zipfile.ZipFile(sys.argv[1]) as plain, zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as wide:
    for name in plain.namelist():
        wide.writestr(name, plain.read(name))`,
      at("plain.npz"),
      at("python.npz"),
    );
    expect((await readFile(at("python.npz"))).indexOf("PK\x06\x06", 0, "latin1")).toBeGreaterThan(0);
    expect(await readNpz(at("python.npz"))).toEqual(arrays);
  });
});
