import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { SulcusError } from "../../../src/kinds/errors.ts";
import { type NpzArray, npzContents, readNpz, writeNpz } from "../../../src/runs/record/npz.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const at = temporaryFolder();

const shape = fc.array(fc.nat({ max: 5 }), { maxLength: 4 });
/** Any bytes at all make the elements, so that every NaN, -0, infinity and denormal number occurs. */
const array: fc.Arbitrary<NpzArray> = fc
  .tuple(shape, fc.constantFrom(Float32Array, Float64Array, Uint32Array, Uint8Array))
  .chain(([sizes, View]) => {
    const count = sizes.reduce((product, size) => product * size, 1);
    const length = count * View.BYTES_PER_ELEMENT;
    return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => {
      // Not from the beginning of its buffer, as an array that is a slice of a larger memory.
      const memory = new Uint8Array(length + 16);
      memory.set(bytes, 8);
      return { shape: sizes, data: new View(memory.buffer, 8, count) };
    });
  });
const name = fc
  .oneof(
    fc.string({ minLength: 1, unit: "grapheme" }),
    fc.constantFrom("v1->v2/weight", "a.npy", "__proto__", "../up", "7"),
  )
  .filter((text) => !text.includes("\0"));
const arrays = fc.dictionary(name, array, { maxKeys: 5 });

const bytesOf = ({ data }: NpzArray) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

function expectSame(actual: Record<string, NpzArray>, expected: Record<string, NpzArray>): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [key, { shape, data }] of Object.entries(expected)) {
    const other = actual[key] as NpzArray;
    expect(other.shape).toEqual(shape);
    expect(other.data.constructor).toBe(data.constructor);
    expect(bytesOf(other).equals(bytesOf({ shape, data }))).toBe(true);
  }
}

const special: Record<string, NpzArray> = {
  "v1->v2/weight": { shape: [2, 3], data: Float32Array.of(1.5, Number.NaN, -0, Number.POSITIVE_INFINITY, 1e-45, -3) },
  "état/θ": { shape: [2], data: Float64Array.of(Math.PI, Number.NEGATIVE_INFINITY) },
  count: { shape: [], data: Uint32Array.of(4294967295) },
  "metadata.json": { shape: [2], data: Uint8Array.of(123, 125) },
  empty: { shape: [3, 0, 2], data: new Float32Array(0) },
};

describe(".npz files", () => {
  it("give back every array bit for bit", async () => {
    await fc.assert(
      fc.asyncProperty(arrays, async (written) => {
        await writeNpz(at("a.npz"), written);
        expectSame(await readNpz(at("a.npz")), written);
        const contents = await npzContents(at("a.npz"));
        for (const key of Object.keys(written)) expect(contents[key]?.shape).toEqual(written[key]?.shape);
      }),
    );
  });

  it("have the same bytes for the same arrays, in whatever order these come and whatever the clock says", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    await fc.assert(
      fc.asyncProperty(arrays, async (written) => {
        vi.setSystemTime(new Date(2024, 1, 29));
        await writeNpz(at("a.npz"), written);
        vi.setSystemTime(new Date(2031, 6, 1));
        await writeNpz(at("b.npz"), Object.fromEntries(Object.entries(written).reverse()));
        expect((await readFile(at("a.npz"))).equals(await readFile(at("b.npz")))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("keep arrays that span several chunks", async () => {
    const data = Float32Array.from({ length: 700_001 }, (_, index) => Math.sin(index));
    await writeNpz(at("large.npz"), {
      large: { shape: [700_001], data },
      after: { shape: [1], data: Uint8Array.of(7) },
    });
    const back = await readNpz(at("large.npz"), { large: "float32", after: "uint8" });
    expectSame(back, { large: { shape: [700_001], data }, after: { shape: [1], data: Uint8Array.of(7) } });
  });

  it("are refused with a clean error when cut off at any byte", async () => {
    await writeNpz(at("whole.npz"), special);
    const whole = await readFile(at("whole.npz"));
    for (let length = 0; length < whole.length; length++) {
      await writeFile(at("cut.npz"), whole.subarray(0, length));
      const error: unknown = await readNpz(at("cut.npz")).catch((thrown: unknown) => thrown);
      expect(error, `cut at ${length}`).toBeInstanceOf(SulcusError);
      expect((error as Error).message).toMatch(
        /cut\.npz is (truncated or damaged: .*|not a \.npz file \(zip\): it is empty)/,
      );
    }
  });

  it("with one byte changed are refused with a clean error or read the same", async () => {
    await writeNpz(at("whole.npz"), special);
    const whole = await readFile(at("whole.npz"));
    for (let position = 0; position < whole.length; position++) {
      const flipped = Buffer.from(whole);
      flipped[position] = (flipped[position] as number) ^ (1 << (position % 8));
      await writeFile(at("flipped.npz"), flipped);
      const result = await readNpz(at("flipped.npz")).catch((thrown: unknown) => thrown);
      if (result instanceof Error) expect(result, `byte ${position}`).toBeInstanceOf(SulcusError);
      else expectSame(result as Record<string, NpzArray>, special);
    }
  });
});

function python(script: string, ...args: string[]): string | undefined {
  try {
    return execFileSync("python3", ["-c", script, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch {
    return undefined;
  }
}

const hasPython = python("print(1)") !== undefined;
const hasNumpy = python("import numpy") !== undefined;
if (!hasPython) console.warn("python3 is not installed: the tests with Python are skipped");
else if (!hasNumpy) console.warn("NumPy is not installed: .npz files are checked with Python's zipfile alone");

describe.skipIf(!hasPython)("Python", () => {
  it("opens the zip file, finds every checksum right, and every header in its place", async () => {
    await writeNpz(at("python.npz"), special);
    const script = `
import ast, json, struct, sys, zipfile
out = {}
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    for name in archive.namelist():
        content = archive.read(name)
        assert content[:8] == b"\\x93NUMPY\\x01\\x00"
        length, = struct.unpack("<H", content[8:10])
        assert (10 + length) % 64 == 0 and content[9 + length:10 + length] == b"\\n"
        out[name] = [str(ast.literal_eval(content[10:10 + length].decode("latin1"))), content[10 + length:].hex()]
print(json.dumps(out))`;
    const seen = JSON.parse(python(script, at("python.npz")) ?? "null") as Record<string, [string, string]>;
    expect(seen["v1->v2/weight.npy"]).toEqual([
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}",
      bytesOf(special["v1->v2/weight"] as NpzArray).toString("hex"),
    ]);
    expect(seen["état/θ.npy"]?.[0]).toBe("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}");
    expect(seen["count.npy"]).toEqual(["{'descr': '<u4', 'fortran_order': False, 'shape': ()}", "ffffffff"]);
    expect(seen["metadata.json.npy"]).toEqual(["{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}", "7b7d"]);
    expect(seen["empty.npy"]).toEqual(["{'descr': '<f4', 'fortran_order': False, 'shape': (3, 0, 2)}", ""]);
  });

  it.skipIf(!hasNumpy)("has NumPy read what we write, and we read what NumPy writes, compressed or not", async () => {
    await writeNpz(at("python.npz"), special);
    const script = `
import numpy, sys
with numpy.load(sys.argv[1]) as arrays:
    assert sorted(arrays.files) == sorted(["v1->v2/weight", "état/θ", "count", "metadata.json", "empty"])
    assert arrays["v1->v2/weight"].dtype == numpy.float32
    assert bytes(arrays["metadata.json"]) == b"{}"
    numpy.savez(sys.argv[2], **arrays)
    numpy.savez_compressed(sys.argv[3], **arrays)
print("done")`;
    expect(python(script, at("python.npz"), at("stored.npz"), at("packed.npz"))).toBe("done\n");
    expectSame(await readNpz(at("stored.npz")), special);
    expectSame(await readNpz(at("packed.npz")), special);
  });
});
