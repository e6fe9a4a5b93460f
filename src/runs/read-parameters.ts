import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Network, Parameter } from "../circuits/network.ts";
import { parametersOfWeights } from "../circuits/ready-made/attention/attention-weights.ts";
import { float32Values } from "../compute/float32-values.ts";
import { describeShape, type Shape, sameShape } from "../compute/shape.ts";
import { DataError, firstLine } from "../kinds/errors.ts";
import { checkParameters } from "../training/parameter-constraints.ts";
import { shippedName } from "../training/starting-point.ts";
import { npzNames, readNumbers } from "./record/npz.ts";
import { runFiles } from "./record/run-files.ts";
import { isWeightsFile, jsonIn, parseWeights } from "./weights-file.ts";

/** Weights of `digitAttention(2)`, packed by scripts/pack-attention.ts. */
const shippedFile = fileURLToPath(new URL("../../data/attention-digits.npz", import.meta.url));

/**
 * Reads the parameters of a trained network, by name:
 *
 * - "shipped": those of the two-digit attention circuit that come with Sulcus;
 * - a run folder: those of its checkpoint.npz, which may be given itself;
 * - another .npz file, such as numpy.savez writes: an array of numbers for each parameter, by its name. Any type, byte
 *   order and axis order is taken, and any shape that is the parameter's but for axes of length 1;
 * - a .json file that `writeWeights` has written, or weights of an attention circuit, see `readAttentionWeights`.
 *
 * What the file has and the network has not, such as an optimiser's memory or the weights of a part that is taken away, is left out.
 *
 * @throws StorageError where the file cannot be read; DataError naming file and parameters where it is of another kind, lacks
 * some, or has some in another shape, with what is expected; or where it holds a number that is not finite as a 32-bit float; and
 * as `checkParameters` does
 */
export async function readParameters(source: string, network: Network): Promise<Map<string, Float32Array>> {
  const path = await fileOf(source);
  const parameters = path.endsWith(".json") ? await readText(path, network) : await readArrays(path, network);
  checkParameters(path, network, parameters);
  return parameters;
}

interface FoundArray {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

async function readText(path: string, network: Network): Promise<Map<string, Float32Array>> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new DataError(`${path} cannot be read: ${firstLine(error)}; give a JSON file of weights`);
  });
  const data = jsonIn(path, text);
  if (!isWeightsFile(data)) return parametersOfWeights(path, network, data);
  const arrays = parseWeights(path, data);
  return fitted(path, network, arrays, async () => [...arrays.keys()]);
}

/** Parameters that a file of weights holds: manipulations of a circuit are in its description. */
const parametersOf = ({ parameters }: Network) => parameters.filter(({ manipulation }) => !manipulation);

async function readArrays(path: string, network: Network): Promise<Map<string, Float32Array>> {
  if (!path.endsWith(".npz"))
    throw new DataError(
      `${path} is of no known kind of weights; give a run folder, a .npz or .json of parameters, or "${shippedName}"`,
    );
  const wanted = parametersOf(network).map(({ name }) => name);
  return fitted(path, network, await readNumbers(path, wanted), () => npzNames(path));
}

/**
 * Arrays of a file as parameters of a network.
 *
 * @param names all arrays that the file has
 * @throws DataError naming all that are missing or of another shape, with what is expected, and what the file has instead
 */
async function fitted(
  path: string,
  network: Network,
  arrays: ReadonlyMap<string, FoundArray>,
  names: () => Promise<readonly string[]>,
): Promise<Map<string, Float32Array>> {
  const parameters = parametersOf(network);
  const missing = parameters.filter(({ name }) => !arrays.has(name));
  const misshapen = parameters.filter(({ name, shape }) => {
    const found = arrays.get(name);
    return found && !sameShape(withoutOnes(found.shape), withoutOnes(shape));
  });
  if (missing.length + misshapen.length > 0) {
    const others = othersAmong(await names(), network);
    const faults = [
      ...(missing.length > 0 ? [`it lacks ${listed(missing.map(inWords))}`] : []),
      ...misshapen.map((parameter) => shapeFault(parameter, arrays.get(parameter.name)!.shape)).slice(0, mostListed),
      ...(misshapen.length > mostListed ? [`and ${misshapen.length - mostListed} more have other shapes`] : []),
      ...(others.length > 0 ? [`it has ${listed(others.map((name) => `"${name}"`))}, which the circuit has not`] : []),
    ];
    throw new DataError(
      `${path} does not fit circuit "${network.description.name}": ${faults.join("; ")}; give the settings that it was trained with, or other weights`,
    );
  }
  return new Map(
    parameters.map(({ name }) => {
      const { shape, data } = arrays.get(name)!;
      return [name, float32Values(`${path}: parameter "${name}"`, shape, data)];
    }),
  );
}

/** Parameters that a message names at most, of each kind of fault. */
const mostListed = 5;

function listed(items: readonly string[]): string {
  const more = items.length - mostListed;
  const shownItems = items.slice(0, mostListed);
  if (more > 0) return `${shownItems.join(", ")} and ${more} more`;
  return shownItems.length > 1 ? `${shownItems.slice(0, -1).join(", ")} and ${shownItems.at(-1)}` : shownItems.join("");
}

const inWords = ({ name, shape }: Parameter): string => `"${name}" ${describeShape(shape)}`;

function shapeFault({ name, shape, axes }: Parameter, found: Shape): string {
  const expected = `${axes ? `[${axes.join(", ")}], ` : ""}${describeShape(shape)}`;
  const turned = sameShape(withoutOnes(found).toReversed(), withoutOnes(shape));
  return `"${name}" is ${describeShape(found)}, expected ${expected}${turned ? ", so transpose it" : ""}`;
}

/** Arrays that are no parameters, nor what an optimiser, a rule or a file notes of itself. */
function othersAmong(names: readonly string[], { parameters }: Network): string[] {
  const known = parameters.map(({ name }) => name);
  return names.filter(
    (name) =>
      !known.some((parameter) => name === parameter || name.startsWith(`${parameter}/`)) &&
      !/\.json$|^(feedback|optimiser)\//.test(name),
  );
}

/** Axes of length 1 say nothing: [64] and [1, 64] hold the same numbers in the same order. */
const withoutOnes = (shape: Shape): Shape => shape.filter((size) => size !== 1);

async function fileOf(source: string): Promise<string> {
  if (source === shippedName) return shippedFile;
  const found = await stat(source).catch((error: unknown) => {
    throw new DataError(
      `the weights ${source} cannot be read: ${firstLine(error)}; give a run folder, a .npz or .json file, or "${shippedName}"`,
    );
  });
  if (found.isDirectory()) return join(source, runFiles.checkpoint);
  // A device may never end, and a pipe may never begin.
  if (!found.isFile())
    throw new DataError(
      `the weights ${source} are a device or a pipe; give a run folder, a .npz or .json file, or "${shippedName}"`,
    );
  return source;
}
