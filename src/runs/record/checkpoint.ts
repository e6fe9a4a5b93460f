import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { StorageError, UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import type { Checkpoint, ExpectedCheckpoint, Identity } from "../../training/recorder.ts";
import { fromExactJson, toExactJson } from "./exact-json.ts";
import { firstDifference } from "./first-difference.ts";
import { npzContents, readNpz, writeNpz } from "./npz.ts";
import { runFiles } from "./run-files.ts";

/** The array that carries the rest of a checkpoint as UTF-8 JSON, so that one file holds all and is whole or not there. */
const metadataName = "metadata.json";

// The schema checks only: what it gives back lacks keys such as "__proto__", so that the parsed value itself is used.
const metadataSchema = z.strictObject({
  format: z.literal("sulcus-checkpoint-2"),
  step: z.int().min(0),
  identity: z.string(),
  state: z.record(z.string(), z.unknown()),
});

/** Differing arrays that an error message lists at most. */
const mostListed = 5;

/**
 * Writes checkpoint.npz of a run folder, whole or not at all: the one before stays until this one is on the disk. NumPy
 * opens it. The arrays are not copied: leave them unchanged until the promise is kept.
 *
 * @throws UsageError when `state` is not plain data or an array cannot be written; StorageError when the file cannot.
 * @returns path of the file.
 */
export async function saveCheckpoint(folder: string, checkpoint: Checkpoint & Identity): Promise<string> {
  const { step, arrays, identity, state } = checkpoint;
  if (Object.hasOwn(arrays, metadataName)) {
    throw new UsageError(`an array of a checkpoint is called "${metadataName}", which is taken; choose another name`);
  }
  const text = toExactJson({ format: "sulcus-checkpoint-2", step, identity, state });
  const back = (fromExactJson(text) as { state: unknown }).state;
  if (!isDeepStrictEqual(back, state)) {
    const where = firstDifference(state, back)?.path;
    throw new UsageError(
      `state${where ? `.${where}` : ""} of a checkpoint would not come back as it is; give numbers, strings, booleans, ` +
        "null, lists and records only",
    );
  }
  const data = new Uint8Array(Buffer.from(text, "utf8"));
  const path = join(folder, runFiles.checkpoint);
  await writeNpz(path, { ...arrays, [metadataName]: { shape: [data.length], data } });
  return path;
}

/**
 * Reads checkpoint.npz of a run folder, provided that it belongs to the circuit at hand. Nothing on the disk changes.
 *
 * @param expected identity and the shape of every array as the circuit, rule and optimiser at hand have them, and the
 * names of those that the checkpoint of a finished run may lack, all or none.
 * @returns the checkpoint, and whether it lacks these.
 * @throws StorageError when the file cannot be read or belongs to another circuit, saying what differs: arrays first, else
 * the first differing part of the identity; DataError when it is damaged or not a checkpoint.
 */
export async function loadCheckpoint(
  folder: string,
  expected: ExpectedCheckpoint,
): Promise<Checkpoint & { partial: boolean }> {
  const path = join(folder, runFiles.checkpoint);
  const { step, identity: written, state } = await readMetadata(path);
  const identity = expected.readIdentity?.(written) ?? written;
  const contents = new Map(Object.entries(await npzContents(path)));
  contents.delete(metadataName);
  const { shapes, dispensable = [] } = expected;
  const partial = dispensable.length > 0 && dispensable.every((name) => !contents.has(name));
  const names = Object.keys(shapes).filter((name) => !partial || !dispensable.includes(name));
  const differences = differingShapes(
    Object.fromEntries(names.map((name) => [name, shapes[name]!])),
    new Map([...contents].map(([name, { shape }]) => [name, shape])),
  );
  if (differences.length > 0) throw anotherCircuit(path, listed(differences));
  if (identity !== expected.identity) throw anotherCircuit(path, differingIdentity(expected.identity, identity));
  const wanted = Object.fromEntries(names.map((name) => [name, "float32" as const]));
  return { step, state, partial, arrays: await readNpz(path, wanted) };
}

async function readMetadata(path: string) {
  const { [metadataName]: member } = await readNpz(path, { [metadataName]: "uint8" } as const);
  try {
    const value = fromExactJson(Buffer.from(member.data).toString("utf8"));
    metadataSchema.parse(value);
    return value as z.infer<typeof metadataSchema>;
  } catch (error) {
    throw new StorageError(
      `${path} is not a checkpoint that this version of Sulcus reads: "${metadataName}" is of another form; resume it ` +
        "with the version that config.yaml names",
      { cause: error },
    );
  }
}

function differingShapes(
  here: Readonly<Record<string, readonly number[]>>,
  there: ReadonlyMap<string, readonly number[]>,
): string[] {
  const differences: string[] = [];
  for (const [name, shape] of Object.entries(here)) {
    const other = there.get(name);
    if (other === undefined) differences.push(`${name} is missing from the checkpoint`);
    else if (!isDeepStrictEqual([...shape], [...other])) {
      differences.push(`${name} is [${shape.join(", ")}] here, [${other.join(", ")}] in the checkpoint`);
    }
  }
  for (const name of there.keys()) {
    if (!Object.hasOwn(here, name)) differences.push(`${name} is in the checkpoint only`);
  }
  return differences;
}

function listed(differences: readonly string[]): string {
  const more = differences.length - mostListed;
  return differences.slice(0, mostListed).join("; ") + (more > 0 ? `; and ${more} more` : "");
}

function differingIdentity(here: string, there: string): string {
  const difference = firstDifference(parsed(here), parsed(there));
  if (difference === undefined) return "the description is the same, but written in another order";
  const part = difference.path === "" ? "the description" : `${difference.path} of the description`;
  return `${part} is ${shown(difference.here)} here, ${shown(difference.there)} in the checkpoint`;
}

function parsed(identity: string): unknown {
  try {
    return JSON.parse(identity);
  } catch {
    return identity;
  }
}

function anotherCircuit(path: string, what: string): StorageError {
  return new StorageError(
    `${path} belongs to another circuit: ${what}; resume with the configuration it was written with, or start a new run`,
  );
}
