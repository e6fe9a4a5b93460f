import { resolve } from "pathe";
import * as z from "zod";
import { checksum } from "../../arrays/checksum.ts";
import { float32Values } from "../../compute/float32-values.ts";
import { DataError } from "../../kinds/errors.ts";
import { largestSingle } from "../../kinds/single-precision.ts";
import { shared } from "./dense.ts";
import { type GivenMatrix, matrixIn } from "./given-matrix.ts";
import { masked } from "./masked.ts";
import { defineTopology, type GivenSource, type WiredProjection } from "./topology.ts";

/** Numbers that lie row by row, with how many rows and columns there are. */
const flatMatrix = z.strictObject({
  shape: z.tuple([z.int().min(1), z.int().min(1)]),
  data: z.custom<ArrayLike<number>>(
    (data) => Array.isArray(data) || (ArrayBuffer.isView(data) && "length" in data),
    "expected a list of numbers",
  ),
});

const rowsOfNumbers = z
  .array(z.array(z.number().min(-largestSingle).max(largestSingle)).min(1))
  .min(1)
  .refine((rows) => rows.every(({ length }) => length === rows[0]!.length), "expected rows of as many numbers each");

const weightRows = z.union([
  rowsOfNumbers,
  flatMatrix
    .refine(
      ({ shape, data }) => data.length === shape[0] * shape[1],
      "expected as many numbers as the shape has places",
    )
    .transform(({ shape: [rows, columns], data }) =>
      Array.from({ length: rows }, (_, row) =>
        Array.from({ length: columns }, (_, column) => data[row * columns + column]!),
      ),
    ),
]);

const GivenSettings = z
  .strictObject({
    /** A .npy file of a matrix, or a .csv or .tsv table: rows of numbers, or a list of edges with columns pre, post and weight. */
    file: z
      .string()
      .min(1)
      .overwrite((path) => resolve(path))
      .optional(),
    /** Checksum of the file, hexadecimal; it is written down where the file is read, and holds the file to it from then on. */
    sha256: checksum.optional(),
    /** Or the numbers themselves: rows of them, or a matrix { shape, data }. */
    weights: weightRows.optional(),
    /** What a row of the matrix holds: the weights onto one postsynaptic unit, or those from one presynaptic unit. */
    rows: z.enum(["post", "pre"]).default("post"),
    /** Weights to start from; or a mask, which says by numbers other than 0 which weights exist, to be drawn by the initialiser. */
    as: z.enum(["weights", "mask"]).default("weights"),
    /** Of weights: whether those that are 0 are connections at all. */
    zeros: z.enum(["unconnected", "connected"]).default("unconnected"),
  })
  .refine(
    ({ file, weights }) => (file === undefined) !== (weights === undefined),
    "it takes either file (.npy, .csv, .tsv) or weights (rows of numbers)",
  )
  .refine(
    ({ file, sha256 }) => file !== undefined || sha256 === undefined,
    "sha256 is of a file, and weights are given instead; leave it out",
  )
  .refine(
    ({ as, zeros }) => as === "weights" || zeros === "unconnected",
    'zeros "connected" is of weights, and as is "mask"; leave one of them out',
  );

/**
 * Connections that are given as a matrix [post, pre], between populations of one dimension: weights to start from, of which
 * those that are 0 do not exist unless `zeros` is "connected"; or a mask of what exists, as "sparse" draws it.
 *
 * What a file holds is read before a network starts (`readGivenFiles`); a run writes the file's path and checksum down, and
 * keeps weights and mask in its checkpoints.
 */
export const given = defineTopology({
  kind: "given",
  summary: "connections given as a matrix, in a file or as numbers (file or weights; rows, as, zeros)",
  settings: GivenSettings,
  refuse({ weights, rows }, { pre, post }) {
    if (pre.dimension !== post.dimension)
      return `it connects units of one dimension, here ${pre.dimension} and ${post.dimension}; give both the same`;
    return weights && shapeFault([weights.length, weights[0]!.length], rows, post.units, pre.units);
  },
  build({ file, sha256, weights: numbers, rows, as, zeros }, layout): WiredProjection {
    const { pre, post } = layout;
    const weighted = as === "weights";
    const valuesOf = (matrix: GivenMatrix) => {
      const weights = rows === "post" ? Float32Array.from(matrix.data) : turned(matrix);
      const mask = weights.map((weight) => (weight === 0 ? 0 : 1));
      if (!weighted) return { mask };
      return zeros === "connected" ? { weights } : { weights, mask };
    };
    const size = rows === "post" ? ([post.units, pre.units] as const) : ([pre.units, post.units] as const);
    const read = async (bytes: Uint8Array) => {
      const matrix = await matrixIn(file!, bytes, { rows, size, weighted });
      const fault = shapeFault(matrix.shape, rows, post.units, pre.units);
      if (fault !== undefined) throw new DataError(`${file}: ${fault}`);
      float32Values(file!, matrix.shape, matrix.data);
      return valuesOf(matrix);
    };
    const turn = rows === "post" ? 'say rows: "pre", or transpose it' : 'leave out rows: "pre", or transpose it';
    const source: GivenSource = numbers
      ? { turn, values: valuesOf({ shape: [numbers.length, numbers[0]!.length], data: numbers.flat() }) }
      : { turn, file: { path: file!, ...(sha256 === undefined ? {} : { sha256 }), read } };
    const wired = shared(layout);
    return { ...(weighted && zeros === "connected" ? wired : masked(wired)), given: source };
  },
});

/** Why a matrix does not lead from so many units to so many; undefined where it does. */
function shapeFault(
  shape: readonly [number, number],
  rows: "post" | "pre",
  post: number,
  pre: number,
): string | undefined {
  const expected = rows === "post" ? [post, pre] : [pre, post];
  if (shape[0] === expected[0] && shape[1] === expected[1]) return undefined;
  const axes = rows === "post" ? "[post, pre]" : "[pre, post]";
  const words = `the matrix is ${shape[0]} x ${shape[1]}, expected ${axes}, ${expected[0]} x ${expected[1]}`;
  if (shape[0] !== expected[1] || shape[1] !== expected[0])
    return `${words}; give a number for each pair of units, or the populations other sizes`;
  return rows === "post"
    ? `${words}: it is [pre, post], so say rows: "pre", or transpose it`
    : `${words}: it is [post, pre], so leave out rows: "pre", or transpose it`;
}

/** [pre, post] as [post, pre]. */
function turned({ shape: [pre, post], data }: GivenMatrix): Float32Array {
  return Float32Array.from({ length: pre * post }, (_, at) => data[(at % pre) * post + Math.floor(at / pre)]!);
}
