import { join } from "node:path";
import { buildNetwork } from "../circuits/network.ts";
import { UsageError } from "../kinds/errors.ts";
import type { Library } from "../kinds/library.ts";
import { exists } from "./record/make-folder.ts";
import { readNpz } from "./record/npz.ts";
import { runFiles } from "./record/run-files.ts";
import { readRunConfig } from "./run-config.ts";
import type { CircuitWeights } from "./weights-file.ts";

/**
 * The parameters of a run as they are now: weights, masks, biases and constants of gains, without what an optimiser or rule
 * remembers.
 *
 * @param folder of a single run
 * @throws UsageError where the folder holds no run, several, or one that has saved nothing yet; DataError where its checkpoint is
 * damaged
 */
export async function exportWeights(folder: string, library: Library): Promise<CircuitWeights> {
  const { description } = await readRunConfig(folder, library);
  const path = join(folder, runFiles.checkpoint);
  if (!(await exists(path)))
    throw new UsageError(
      `${folder} has no ${runFiles.checkpoint} yet; wait until the run has saved one, or go on with it`,
    );
  const { parameters } = buildNetwork(description.circuit, library);
  const arrays = await readNpz(path, Object.fromEntries(parameters.map(({ name }) => [name, "float32" as const])));
  return {
    circuit: description.circuit.name,
    parameters: Object.fromEntries(
      parameters.map(({ name, shape, axes = [] }) => [name, { shape, axes, data: arrays[name]!.data }]),
    ),
  };
}
