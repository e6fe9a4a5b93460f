import { execFileSync } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { buildNetwork } from "../../../src/built-in.ts";
import { circuit } from "../../../src/circuits/circuit.ts";
import type { Network } from "../../../src/circuits/network.ts";
import { dense } from "../../../src/circuits/topologies/dense.ts";
import { sparse } from "../../../src/circuits/topologies/sparse.ts";
import { sizeOf } from "../../../src/compute/shape.ts";
import { DataError } from "../../../src/kinds/errors.ts";
import { readParameters } from "../../../src/runs/read-parameters.ts";
import { writeNpz } from "../../../src/runs/record/npz.ts";
import type { PlainSign } from "../../arbitraries/signs.ts";
import { skipped } from "../../skipping.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { type ArrayToWrite, npyFile, npyOf } from "./npy.ts";

const at = temporaryFolder();

/** a (3 units) to b (4), through a mask where it is sparse. */
const net = ({ sign = "mixed" as PlainSign | "dale", masked = false, inhibitoryFraction = 0 } = {}): Network =>
  buildNetwork(
    circuit("pair", (c) => {
      const stimulus = c.input("x", { units: 2 });
      const a = c.population("a", { units: 3, inhibitoryFraction });
      const b = c.population("b", { units: 4 });
      c.project(stimulus, a);
      c.project(a, b, { topology: masked ? sparse({ connections: 5 }) : dense(), sign });
    }),
  );

type Arrays = Record<string, Omit<ArrayToWrite, "descr"> & { descr?: string }>;

/** Arrays of a fresh network, some of them replaced. */
function arraysOf(network: Network, changes: Arrays = {}): Arrays {
  const start = network.initialise(1);
  const own = network.parameters.map(({ name, shape }) => [name, { shape, values: [...start.get(name)!] }]);
  return { ...Object.fromEntries(own), ...changes };
}

async function write(arrays: Arrays, others: Record<string, Uint8Array> = {}): Promise<string> {
  const members = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, npyFile({ descr: "<f4", ...array })]);
  await writeFile(at("w.npz"), zipSync({ ...Object.fromEntries(members), ...others }, { level: 0 }));
  return at("w.npz");
}

const refusal = async (network: Network, arrays: Arrays) =>
  readParameters(await write(arrays), network).catch((error: unknown) => error);
const counted = (...shape: number[]) => ({ shape, values: Array.from({ length: sizeOf(shape) }, (_, place) => place) });

describe("arrays of numbers", () => {
  const types = ["|b1", "|i1", "|u1", "<i2", ">u2", "<i4", ">i4", "<u4", "<i8", ">u8", "<f4", ">f4", "<f8", ">f8"];

  test("are read whatever their type, byte order, axis order and axes of length 1", async () => {
    const network = net();
    const { shape } = network.parameters.find(({ name }) => name === "a->b/weight")!;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...types),
        fc.boolean(),
        fc.array(fc.nat({ max: 2 }), { maxLength: 3 }),
        fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 12, maxLength: 12 }),
        fc.integer({ min: 1, max: 100 }),
        async (descr, fortran, ones, bits, factor) => {
          const values = bits.map((bit, place) => (descr === "|b1" ? bit : (bit * factor + place) % 128));
          const stored = ones.reduce((sizes, place) => sizes.toSpliced(place, 0, 1), [...shape]);
          const path = await write(arraysOf(network, { "a->b/weight": { descr, fortran, shape: stored, values } }));
          expect([...(await readParameters(path, network)).get("a->b/weight")!]).toEqual(values);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("of 16 bits mean what IEEE 754 says", async () => {
    const network = net();
    const bits = [0x0000, 0x8001, 0x3c00, 0xc000, 0x7bff, 0x0400, 0x03ff, 0x3555, 0xbbff, 0x0001, 0x5640, 0x4248];
    const values = [
      0,
      -(2 ** -24),
      1,
      -2,
      65504,
      2 ** -14,
      1023 / 2 ** 24,
      0.333251953125,
      -0.99951171875,
      2 ** -24,
      100,
      3.140625,
    ];
    const { "a->b/weight": _, ...others } = arraysOf(network);
    const half = npyOf(
      "{'descr': '<f2', 'fortran_order': False, 'shape': (4, 3), }",
      new Uint8Array(Uint16Array.from(bits).buffer),
    );
    const path = await write(others, { "a->b/weight.npy": half });
    expect([...(await readParameters(path, network)).get("a->b/weight")!]).toEqual(values);
  });

  test("come out of a file that holds anything besides", async () => {
    const network = net();
    const path = await write(arraysOf(network, { step: { descr: "<i8", shape: [], values: [3] } }), {
      "note.npy": npyOf("{'descr': '<U13', 'fortran_order': False, 'shape': (), }", new Uint8Array(52)),
      "objects.npy": new Uint8Array(3),
      "readme.txt": new Uint8Array(3),
    });
    expect(await readParameters(path, network)).toEqual(network.initialise(1));
  });

  test("that are no finite numbers as 32-bit floats are refused with their place", async () => {
    const network = net();
    const odd = fc.constantFrom(
      [Number.NaN, "NaN"],
      [Number.POSITIVE_INFINITY, "Infinity"],
      [Number.NEGATIVE_INFINITY, "-Infinity"],
      [1e39, "1e+39"],
      [-3.5e38, "-3.5e+38"],
    );
    await fc.assert(
      fc.asyncProperty(
        odd,
        fc.boolean(),
        fc.uniqueArray(fc.nat({ max: 11 }), { minLength: 1 }),
        async ([value, told], fortran, places) => {
          const { shape, values } = counted(4, 3);
          for (const place of places) values[place] = value as number;
          const first = Math.min(...places);
          const more = places.length === 1 ? "" : `, the first of ${places.length} such values`;
          const spoilt = { "a->b/weight": { descr: "<f8", fortran, shape, values } };
          expect(await refusal(network, arraysOf(network, spoilt))).toEqual(
            new DataError(
              `${at("w.npz")}: parameter "a->b/weight" holds ${told} at [${Math.floor(first / 3)}, ${first % 3}]${more}; allowed: finite numbers up to 3.4e+38 in size, which 32-bit floats hold; look at how the file was made`,
            ),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test("that do not fit are refused, with what to do", async () => {
    const network = net();
    const { "a/bias": _, "b/bias": __, ...rest } = arraysOf(network);
    const told = 'does not fit circuit "pair":';
    const remedy = "; give the settings that it was trained with, or other weights";
    expect(await refusal(network, rest)).toEqual(
      new DataError(`${at("w.npz")} ${told} it lacks "a/bias" [1, 3] and "b/bias" [1, 4]${remedy}`),
    );
    expect(await refusal(network, arraysOf(network, { "a->b/weight": counted(3, 4) }))).toEqual(
      new DataError(
        `${at("w.npz")} ${told} "a->b/weight" is [3, 4], expected [post, pre], [4, 3], so transpose it${remedy}`,
      ),
    );
    const misnamed = {
      ...rest,
      "a/bias": counted(5, 1),
      "b/biases": counted(1, 4),
      "b/bias/firstMoment": counted(1, 4),
    };
    expect(await refusal(network, { ...misnamed, "x->a/weight": counted(2, 3) })).toEqual(
      new DataError(
        `${at("w.npz")} ${told} it lacks "b/bias" [1, 4]; "x->a/weight" is [2, 3], expected [post, pre], [3, 2], so transpose it; "a/bias" is [5, 1], expected [component, unit], [1, 3]; it has "b/biases", which the circuit has not${remedy}`,
      ),
    );
    const { "a/bias": ___, ...others } = arraysOf(network);
    const text = npyOf("{'descr': '<U1', 'fortran_order': False, 'shape': (3,), }", new Uint8Array(12));
    await expect(readParameters(await write(others, { "a/bias.npy": text }), network)).rejects.toThrow(
      `${at("w.npz")}: "a/bias" holds text; allowed: numbers`,
    );
    const short = npyOf("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", new Uint8Array(12));
    await expect(readParameters(await write(others, { "a/bias.npy": short }), network)).rejects.toThrow(
      `"a/bias" has 12 bytes of elements where shape [3] of float64 takes 24; restore it from a copy`,
    );
  });
});

describe("weights against their mask", () => {
  test("are refused where a connection does not exist, and taken where all exist that have a weight", async () => {
    const network = net({ masked: true });
    const bits = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 12, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(bits, bits, async (mask, some) => {
        const values = some.map((bit, place) => -bit * (place + 1));
        const path = await write(
          arraysOf(network, {
            "a->b/mask": { descr: "|b1", shape: [4, 3], values: mask },
            "a->b/weight": { shape: [4, 3], values },
          }),
        );
        const wrong = values.flatMap((value, place) => (value !== 0 && mask[place] === 0 ? [place] : []));
        const read = readParameters(path, network);
        if (wrong.length === 0) {
          const parameters = await read;
          expect([...parameters.get("a->b/mask")!]).toEqual(mask);
          expect([...parameters.get("a->b/weight")!].map((value) => value + 0)).toEqual(
            values.map((value) => value + 0),
          );
          return;
        }
        const first = wrong[0]!;
        const more = wrong.length === 1 ? "" : `, the first of ${wrong.length} such values`;
        await expect(read).rejects.toThrow(
          new DataError(
            `${path}: parameter "a->b/weight" holds ${values[first]} at [${Math.floor(first / 3)}, ${first % 3}]${more}, where "a->b/mask" is 0; allowed: 0 where there is no connection; multiply the weights by the mask, or give the mask that they were trained with`,
          ),
        );
      }),
      { numRuns: 40 },
    );
  });

  test("are refused with a mask that is neither 0 nor 1", async () => {
    const network = net({ masked: true });
    const values = Array.from({ length: 12 }, (_, place) => (place > 9 ? 0.5 : 1));
    expect(await refusal(network, arraysOf(network, { "a->b/mask": { shape: [4, 3], values } }))).toEqual(
      new DataError(
        `${at("w.npz")}: parameter "a->b/mask" holds 0.5 at [3, 1], the first of 2 such values; allowed: 1 where two units are connected, else 0`,
      ),
    );
  });

  test("are refused where the circuit has a mask and the run that they come from had none", async () => {
    const dense = net();
    const arrays = dense.parameters.map(({ name, shape }) => [name, { shape, data: dense.initialise(1).get(name)! }]);
    await writeNpz(at("dense.npz"), Object.fromEntries(arrays));
    await expect(readParameters(at("dense.npz"), net({ masked: true }))).rejects.toThrow(
      'it lacks "a->b/mask" [4, 3];',
    );
  });
});

describe("weights against their sign", () => {
  test("are refused exactly where one of them has a sign that its projection does not allow", async () => {
    const signs = fc.constantFrom<PlainSign | "dale">("excitatory", "inhibitory", "mixed", "dale");
    const weights = fc.array(fc.constantFrom(-2, -0, 0, 3), { minLength: 12, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(signs, weights, fc.constantFrom(-1, 1), async (sign, some, turn) => {
        const network = net({ sign, inhibitoryFraction: 0.34 });
        // Half of the cases are as Dale's law with one inhibitory unit has it.
        const values = some.map((value, place) => (turn < 0 ? value : Math.abs(value) * (place % 3 === 2 ? -1 : 1)));
        const allows = (value: number, place: number) =>
          sign === "mixed" || value === 0 || value > 0 === (sign === "dale" ? place % 3 < 2 : sign === "excitatory");
        const wrong = values.flatMap((value, place) => (allows(value, place) ? [] : [place]));
        const path = await write(arraysOf(network, { "a->b/weight": { shape: [4, 3], values } }));
        const read = readParameters(path, network);
        if (wrong.length === 0) {
          expect((await read).get("a->b/weight")).toEqual(Float32Array.from(values));
          return;
        }
        const first = wrong[0]!;
        const more = wrong.length === 1 ? "" : `, the first of ${wrong.length} such values`;
        const unit = first % 3;
        const whose =
          sign === "dale" ? ` from unit ${unit} of "a", which is ${unit < 2 ? "excitatory" : "inhibitory"}` : "";
        const allowed = {
          excitatory: "weights >= 0",
          inhibitory: "weights <= 0",
          mixed: "",
          dale: "weights >= 0 from units 0 to 1, <= 0 from units 2 to 2",
        }[sign];
        await expect(read).rejects.toThrow(
          new DataError(
            `${path}: parameter "a->b/weight" holds ${values[first]} at [${Math.floor(first / 3)}, ${unit}]${more}${whose}, against the projection's sign "${sign}"; allowed: ${allowed}; give such weights, or give the projection the sign "mixed"`,
          ),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe("a square matrix under Dale's law", () => {
  test("is told to be transposed where the signs of its rows do not mix and those of its columns do", async () => {
    const network = buildNetwork(
      circuit("square", (c) => {
        const cells = c.population("cells", { units: 4, inhibitoryFraction: 0.5 });
        c.project(c.input("x", { units: 2 }), cells);
        c.project(cells, cells, { sign: "dale", delay: 1 });
        c.steps(2);
      }),
    );
    const magnitudes = fc.array(fc.float({ min: Math.fround(0.1), max: 4, noNaN: true }), {
      minLength: 16,
      maxLength: 16,
    });
    await fc.assert(
      fc.asyncProperty(magnitudes, fc.boolean(), async (sizes, turned) => {
        const signed = (at: number) => (turned ? Math.floor(at / 4) : at % 4) < 2;
        const values = sizes.map((size, at) => (signed(at) ? size : -size));
        const path = await write(arraysOf(network, { "cells->cells/weight": { shape: [4, 4], values } }));
        const read = readParameters(path, network);
        if (!turned) return void expect((await read).get("cells->cells/weight")).toEqual(Float32Array.from(values));
        await expect(read).rejects.toThrow(
          new DataError(
            `${path}: parameter "cells->cells/weight" holds ${values[2]} at [0, 2], the first of 8 such values from unit 2 of "cells", which is inhibitory, against the projection's sign "dale"; allowed: weights >= 0 from units 0 to 1, <= 0 from units 2 to 3; the signs of its rows do not mix and those of its columns do, so it is [pre, post]: transpose it`,
          ),
        );
      }),
      { numRuns: 20 },
    );
  });
});

const hasNumpy = (() => {
  try {
    execFileSync("python3", ["-c", "import numpy"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(skipped(!hasNumpy, "weights from NumPy, which is not installed"))("NumPy's own files", () => {
  test("are read as savez writes them: float64, float16, Fortran order, big-endian, int64, and a note beside", async () => {
    const network = net({ masked: true });
    const script = `
import numpy as np, sys
w = np.arange(12.0).reshape(4, 3)
arrays = {
    "x->a/weight": np.asfortranarray(np.arange(6.0).reshape(3, 2) / 8),
    "a->b/weight": w.astype(">f4"),
    "a->b/mask": w > 0,
    "a/bias": np.array([1, 2, 3]),
    "b/bias": np.array([[0.5, 1, 2, 1 / 3]], np.float16),
}
np.savez(sys.argv[1], note=np.array("trained by me"), step=np.array(3), **arrays)
np.savez_compressed(sys.argv[2], **arrays)
`;
    execFileSync("python3", ["-c", script, at("numpy.npz"), at("packed.npz")]);
    for (const file of ["numpy.npz", "packed.npz"]) {
      const parameters = await readParameters(at(file), network);
      const lists = Object.fromEntries([...parameters].map(([name, values]) => [name, [...values]]));
      expect(lists).toEqual({
        "x->a/weight": [0, 0.125, 0.25, 0.375, 0.5, 0.625],
        "a->b/weight": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        "a->b/mask": [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        "a/bias": [1, 2, 3],
        "b/bias": [0.5, 1, 2, 0.333251953125],
      });
    }
  });
});

test("a device or a pipe is refused, and not waited for", async () => {
  const path = at("endless.npz");
  await symlink("/dev/zero", path);
  await expect(readParameters(path, net())).rejects.toThrow(
    `the weights ${path} are a device or a pipe; give a run folder, a .npz or .json file, or "shipped"`,
  );
});
