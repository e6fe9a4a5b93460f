import { inMemory } from "../../arrays/byte-source.ts";
import type { LoadedArray } from "../../arrays/loaded-array.ts";
import { contentsOf, readNpy } from "../../arrays/npy-array.ts";
import { npySuffix, npzMembers } from "../../arrays/npz-members.ts";
import { readTable } from "../../arrays/table.ts";
import { DataError, didYouMean, UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import { isMissing, placeOfFile, type Sources } from "../sources.ts";

/** Named arrays: those of a file, or those that a program holds. */
export interface ArrayStore {
  /** What messages call it: the path of the file. */
  readonly place: string;
  readonly names: readonly string[];
  /** Whether the arrays are columns of one table, so that several of them are the values of one stimulus. */
  readonly columns: boolean;
  /** Whether all arrays belong to the task. Files that lie beside each other may not. */
  readonly whole: boolean;
  /** The array that the file itself is, where it is one. */
  readonly own?: string;
  /** @param name one of `names` */
  read(name: string): Promise<LoadedArray>;
  /** Everything that was read of files until now, in order. */
  readonly bytes: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * The arrays of a file: of a .npz file, the columns of a .csv, .tsv or .txt file, or a .npy file with those that lie beside it.
 *
 * @throws DataError where the file is missing or damaged; UsageError where its name has another end
 */
export async function openStore(file: string, sources: Sources): Promise<ArrayStore> {
  const { name } = placeOfFile(file);
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const open = Object.hasOwn(stores, ending) ? stores[ending as keyof typeof stores] : undefined;
  if (open) return open(file, await readData(file, sources), sources);
  throw new UsageError(
    `data file ${shown(file)} has another ending than ${Object.keys(stores)
      .map((known) => `.${known}`)
      .join(", ")}; save its arrays by numpy.savez, or as a table`,
  );
}

const stores = { npz: openArchive, npy: openFolder, csv: openTable, tsv: openTable, txt: openTable } as const;

async function openArchive(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<ArrayStore> {
  const members = await npzMembers(inMemory(bytes), file);
  const names = members.names
    .filter((name) => name.endsWith(npySuffix))
    .map((name) => name.slice(0, -npySuffix.length));
  return {
    place: file,
    names,
    columns: false,
    whole: true,
    bytes: [bytes],
    read: async (name) => readNpy(`${file}: ${shown(name)}`, await members.open(name + npySuffix)),
  };
}

/** A .npy file holds one array; the others are files beside it, named by theirs. */
async function openFolder(file: string, first: Uint8Array<ArrayBuffer>, sources: Sources): Promise<ArrayStore> {
  const { folder, name: own } = placeOfFile(file);
  const ending = own.slice(-npySuffix.length);
  const files = await sources.list(folder === "" ? "." : folder);
  const bytes = [first];
  return {
    place: file,
    own: own.slice(0, -ending.length),
    names: files.filter((other) => other.endsWith(ending)).map((other) => other.slice(0, -ending.length)),
    columns: false,
    whole: false,
    bytes,
    async read(name) {
      const path = folder + name + ending;
      const contents = path === file ? first : await readData(path, sources);
      if (path !== file) bytes.push(contents);
      return readNpy(path, contentsOf(inMemory(contents), path));
    },
  };
}

async function openTable(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<ArrayStore> {
  const columns = readTable(file, bytes);
  return {
    place: file,
    names: [...columns.keys()],
    columns: true,
    whole: true,
    bytes: [bytes],
    read: async (name) => columns.get(name)!,
  };
}

async function readData(file: string, sources: Sources): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await sources.read(file);
  } catch (cause) {
    throw new DataError(
      isMissing(cause)
        ? `data file ${file} is missing; check the path`
        : `data file ${file} cannot be read (${(cause as Error).message}); check its kind and rights`,
      { cause },
    );
  }
}

/**
 * An array by its name.
 *
 * @param setting the setting that names it, for messages
 * @throws DataError where there is none of that name
 */
export async function readArray(store: ArrayStore, setting: string, name: string): Promise<LoadedArray> {
  if (store.names.includes(name)) return store.read(name);
  const noun = store.columns ? "column" : "array";
  throw new DataError(
    `${store.place} has no ${noun} ${shown(name)}${didYouMean(name, store.names)}; it has ${listed(store.names)}, so name one by ${setting}`,
  );
}

const mostListed = 20;
const listed = (names: readonly string[]) =>
  names.length === 0
    ? "none"
    : names.slice(0, mostListed).join(", ") +
      (names.length > mostListed ? `, ... (${names.length.toLocaleString("en")})` : "");
