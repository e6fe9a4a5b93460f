import { readFile } from "node:fs/promises";
import type { Network } from "../circuits/network.ts";
import { parametersOfWeights } from "../circuits/ready-made/attention/attention-weights.ts";
import { DataError, firstLine } from "../kinds/errors.ts";
import { jsonIn } from "./weights-file.ts";

/**
 * Reads such weights from a JSON file.
 *
 * @throws DataError for a file that cannot be read, is not JSON, or does not fit the circuit
 */
export async function readAttentionWeights(path: string, network: Network): Promise<Map<string, Float32Array>> {
  const text = await readFile(path, "utf8").catch((error) => {
    throw new DataError(`${path} cannot be read: ${firstLine(error)}; give a JSON file of attention weights`);
  });
  return parametersOfWeights(path, network, jsonIn(path, text));
}
