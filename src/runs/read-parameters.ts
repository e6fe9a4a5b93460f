import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Network } from "../circuits/network.ts";
import { float32Values } from "../compute/float32-values.ts";
import { describeShape, type Shape, sameShape } from "../compute/shape.ts";
import { DataError, firstLine } from "../kinds/errors.ts";
import { checkParameters } from "../training/parameter-constraints.ts";
import { shippedName } from "../training/starting-point.ts";
import { readAttentionWeights } from "./read-attention-weights.ts";
import { readNumbers } from "./record/npz.ts";
import { runFiles } from "./record/run-files.ts";

/** Weights of `digitAttention(2)`, packed by scripts/pack-attention.ts. */
const shippedFile = fileURLToPath(new URL("../../data/attention-digits.npz", import.meta.url));

/**
 * Reads the parameters of a trained network, by name:
 *
 * - "shipped": those of the two-digit attention circuit that come with Sulcus;
 * - a run folder: those of its checkpoint.npz, which may be given itself;
 * - another .npz file, such as numpy.savez writes: an array of numbers for each parameter, by its name. Any type, byte
 *   order and axis order is taken, and any shape that is the parameter's but for axes of length 1;
 * - a .json file: weights of an attention circuit, see `readAttentionWeights`.
 *
 * What the file has and the network has not, such as an optimiser's memory or the weights of a part that is taken away, is left out.
 *
 * @throws StorageError where the file cannot be read; DataError naming file and parameter where it is of another kind, lacks a
 * parameter, has it in another shape, or holds a number that is not finite as a 32-bit float; and as `checkParameters` does
 */
export async function readParameters(source: string, network: Network): Promise<Map<string, Float32Array>> {
  const path = await fileOf(source);
  const parameters = path.endsWith(".json")
    ? await readAttentionWeights(path, network)
    : await readArrays(path, network);
  checkParameters(path, network, parameters);
  return parameters;
}

async function readArrays(path: string, network: Network): Promise<Map<string, Float32Array>> {
  if (!path.endsWith(".npz"))
    throw new DataError(
      `${path} is of no known kind of weights; give a run folder, a .npz of parameters, a .json of attention weights, or "${shippedName}"`,
    );
  const parameters = network.parameters.filter(({ manipulation }) => !manipulation);
  const arrays = await readNumbers(
    path,
    parameters.map(({ name }) => name),
  );
  const [missing, ...others] = parameters.filter(({ name }) => !arrays.has(name));
  if (missing) {
    const more = others.length === 0 ? "" : ` and ${others.length} more of its ${parameters.length} parameters`;
    throw misfit(path, network, `has no "${missing.name}"${more}`);
  }
  return new Map(
    parameters.map(({ name, shape }) => {
      const { shape: found, data } = arrays.get(name)!;
      if (!sameShape(withoutOnes(found), withoutOnes(shape))) {
        const turned = sameShape(withoutOnes(found).toReversed(), withoutOnes(shape));
        const hint = turned ? " (weights are [post, pre], so transpose it)" : "";
        throw misfit(
          path,
          network,
          `has "${name}" in shape ${describeShape(found)}, not ${describeShape(shape)}${hint}`,
        );
      }
      return [name, float32Values(`${path}: parameter "${name}"`, found, data)];
    }),
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

function misfit(path: string, { description: { name } }: Network, what: string): DataError {
  return new DataError(
    `${path} does not fit circuit "${name}": it ${what}; give the settings that it was trained with, or other weights`,
  );
}
