import { inMemory } from "../../arrays/byte-source.ts";
import { isText, type LoadedArray } from "../../arrays/loaded-array.ts";
import { contentsOf, readNpy } from "../../arrays/npy-array.ts";
import { readTable } from "../../arrays/table.ts";
import { DataError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";

/** A matrix, row-major. */
export interface GivenMatrix {
  readonly shape: readonly [number, number];
  readonly data: ArrayLike<number>;
}

/** Where edges lead, counted from 0, and their weights; 1 where none are given. */
interface Edges {
  readonly pre: ArrayLike<number>;
  readonly post: ArrayLike<number>;
  readonly weight: ArrayLike<number> | undefined;
}

/**
 * The matrix that a file holds: a .npy file of two axes; a .csv or .tsv table with a row of numbers for each row of the matrix,
 * below a row of names or not; or a list of edges, which is a table with the columns "pre" and "post", units counted
 * from 0, and "weight" where edges have one.
 *
 * @param path what messages call the file
 * @param size rows and columns of the matrix that edges are laid out in, [post, pre] or [pre, post] as `rows` says
 * @param weighted whether each edge needs a weight
 * @throws DataError where the file is of another kind or damaged, holds something else than numbers, or an edge leads from or to
 *   a unit that there is not, or is listed twice
 */
export async function matrixIn(
  path: string,
  bytes: Uint8Array,
  {
    rows,
    size,
    weighted,
  }: { readonly rows: "post" | "pre"; readonly size: readonly [number, number]; readonly weighted: boolean },
): Promise<GivenMatrix> {
  const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  if (ending === "npy") return ofArray(path, await readNpy(path, contentsOf(inMemory(bytes), path)));
  if (ending !== "csv" && ending !== "tsv")
    throw new DataError(
      `${path} is of no known kind of matrix; give a .npy file, or a .csv or .tsv table of numbers or of edges (pre, post, weight)`,
    );
  const columns = readTable(path, bytes);
  const edges = edgesIn(path, columns);
  if (edges && !edges.weight && weighted)
    throw new DataError(
      `${path} lists edges without a weight, and weights are asked for; give it a column weight, or say as: "mask"`,
    );
  return edges ? layOut(path, edges, rows, size) : ofColumns(path, columns);
}

function ofArray(path: string, array: LoadedArray): GivenMatrix {
  const { shape } = array;
  if (isText(array))
    throw new DataError(`${path} holds text such as ${shown(array.values[0])}; give a matrix of numbers`);
  if (shape.length !== 2)
    throw new DataError(`${path} holds an array of shape [${shape.join(", ")}]; give a matrix, which has two axes`);
  return { shape: [shape[0]!, shape[1]!], data: array.values as ArrayLike<number> };
}

function numbersIn(path: string, name: string, column: LoadedArray): ArrayLike<number> {
  if (!isText(column)) return column.values as ArrayLike<number>;
  const wrong = column.values.findIndex((text) => Number.isNaN(Number(text)));
  throw new DataError(`${path}: column ${shown(name)} holds ${shown(column.values[wrong])}; give numbers`);
}

function ofColumns(path: string, columns: ReadonlyMap<string, LoadedArray>): GivenMatrix {
  const lists = [...columns].map(([name, column]) => numbersIn(path, name, column));
  const rows = lists[0]!.length;
  const data = Float64Array.from(
    { length: rows * lists.length },
    (_, at) => lists[at % lists.length]![Math.floor(at / lists.length)]!,
  );
  return { shape: [rows, lists.length], data };
}

function edgesIn(path: string, columns: ReadonlyMap<string, LoadedArray>): Edges | undefined {
  const [pre, post] = [columns.get("pre"), columns.get("post")];
  if (!pre || !post) return undefined;
  const other = [...columns.keys()].find((name) => !["pre", "post", "weight"].includes(name));
  if (other !== undefined)
    throw new DataError(`${path} lists edges with a column ${shown(other)}; allowed: pre, post, weight`);
  const weight = columns.get("weight");
  return {
    pre: numbersIn(path, "pre", pre),
    post: numbersIn(path, "post", post),
    weight: weight && numbersIn(path, "weight", weight),
  };
}

function layOut(
  path: string,
  { pre, post, weight }: Edges,
  rows: "post" | "pre",
  size: readonly [number, number],
): GivenMatrix {
  const data = new Float64Array(size[0] * size[1]);
  const taken = new Uint8Array(data.length);
  const [rowOf, columnOf] = rows === "post" ? [post, pre] : [pre, post];
  for (let edge = 0; edge < pre.length; edge++) {
    const [row, column] = [rowOf[edge]!, columnOf[edge]!];
    for (const [index, end] of [row, column].entries())
      if (!Number.isInteger(end) || end < 0 || end >= size[index]!)
        throw new DataError(
          `${path}: edge ${edge + 1}: ${(index === 0) === (rows === "post") ? "post" : "pre"} is ${end}, expected a unit from 0 to ${size[index]! - 1}`,
        );
    const at = row * size[1] + column;
    if (taken[at] === 1)
      throw new DataError(
        `${path}: edge ${edge + 1}, from ${pre[edge]} to ${post[edge]}, is listed twice; list each pair of units once`,
      );
    taken[at] = 1;
    data[at] = weight ? weight[edge]! : 1;
  }
  return { shape: size, data };
}
