import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DataError } from "../../../src/kinds/errors.ts";
import { parseIdx, readIdx } from "../../../src/tasks/images/idx.ts";
import { idxBytes } from "./images.ts";

const arrays = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }).chain((shape) => {
  const length = shape.reduce((product, size) => product * size, 1);
  return fc.record({ shape: fc.constant(shape), data: fc.uint8Array({ minLength: length, maxLength: length }) });
});

function faultOf(bytes: Uint8Array, dimensions: number): DataError {
  try {
    parseIdx(bytes, "folder/some-file", dimensions);
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return error as DataError;
  }
  throw new Error("nothing was thrown");
}

describe("parseIdx", () => {
  test("gives back the shape and values that were written, wherever the bytes lie in their buffer", () => {
    fc.assert(
      fc.property(arrays, fc.integer({ min: 0, max: 7 }), ({ shape, data }, offset) => {
        const bytes = idxBytes(shape, data);
        const moved = new Uint8Array(bytes.length + offset);
        moved.set(bytes, offset);
        expect(parseIdx(moved.subarray(offset), "f", shape.length)).toEqual({ shape, data });
      }),
    );
  });

  test("a file cut at any byte, or with bytes added, is an error that names the file and both lengths", () => {
    fc.assert(
      fc.property(arrays, fc.nat(), ({ shape, data }, cut) => {
        const bytes = idxBytes(shape, data);
        const length = cut % bytes.length;
        const text = faultOf(bytes.subarray(0, length), shape.length).message;
        const header = 4 + 4 * shape.length;
        expect(text).toContain("IDX file folder/some-file is truncated");
        expect(text).toContain(`it has ${length} bytes`);
        expect(text).toContain(
          length < header ? `its header alone takes ${header}` : `its header announces ${bytes.length}`,
        );
        const longer = new Uint8Array(bytes.length + 1 + (cut % 9));
        longer.set(bytes);
        expect(faultOf(longer, shape.length).message).toContain(
          `IDX file folder/some-file is longer than announced: it has ${longer.length} bytes and its header announces ${bytes.length} (`,
        );
      }),
    );
  });

  test.each([
    [[1, 0, 8, 1], "starts with the magic number 0x01000801, expected 0x00000801; check that it is an IDX file"],
    [[0x89, 0x50, 0x4e, 0x47], "starts with the magic number 0x89504e47, expected 0x00000801"],
    [
      [0, 0, 13, 1],
      "holds data of type float32 (magic number 0x00000d01), expected unsigned byte (0x00000801); convert",
    ],
    [[0, 0, 5, 1], "holds data of type unknown (magic number 0x00000501), expected unsigned byte (0x00000801)"],
    [
      [0, 0, 8, 3],
      "has 3 dimension(s) (magic number 0x00000803), expected 1 (0x00000801); check that the files of images and labels",
    ],
    [[0x1f, 0x8b, 8, 0], "is compressed with gzip, plain bytes are expected; unpack it with gunzip"],
  ])("the first bytes %j are an error that says what they mean", (magic, text) => {
    const { message } = faultOf(idxBytes([2], [1, 2], magic), 1);
    expect(message).toContain(`IDX file folder/some-file ${text}`);
    // The same for a file that is too short to have a whole header.
    expect(faultOf(Uint8Array.from(magic), 1).message).toBe(message);
  });

  test("lengths are unsigned and may announce more than memory holds", () => {
    const text = faultOf(idxBytes([0xffffffff, 0x80000000, 0xffffffff], []), 3).message;
    expect(text).toContain("truncated: it has 16 bytes");
    expect(text).toContain(
      "(4294967295 x 2147483648 x 4294967295 values after 16 bytes of header); fetch the file again",
    );
  });
});

describe("readIdx", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sulcus-idx-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("reads a file into a plain array of bytes", async () => {
    const path = join(folder, "labels");
    await writeFile(path, idxBytes([3], [4, 5, 6]));
    const { shape, data } = await readIdx(path, 1);
    expect(shape).toEqual([3]);
    expect(data).toEqual(Uint8Array.of(4, 5, 6));
    expect(Buffer.isBuffer(data)).toBe(false);
  });

  test("a missing file, a folder and a damaged file are errors that name the path", async () => {
    const missing = readIdx(join(folder, "none"), 3);
    await expect(missing).rejects.toThrow(DataError);
    await expect(missing).rejects.toThrow(
      `IDX file ${join(folder, "none")} is missing; expected a file of unsigned bytes with 3 dimension(s), check the path`,
    );
    const unreadable = readIdx(folder, 3);
    await expect(unreadable).rejects.toThrow(DataError);
    await expect(unreadable).rejects.toThrow(`IDX file ${folder} cannot be read (EISDIR`);
    await expect(unreadable).rejects.toThrow("expected a readable file, check its kind and rights");
    const empty = join(folder, "empty");
    await writeFile(empty, "");
    await expect(readIdx(empty, 1)).rejects.toThrow(`IDX file ${empty} is truncated: it has 0 bytes`);
  });
});
