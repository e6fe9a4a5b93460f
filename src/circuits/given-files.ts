import { sha256Of } from "../arrays/checksum.ts";
import { DataError, firstLine } from "../kinds/errors.ts";
import type { Library } from "../kinds/library.ts";
import { signFault } from "./constraints/sign-fault.ts";
import { type CircuitDescription, projectionName } from "./description.ts";
import { buildNetwork, isWeighted, type Network } from "./network.ts";
import type { GivenSource } from "./topologies/topology.ts";

/** What a circuit's files hold. */
export interface GivenFiles {
  /** The same circuit, with the checksum of every file written out. */
  readonly circuit: CircuitDescription;
  /** Weights and masks by the names of their parameters, to be given to `initialise`. */
  readonly values: ReadonlyMap<string, Float32Array>;
}

/**
 * Reads the files that projections of a circuit take their connections from.
 *
 * @param read gives the bytes of a file
 * @throws as `buildNetwork` does; DataError naming file and projection where a file cannot be read, is another one than the
 *   description says, does not fit the populations, or holds weights of a sign that the projection does not allow
 */
export async function readGivenFiles(
  circuit: CircuitDescription,
  library: Library,
  read: (path: string) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<GivenFiles> {
  const network = buildNetwork(circuit, library);
  const values = new Map<string, Float32Array>();
  const sums = new Map<string, string>();
  for (const projection of network.projections.filter(isWeighted)) {
    const { name, weight, maskName, given } = projection;
    if (!given?.file) continue;
    const { file, turn } = given;
    const where = `circuit "${circuit.name}", projection "${name}"`;
    const bytes = await bytesOf(where, file, read);
    sums.set(name, await checkedSum(where, file, bytes));
    const { weights, mask } = await named(where, () => file.read(bytes));
    const fault = weights && signFault(projection, weights, turn);
    if (fault !== undefined) throw new DataError(`${where}: ${file.path} ${fault}`);
    if (weights) values.set(weight, weights);
    if (mask && maskName !== undefined) values.set(maskName, mask);
  }
  return { circuit: withChecksums(network, sums), values };
}

type GivenFile = NonNullable<GivenSource["file"]>;

async function bytesOf(
  where: string,
  { path }: GivenFile,
  read: (path: string) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  return read(path).catch((error: unknown) => {
    throw new DataError(
      `${where}: ${path} cannot be read: ${firstLine(error)}; put the file there, or start from the weights of a run (from)`,
    );
  });
}

async function checkedSum(where: string, { path, sha256 }: GivenFile, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const found = await sha256Of(bytes);
  if (sha256 === undefined || sha256 === found) return found;
  throw new DataError(
    `${where}: ${path} is another file than was described: its sha256 is ${found}, expected ${sha256}; restore the file, or leave sha256 out to take what is there now`,
  );
}

/** Says of which projection a file is, where it is not as it should be. */
async function named<T>(where: string, reading: () => Promise<T>): Promise<T> {
  try {
    return await reading();
  } catch (error) {
    if (error instanceof DataError) throw new DataError(`${where}: ${error.message}`, { cause: error });
    throw error;
  }
}

function withChecksums({ description }: Network, sums: ReadonlyMap<string, string>): CircuitDescription {
  return {
    ...description,
    projections: description.projections.map((projection) => {
      const sha256 = sums.get(projectionName(projection));
      return sha256 === undefined ? projection : { ...projection, topology: { ...projection.topology, sha256 } };
    }),
  };
}
