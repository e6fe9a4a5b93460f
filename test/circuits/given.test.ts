import { createHash } from "node:crypto";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork, buildOptimiser, buildRule, readGivenFiles, resolveCircuit } from "../../src/built-in.ts";
import { circuit, parseCircuit } from "../../src/circuits/circuit.ts";
import { dense } from "../../src/circuits/topologies/dense.ts";
import { given } from "../../src/circuits/topologies/given.ts";
import { randomStream } from "../../src/compute/random.ts";
import { DataError, DescriptionError, UsageError } from "../../src/kinds/errors.ts";
import type { Description, Part } from "../../src/kinds/kind.ts";
import { learningProgram } from "../../src/plasticity/learning-program.ts";
import { adamw } from "../../src/plasticity/optimisers/adam.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";
import { npyFile } from "../runs/parameters/npy.ts";

interface Sizes {
  readonly pre: number;
  readonly post: number;
}

/** A circuit whose middle projection, from a to b, is wired by a topology. */
const net = ({ pre, post }: Sizes, topology: Part, more: { sign?: Description; inhibitoryFraction?: number } = {}) =>
  circuit("connectome", (c) => {
    const { inhibitoryFraction = 0, sign = "mixed" } = more;
    const a = c.population("a", { units: pre, inhibitoryFraction });
    const b = c.population("b", { units: post });
    c.project(c.input("input", { units: 2 }), a);
    c.project(a, b, { topology, sign });
    c.project(b, c.population("report", { units: 2 }));
  });

const [weight, mask] = ["a->b/weight", "a->b/mask"];

/** A matrix with some zeros, of numbers that every format holds exactly. */
const matrices = fc
  .record({ pre: fc.integer({ min: 1, max: 5 }), post: fc.integer({ min: 1, max: 5 }) })
  .chain((sizes) =>
    fc.record({
      sizes: fc.constant(sizes),
      rows: fc.array(
        fc.array(fc.constantFrom(0, 0, 0.5, -1.25, 3, -0.125), { minLength: sizes.pre, maxLength: sizes.pre }),
        { minLength: sizes.post, maxLength: sizes.post },
      ),
    }),
  );

const turned = (rows: readonly (readonly number[])[]) => rows[0]!.map((_, at) => rows.map((row) => row[at]!));
const flat = (rows: readonly (readonly number[])[]) => Float32Array.from(rows.flat());
const connected = (rows: readonly (readonly number[])[]) => flat(rows).map((value) => (value === 0 ? 0 : 1));

const text = (lines: readonly string[]) => Uint8Array.from(new TextEncoder().encode(`${lines.join("\n")}\n`));
const numpy = (rows: readonly (readonly number[])[], fortran: boolean) =>
  Uint8Array.from(
    npyFile({ descr: fortran ? "<f8" : "<f4", shape: [rows.length, rows[0]!.length], values: rows.flat(), fortran }),
  );
const edgesOf = (rows: readonly (readonly number[])[]) =>
  rows.flatMap((row, post) => row.flatMap((value, pre) => (value === 0 ? [] : [{ pre, post, value }])));

/** The same matrix [post, pre] in files of every kind, by their names. */
const filesOf = (rows: readonly (readonly number[])[]): Readonly<Record<string, Uint8Array<ArrayBuffer>>> => ({
  "w.npy": numpy(rows, false),
  "fortran.npy": numpy(rows, true),
  "w.csv": text(rows.map((row) => row.join(","))),
  "named.tsv": text([rows[0]!.map((_, at) => `unit ${at}`).join("\t"), ...rows.map((row) => row.join("\t"))]),
  "edges.csv": text(["post,pre,weight", ...edgesOf(rows).map(({ pre, post, value }) => `${post},${pre},${value}`)]),
});

/** Reads files that lie in memory. */
const reader = (files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>) => async (path: string) => {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (!Object.hasOwn(files, name)) throw Object.assign(new Error(`ENOENT: no such file ${name}`), { code: "ENOENT" });
  return files[name]!;
};

describe("given weights", () => {
  it("are where a network starts, and where they are 0 no connection exists, unless zeros are connections", () => {
    fc.assert(
      fc.property(matrices, fc.nat(), fc.boolean(), fc.boolean(), ({ sizes, rows }, seed, flatly, turn) => {
        const said = turn ? turned(rows) : rows;
        const weights = flatly
          ? { shape: [said.length, said[0]!.length] as [number, number], data: flat(said) }
          : said.map((row) => [...row]);
        const orientation = turn ? { rows: "pre" as const } : {};
        const values = buildNetwork(net(sizes, given({ weights, ...orientation }))).initialise(seed);
        expect(values.get(weight)).toEqual(flat(rows));
        expect(values.get(mask)).toEqual(connected(rows));
        const all = buildNetwork(net(sizes, given({ weights, zeros: "connected", ...orientation })));
        expect(all.initialise(seed).get(weight)).toEqual(flat(rows));
        expect(all.parameters.map(({ name }) => name)).not.toContain(mask);
        // All else starts as it would have anyway.
        const drawn = buildNetwork(net(sizes, dense())).initialise(seed);
        for (const [name, value] of drawn) if (name !== weight) expect(values.get(name)).toEqual(value);
      }),
    );
  });

  it("as a mask say which of the weights exist that the dense projection would have drawn", () => {
    fc.assert(
      fc.property(matrices, fc.nat(), ({ sizes, rows }, seed) => {
        const weights = rows.map((row) => [...row]);
        const values = buildNetwork(net(sizes, given({ weights, as: "mask" }))).initialise(seed);
        const drawn = buildNetwork(net(sizes, dense())).initialise(seed).get(weight)!;
        expect(values.get(mask)).toEqual(connected(rows));
        expect(values.get(weight)).toEqual(drawn.map((value, at) => (rows.flat()[at] === 0 ? 0 : value)));
      }),
    );
  });

  it("keep to the connections that there are, whatever is learned", async () => {
    await fc.assert(
      fc.asyncProperty(matrices, async ({ sizes, rows }) => {
        const network = buildNetwork(net(sizes, given({ weights: rows.map((row) => [...row]) })));
        const optimiser = buildOptimiser(adamw({ rate: 0.1 }));
        const program = learningProgram({ network, rule: buildRule("bp"), optimiser, batch: 2 });
        const session = await interpreter.load(program);
        for (const [name, value] of network.initialise(1)) await session.write(name, value);
        const random = randomStream(1, "batch");
        const stimuli = Float32Array.from({ length: 4 }, () => random.normal());
        const feeds = { "stimuli/input": stimuli, labels: Float32Array.of(0, 1), weights: Float32Array.of(0.5, 0.5) };
        for (const step of [1, 2]) await session.run("train", [{ ...feeds, schedule: optimiser.schedule(step) }]);
        const now = await session.read(weight);
        for (const [at, value] of rows.flat().entries())
          if (value === 0) expect(now[at]).toBe(0);
          else expect(now[at]).not.toBe(Math.fround(value));
      }),
      { numRuns: 20 },
    );
  });

  it("are plain data: a matrix becomes rows, and what was read is read again as it is", () => {
    fc.assert(
      fc.property(matrices, ({ sizes, rows }) => {
        const matrix = { shape: [sizes.post, sizes.pre] as [number, number], data: flat(rows) };
        const once = resolveCircuit(net(sizes, given({ weights: matrix })));
        expect(once.projections[1]!.topology).toEqual({
          kind: "given",
          weights: rows.map((row) => row.map(Math.fround)),
          rows: "post",
          as: "weights",
          zeros: "unconnected",
        });
        expect(resolveCircuit(parseCircuit(JSON.parse(JSON.stringify(once))))).toEqual(once);
      }),
    );
  });
});

describe("a file of connections", () => {
  it("gives the same weights and mask as the numbers themselves, in every format and orientation", async () => {
    await fc.assert(
      fc.asyncProperty(
        matrices,
        fc.boolean(),
        fc.constantFrom("weights", "mask"),
        async ({ sizes, rows }, turn, as) => {
          const files = filesOf(turn ? turned(rows) : rows);
          // A list of edges says which end is which.
          files satisfies object;
          for (const file of Object.keys(files)) {
            const listed = file === "edges.csv";
            if (listed && edgesOf(rows).length === 0) continue;
            const held = listed ? filesOf(rows) : files;
            const topology = given({ file, as: as as "mask", rows: turn && !listed ? "pre" : "post" });
            const described = net(sizes, topology);
            const { values, circuit: read } = await readGivenFiles(described, reader(held));
            const started = buildNetwork(described).initialise(7, values);
            const inline = net(sizes, given({ weights: rows.map((row) => [...row]), as: as as "mask" }));
            expect(started).toEqual(buildNetwork(inline).initialise(7));
            expect(read.projections[1]!.topology).toMatchObject({
              file: resolve(file),
              sha256: createHash("sha256").update(held[file]!).digest("hex"),
            });
            // With its checksum it is the same file again.
            expect((await readGivenFiles(read, reader(held))).circuit).toEqual(read);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  const sizes = { pre: 3, post: 2 };
  const rows = [
    [1, 2, 0],
    [0, 3, 4],
  ];
  const reading = (
    name: string,
    bytes: Uint8Array<ArrayBuffer> | undefined,
    {
      more = {},
      wired = {},
    }: { more?: Omit<Parameters<typeof given>[0], "file">; wired?: Parameters<typeof net>[2] } = {},
    ends: Sizes = sizes,
  ) =>
    readGivenFiles(net(ends, given({ file: `/data/${name}`, ...more }), wired), reader(bytes ? { [name]: bytes } : {}));
  const place = 'circuit "connectome", projection "a->b": /data/';
  const refusal = (said: string) => new DataError(`${place}${said}`);

  it("that is transposed or of another size is told apart, with what to do", async () => {
    await expect(reading("w.npy", numpy(turned(rows), false))).rejects.toThrow(
      refusal(
        'w.npy: the matrix is 3 x 2, expected [post, pre], 2 x 3: it is [pre, post], so say rows: "pre", or transpose it',
      ),
    );
    await expect(reading("w.csv", filesOf(rows)["w.csv"], { more: { rows: "pre" } })).rejects.toThrow(
      refusal(
        'w.csv: the matrix is 2 x 3, expected [pre, post], 3 x 2: it is [post, pre], so leave out rows: "pre", or transpose it',
      ),
    );
    await expect(reading("w.csv", text(["1,2", "3,4"]))).rejects.toThrow(
      refusal(
        "w.csv: the matrix is 2 x 2, expected [post, pre], 2 x 3; give a number for each pair of units, or the populations other sizes",
      ),
    );
    expect(() => buildNetwork(net(sizes, given({ weights: turned(rows) })))).toThrow(
      new DescriptionError(
        'circuit "connectome", projection "a->b": topology "given": the matrix is 3 x 2, expected [post, pre], 2 x 3: it is [pre, post], so say rows: "pre", or transpose it',
      ),
    );
  });

  it("that is square and transposed is told by its signs under Dale's law", async () => {
    const law = { sign: "dale", inhibitoryFraction: 0.5 };
    const square = { pre: 2, post: 2 };
    const inRows = [
      [1, 2],
      [-3, -4],
    ];
    const said =
      'holds 2 at [0, 1], the first of 2 such values from unit 1 of "a", which is inhibitory, against the projection\'s sign "dale"; allowed: weights >= 0 from units 0 to 0, <= 0 from units 1 to 1; the signs of its rows do not mix and those of its columns do, so it is [pre, post]: say rows: "pre", or transpose it';
    await expect(reading("w.npy", numpy(inRows, false), { wired: law }, square)).rejects.toThrow(
      refusal(`w.npy ${said}`),
    );
    await expect(
      reading("w.npy", numpy(inRows, false), { wired: law, more: { rows: "pre" } }, square),
    ).resolves.toBeDefined();
    expect(() => buildNetwork(net(square, given({ weights: inRows }), law))).toThrow(
      new DescriptionError(`circuit "connectome", projection "a->b": topology "given" ${said}`),
    );
    // A mask has no signs.
    await expect(
      reading("w.npy", numpy(inRows, false), { wired: law, more: { as: "mask" } }, square),
    ).resolves.toBeDefined();
  });

  it("that lists edges names units that exist, each pair once, and weights where they are asked for", async () => {
    const edges = (...lines: string[]) => reading("e.csv", text(["pre,post,weight", ...lines]));
    await expect(edges("0,0,1", "3,1,1")).rejects.toThrow(
      refusal("e.csv: edge 2: pre is 3, expected a unit from 0 to 2"),
    );
    await expect(edges("0,-1,1")).rejects.toThrow(refusal("e.csv: edge 1: post is -1, expected a unit from 0 to 1"));
    await expect(edges("0.5,0,1")).rejects.toThrow(refusal("e.csv: edge 1: pre is 0.5, expected a unit from 0 to 2"));
    await expect(edges("2,1,1", "2,1,2")).rejects.toThrow(
      refusal("e.csv: edge 2, from 2 to 1, is listed twice; list each pair of units once"),
    );
    await expect(edges("2,1,many")).rejects.toThrow(refusal('e.csv: column "weight" holds "many"; give numbers'));
    await expect(reading("e.csv", text(["pre,post", "0,1"]))).rejects.toThrow(
      refusal(
        'e.csv lists edges without a weight, and weights are asked for; give it a column weight, or say as: "mask"',
      ),
    );
    await expect(reading("e.csv", text(["pre,post,delay", "0,1,3"]))).rejects.toThrow(
      refusal('e.csv lists edges with a column "delay"; allowed: pre, post, weight'),
    );
    const { values } = await reading("e.csv", text(["pre,post", "0,1", "2,0"]), { more: { as: "mask" } });
    expect(values.get(mask)).toEqual(Float32Array.of(0, 0, 1, 1, 0, 0));
  });

  it("that holds no matrix of numbers is refused", async () => {
    await expect(reading("w.txt", text(["1"]))).rejects.toThrow(
      refusal(
        "w.txt is of no known kind of matrix; give a .npy file, or a .csv or .tsv table of numbers or of edges (pre, post, weight)",
      ),
    );
    await expect(reading("w.npy", text(["no array at all"]))).rejects.toThrow(/w\.npy is not a NumPy array/);
    await expect(
      reading("w.npy", Uint8Array.from(npyFile({ descr: "<f4", shape: [6], values: [1, 2, 3, 4, 5, 6] }))),
    ).rejects.toThrow(refusal("w.npy holds an array of shape [6]; give a matrix, which has two axes"));
    await expect(
      reading("w.npy", Uint8Array.from(npyFile({ descr: "<f8", shape: [2, 3], values: [1, 2, 3, 4, 1e39, 6] }))),
    ).rejects.toThrow(
      refusal(
        "w.npy holds 1e+39 at [1, 1]; allowed: finite numbers up to 3.4e+38 in size, which 32-bit floats hold; look at how the file was made",
      ),
    );
    await expect(reading("w.csv", text(["1,2,3", "4,x,5"]))).rejects.toThrow(
      refusal('w.csv: column "column 2" holds "x"; give numbers'),
    );
  });

  it("that is missing, or another one than was described, is refused", async () => {
    await expect(reading("gone.npy", undefined)).rejects.toThrow(
      refusal(
        "gone.npy cannot be read: ENOENT: no such file gone.npy; put the file there, or start from the weights of a run (from)",
      ),
    );
    const bytes = numpy(rows, false);
    const found = createHash("sha256").update(bytes).digest("hex");
    const expected = "0".repeat(64);
    await expect(reading("w.npy", bytes, { more: { sha256: expected } })).rejects.toThrow(
      refusal(
        `w.npy is another file than was described: its sha256 is ${found}, expected ${expected}; restore the file, or leave sha256 out to take what is there now`,
      ),
    );
  });

  it("has to be read before a network starts", () => {
    const network = buildNetwork(net(sizes, given({ file: "/data/w.npy" })));
    expect(() => network.initialise(1)).toThrow(
      new UsageError(
        'projection "a->b": its connections lie in /data/w.npy, which was not read; give what readGivenFiles read to initialise',
      ),
    );
  });
});

describe("settings of a given topology", () => {
  const refused = (settings: object, said: string) =>
    expect(() => given(settings)).toThrow(new DescriptionError(`topology "given": ${said}`));

  it("are a file or numbers, and nothing that would say nothing", () => {
    refused({}, "it takes either file (.npy, .csv, .tsv) or weights (rows of numbers)");
    refused({ file: "w.npy", weights: [[1]] }, "it takes either file (.npy, .csv, .tsv) or weights (rows of numbers)");
    refused(
      { weights: [[1]], sha256: "0".repeat(64) },
      "sha256 is of a file, and weights are given instead; leave it out",
    );
    refused(
      { weights: [[1]], as: "mask", zeros: "connected" },
      'zeros "connected" is of weights, and as is "mask"; leave one of them out',
    );
    refused({ file: "w.npy", as: "masks" }, 'as: got "masks", expected one of weights, mask (did you mean "mask"?)');
  });

  it("are rows of as many numbers each", () => {
    expect(() => given({ weights: [[1, 2], [3]] })).toThrow(
      /^topology "given": weights: got \[\[1, 2\], \[3\]\], expected /,
    );
    expect(() => given({ weights: [[1, Number.NaN]] })).toThrow(/^topology "given": weights/);
    expect(() => given({ weights: [[1, 1e39]] })).toThrow(/^topology "given": weights/);
    expect(() => given({ weights: { shape: [2, 2], data: [1] } })).toThrow(/^topology "given": weights/);
  });
});
