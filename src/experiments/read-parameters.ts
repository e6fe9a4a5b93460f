import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Network } from "../circuits/network.ts";
import { DataError, firstLine } from "../compute/errors.ts";
import { describeShape, sameShape } from "../compute/shape.ts";
import { readAttentionWeights } from "./attention-weights.ts";
import { npzContents, readNpz } from "./record/npz.ts";
import { runFiles } from "./record/run-files.ts";

/** The word for the weights that come with Sulcus. */
export const shippedName = "shipped";

/** Weights of `digitAttention(2)`, packed by scripts/pack-attention.ts. */
const shippedFile = fileURLToPath(new URL("../../data/attention-digits.npz", import.meta.url));

/**
 * Reads the parameters of a trained network, by name:
 *
 * - "shipped": those of the two-digit attention circuit that come with Sulcus;
 * - a run folder: those of its checkpoint.npz, which may be given itself;
 * - another .npz file: an array of 32-bit floats for each parameter, by its name;
 * - a .json file: weights of an attention circuit, see `readAttentionWeights`.
 *
 * What the file has and the network has not, such as an optimiser's memory or the weights of a part that is taken away, is left out.
 *
 * @throws StorageError where the file cannot be read; DataError naming file and parameter where it is of another kind, lacks a
 * parameter, or has it in another shape
 */
export async function readParameters(source: string, network: Network): Promise<Map<string, Float32Array>> {
  const path = await fileOf(source);
  if (path.endsWith(".json")) return readAttentionWeights(path, network);
  if (!path.endsWith(".npz"))
    throw new DataError(
      `${path} is of no known kind of weights; give a run folder, a .npz of parameters, a .json of attention weights, or "${shippedName}"`,
    );
  const contents = await npzContents(path);
  for (const { name, shape } of network.parameters) {
    const found = contents[name];
    if (!found) throw misfit(path, network, `has no "${name}"`);
    if (!sameShape(found.shape, shape))
      throw misfit(path, network, `has "${name}" in shape ${describeShape(found.shape)}, not ${describeShape(shape)}`);
  }
  const wanted = Object.fromEntries(network.parameters.map(({ name }) => [name, "float32" as const]));
  const arrays = await readNpz(path, wanted);
  return new Map(network.parameters.map(({ name }) => [name, arrays[name]!.data]));
}

async function fileOf(source: string): Promise<string> {
  if (source === shippedName) return shippedFile;
  const found = await stat(source).catch((error: unknown) => {
    throw new DataError(
      `the weights ${source} cannot be read: ${firstLine(error)}; give a run folder, a .npz or .json file, or "${shippedName}"`,
    );
  });
  return found.isDirectory() ? join(source, runFiles.checkpoint) : source;
}

function misfit(path: string, { description: { name } }: Network, what: string): DataError {
  return new DataError(
    `${path} does not fit circuit "${name}": it ${what}; give the settings that it was trained with, or other weights`,
  );
}
