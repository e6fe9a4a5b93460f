import { writeFile } from "node:fs/promises";
import { deflateSync, type Zippable, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { inMemory, readExactly } from "../../../src/arrays/byte-source.ts";
import { DataError, StorageError, UsageError } from "../../../src/kinds/errors.ts";
import { readNpz, writeNpz } from "../../../src/runs/record/npz.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const at = temporaryFolder();

function npy(header: string, elements: number[], version = 1): Uint8Array {
  const text = Buffer.from(`${header}\n`, "latin1");
  const length = version === 1 ? Buffer.alloc(2) : Buffer.alloc(4);
  if (version === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  return Buffer.concat([
    Buffer.from(`\x93NUMPY${String.fromCharCode(version)}\x00`, "latin1"),
    length,
    text,
    Buffer.from(elements),
  ]);
}

const header = (descr: string, order = "False", shape = "(2,)") =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;

async function refusal(contents: Uint8Array | Zippable, wanted?: Record<string, "float32">): Promise<unknown> {
  const bytes = contents instanceof Uint8Array ? contents : zipSync(contents, { level: 0 });
  await writeFile(at("bad.npz"), bytes);
  return (wanted === undefined ? readNpz(at("bad.npz")) : readNpz(at("bad.npz"), wanted)).catch(
    (error: unknown) => error,
  );
}

const path = () => at("bad.npz");
const eight = [0, 0, 0, 0, 0, 0, 0, 0];

describe("a .npz file with a defect is refused, naming file and member", () => {
  it.each<[string, Uint8Array | Zippable, string]>([
    ["text", Buffer.from("no zip file"), " is not a .npz file (zip): it begins otherwise"],
    ["nothing", new Uint8Array(0), " is not a .npz file (zip): it is empty"],
    [
      "a member that is no array",
      { "readme.txt": new Uint8Array(3) },
      ' has a member "readme.txt"; allowed: arrays, named NAME.npy',
    ],
    [
      "a member without .npy magic",
      { "w.npy": new Uint8Array(80) },
      ': "w" is not a NumPy array (.npy): it does not begin with \\x93NUMPY; save it again',
    ],
    [
      "an empty member",
      { "w.npy": new Uint8Array(0) },
      ': "w" is not a NumPy array (.npy): it does not begin with \\x93NUMPY; save it again',
    ],
    [
      "another .npy version",
      { "w.npy": npy(header("'<f4'"), eight, 9) },
      ': "w" has .npy version 9; versions 1 to 3 can be read, so save it with a present NumPy',
    ],
    [
      "a header beyond the end",
      { "w.npy": npy(header("'<f4'"), eight).subarray(0, 40) },
      ': "w" is damaged: its .npy header does not fit into it; restore it from a copy',
    ],
    [
      "a header without shape",
      { "w.npy": npy("{'descr': '<f4', 'fortran_order': False}", eight) },
      ': "w" has a .npy header without descr, fortran_order or shape; save it again',
    ],
    [
      "big-endian elements",
      { "w.npy": npy(header("'>f4'"), eight) },
      ": \"w\" holds elements of type '>f4'; allowed: float32, float64, uint32, uint8, little-endian",
    ],
    [
      "records",
      { "w.npy": npy(header("[('a', '<f4')]"), eight) },
      ": \"w\" holds elements of type [('a', '<f4')]; allowed: float32, float64, uint32, uint8, little-endian",
    ],
    [
      "Fortran order",
      { "w.npy": npy(header("'<f4'", "True"), eight) },
      ': "w" is in Fortran order; allowed: C order, as numpy.ascontiguousarray makes it',
    ],
    [
      "too few elements",
      { "w.npy": npy(header("'<f4'"), [1, 2, 3]) },
      ': "w" has 3 bytes of elements where shape [2] of float32 takes 8; restore it from a copy',
    ],
    [
      "too many elements",
      { "w.npy": npy(header("'<f4'"), [...eight, 1]) },
      ': "w" has 9 bytes of elements where shape [2] of float32 takes 8; restore it from a copy',
    ],
  ])("%s", async (_what, contents, text) => {
    expect(await refusal(contents)).toEqual(new DataError(path() + text));
  });

  it("a wanted array that is missing or of another type", async () => {
    const file = {
      "weight.npy": npy(header("'<f8'", "False", "(1,)"), eight),
      "bias.npy": npy(header("'<f4'"), eight),
    };
    expect(await refusal(file, { weigth: "float32" })).toEqual(
      new DataError(`${path()} has no array "weigth" (did you mean "weight"?); it has: weight, bias`),
    );
    expect(await refusal(file, { weight: "float32" })).toEqual(
      new DataError(`${path()}: "weight" holds float64; float32 is wanted, so convert it`),
    );
  });

  it("elements that do not have the checksum of the directory", async () => {
    const bytes = zipSync({ "w.npy": npy(header("'<f4'"), [1, 2, 3, 4, 5, 6, 7, 8]) }, { level: 0 });
    const position = Buffer.from(bytes).indexOf(Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]));
    bytes[position] = 9;
    expect(await refusal(bytes)).toEqual(
      new DataError(`${path()} is damaged at "w.npy": its checksum is another; restore it from a copy`),
    );
  });

  it("deflated elements that cannot be inflated, methods of packing that we do not know, and encrypted members", async () => {
    const plain = npy(header("'<f4'"), eight);
    const bytes = Buffer.from(zipSync({ "w.npy": plain }, { level: 9 }));
    const position = bytes.indexOf(Buffer.from(deflateSync(plain, { level: 9 })));
    bytes[position] = 0xff;
    expect(await refusal(bytes)).toEqual(
      new DataError(`${path()} is damaged at "w.npy": it cannot be inflated; restore it from a copy`),
    );
    // The directory entry: its bytes 8 and 9 are flags, 10 and 11 the method.
    const entry = bytes.indexOf("PK\x01\x02", 0, "latin1");
    bytes[entry + 10] = 14;
    expect(await refusal(bytes)).toEqual(
      new DataError(`${path()}: "w.npy" is packed by method 14; allowed: 0 (stored), 8 (deflated)`),
    );
    bytes[entry + 8] = bytes[entry + 8]! | 1;
    expect(await refusal(bytes)).toEqual(new DataError(`${path()}: "w.npy" is encrypted; save it without a password`));
  });

  it("a directory that contradicts itself or its members", async () => {
    const member = npy(header("'<f4'"), eight);
    const bytes = Buffer.from(zipSync({ "v.npy": member, "w.npy": member }, { level: 9 }));
    const end = bytes.length - 22;
    const truncated = new DataError(
      `${path()} is truncated or damaged: it ends before its contents do; restore it from a copy`,
    );
    // A byte between directory and end record; one member of two counted.
    expect(await refusal(Buffer.concat([bytes.subarray(0, end), Buffer.alloc(1), bytes.subarray(end)]))).toEqual(
      truncated,
    );
    const one = Buffer.from(bytes);
    one.writeUInt16LE(1, end + 8);
    one.writeUInt16LE(1, end + 10);
    expect(await refusal(one)).toEqual(truncated);
    const first = bytes.indexOf("PK\x01\x02", 0, "latin1");
    bytes.writeUInt32LE(0xf0000000, first + 24);
    expect(await refusal(bytes)).toEqual(
      new DataError(`${path()} is damaged at "v.npy": its size is impossible; restore it from a copy`),
    );
    bytes.writeUInt32LE(member.length - 4, first + 24);
    expect(await refusal(bytes)).toEqual(
      new DataError(`${path()} is damaged at "v.npy": it cannot be inflated; restore it from a copy`),
    );
    bytes.writeUInt32LE(member.length + 4, first + 24);
    expect(await refusal(bytes)).toEqual(
      new DataError(
        `${path()}: "v" has 12 bytes of elements where shape [2] of float32 takes 8; restore it from a copy`,
      ),
    );
    const twice = Buffer.from(zipSync({ "v.npy": member, "w.npy": member }, { level: 0 }));
    twice[twice.lastIndexOf("w.npy")] = "v".charCodeAt(0);
    expect(await refusal(twice)).toEqual(new DataError(`${path()} has two members "v.npy"; restore it from a copy`));
  });

  it("a file that shrinks while it is read", async () => {
    const target = new Uint8Array(4);
    const shrunk = readExactly(inMemory(Uint8Array.of(1, 2, 3)), "a.npz", 0, target);
    await expect(shrunk).rejects.toThrow("a.npz is truncated or damaged");
  });

  it("a file that is missing or a folder", async () => {
    await expect(readNpz(at("none.npz"))).rejects.toThrow(
      new StorageError(`${at("none.npz")} cannot be read: it does not exist; check the path`),
    );
    await expect(readNpz(at())).rejects.toThrow(
      `${at()} cannot be read: there is a folder of that name; check the path`,
    );
  });
});

describe("an array that cannot be written is refused before anything is", () => {
  const data = new Float32Array(6);

  it.each([
    ["w", [2, 2], 'the array "w" of shape [2, 2] has 6 elements'],
    ["w", [-2, -3], 'the array "w" has shape [-2, -3]; give up to 32 axes, each a whole number from 0 on'],
    ["w", [1.5, 4], 'the array "w" has shape [1.5, 4]; give up to 32 axes, each a whole number from 0 on'],
    ["w", [6, ...new Array(32).fill(1)], "give up to 32 axes"],
    ["", [6], 'the array name "" cannot be written; give plain text'],
    ["a\0b", [6], 'the array name "a\\u0000b" cannot be written; give plain text'],
    ["\ud800", [6], 'the array name "\\ud800" cannot be written; give plain text'],
  ])("%j of shape %j", async (name, shape, text) => {
    const failure: unknown = await writeNpz(at("never.npz"), { [name]: { shape, data } }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as Error).message).toContain(text);
    await expect(readNpz(at("never.npz"))).rejects.toThrow("it does not exist");
  });

  it("more than a zip file holds", async () => {
    // The same memory five times over: more than 4 GiB to write, one to have.
    const large = { shape: [2 ** 30], data: new Uint8Array(2 ** 30) };
    const arrays = { a: large, b: large, c: large, d: large };
    await expect(writeNpz(at("never.npz"), arrays)).rejects.toThrow(
      new StorageError(`${at("never.npz")} cannot be written: 4 arrays of 4294971416 bytes exceed a .npz file`),
    );
  });
});
