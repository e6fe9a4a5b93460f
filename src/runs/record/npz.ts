import { open } from "node:fs/promises";
import type { ByteSource } from "../../arrays/byte-source.ts";
import { type NpyContents, openNpy, readNpy, refuseSize } from "../../arrays/npy-array.ts";
import {
  type ArrayData,
  type ArrayHeader,
  type ElementType,
  elementCount,
  elementFormats,
  elementTypeOf,
  encodeNpyHeader,
  ownHeader,
} from "../../arrays/npy-header.ts";
import type { Numbers } from "../../arrays/npy-numbers.ts";
import { type NpzMembers, npySuffix, npzMembers } from "../../arrays/npz-members.ts";
import { DataError, didYouMean, StorageError, UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import { writeWhole } from "./atomic-file.ts";
import { storageFailure } from "./storage-failure.ts";
import { zipStream } from "./zip-stream.ts";

export interface NpzArray<Data extends ArrayData = ArrayData> {
  /** Sizes of the axes, the last one contiguous; [] is a scalar. */
  shape: readonly number[];
  /** As many elements as the product of the shape. */
  data: Data;
}

/** An array whose elements come part by part, little-endian in C order, so that they need not fit in memory together. */
export interface StreamedArray extends ArrayHeader {
  parts: AsyncIterable<Uint8Array>;
}

interface DataOf {
  float32: Float32Array;
  float64: Float64Array;
  uint32: Uint32Array;
  uint8: Uint8Array;
}

/** Largest zip file without the 64-bit extension, bytes, and the allowance for headers of one member besides its name. */
export const largestNpz = 0xffffffff;
const headerAllowance = 1024;

/**
 * Writes named arrays as a NumPy .npz file (a zip file of .npy members, stored), whole or not at all; see
 * {@link writeWhole}. The members are in the order of their names and carry a fixed date, so that the same arrays always
 * give the same bytes. The arrays are not copied: leave them unchanged until the promise is kept. Those that are streamed are taken
 * part by part, one array after the other.
 *
 * @throws UsageError naming an array whose name or shape cannot be written or does not fit its elements; StorageError
 * when the file cannot be written or exceeds 4 GiB.
 */
export async function writeNpz(
  path: string,
  arrays: Readonly<Record<string, NpzArray | StreamedArray>>,
): Promise<void> {
  const entries = Object.entries(arrays).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, array] of entries) {
    checkName(name);
    if ("data" in array && elementCount(array.shape) !== array.data.length) {
      throw new UsageError(
        `the array "${name}" of shape [${array.shape.join(", ")}] has ${array.data.length} elements`,
      );
    }
  }
  const bytes = npzBytes(Object.fromEntries(entries.map(([name, array]) => [name, headerOf(array)])));
  if (bytes > largestNpz || entries.length > 0xffff) {
    throw new StorageError(`${path} cannot be written: ${entries.length} arrays of ${bytes} bytes exceed a .npz file`);
  }
  const members = entries.map(([name, array]) => ({ name: name + npySuffix, parts: npyParts(name, array) }));
  await writeWhole(path, zipStream(members));
}

/** Bytes that a .npz file of such arrays takes, at most; it holds no more than `largestNpz`. */
export function npzBytes(headers: Readonly<Record<string, ArrayHeader>>): number {
  return Object.entries(headers).reduce(
    (bytes, [name, header]) => bytes + elementBytes(header) + 6 * name.length + headerAllowance,
    0,
  );
}

const headerOf = (array: NpzArray | StreamedArray): ArrayHeader => ({
  type: "data" in array ? elementTypeOf(array.data) : array.type,
  shape: [...array.shape],
});

/** The bytes of a .npy file. Throws UsageError naming the array when parts are not as many bytes as its shape takes. */
async function* npyParts(name: string, array: NpzArray | StreamedArray): AsyncGenerator<Uint8Array> {
  const header = headerOf(array);
  yield encodeNpyHeader(name, header);
  if ("data" in array) {
    yield new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength);
    return;
  }
  let bytes = 0;
  for await (const part of array.parts) {
    bytes += part.length;
    yield part;
  }
  if (bytes !== elementBytes(header)) {
    throw new UsageError(`the array "${name}" of shape [${header.shape.join(", ")}] came with ${bytes} bytes`);
  }
}

function checkName(name: string): void {
  // NUL ends a name for Python, half a surrogate pair has no UTF-8, and a zip file counts the bytes of a name in 16 bits.
  const encoded = Buffer.from(name, "utf8");
  const writable = name !== "" && encoded.toString("utf8") === name && !name.includes("\0") && encoded.length < 60_000;
  if (!writable) {
    throw new UsageError(`the array name ${shown(name)} cannot be written; give plain text`);
  }
}

/**
 * Type and shape of every array in a .npz file, without reading the elements.
 *
 * @throws StorageError when the file cannot be read; DataError naming file and array when something is not as it should be.
 */
export async function npzContents(path: string): Promise<Record<string, ArrayHeader>> {
  return withArrays(path, async (names, openArray) => {
    const headers: [string, ArrayHeader][] = [];
    for (const name of names) headers.push([name, (await openArray(name)).header]);
    return Object.fromEntries(headers);
  });
}

/**
 * Reads arrays of a .npz file, each straight into its own memory.
 *
 * @param wanted names and element types of the arrays to read; absent: every array, of the type it has.
 * @throws StorageError when the file cannot be read; DataError naming file and array when the file is not a zip file, is
 * truncated or damaged (every checksum is verified), lacks a wanted array, or holds one of another type, order or size.
 */
export async function readNpz(path: string): Promise<Record<string, NpzArray>>;
export async function readNpz<Wanted extends Readonly<Record<string, ElementType>>>(
  path: string,
  wanted: Wanted,
): Promise<{ [Name in keyof Wanted]: NpzArray<DataOf[Wanted[Name]]> }>;
export async function readNpz(
  path: string,
  wanted?: Readonly<Record<string, ElementType>>,
): Promise<Record<string, NpzArray>> {
  return withArrays(path, async (names, openArray) => {
    const arrays: [string, NpzArray][] = [];
    for (const name of wanted === undefined ? names : Object.keys(wanted)) {
      if (!names.includes(name))
        throw new DataError(`${path} has no array "${name}"${didYouMean(name, names)}; it has: ${names.join(", ")}`);
      const { header, contents } = await openArray(name);
      if (wanted !== undefined && header.type !== wanted[name]) {
        throw new DataError(`${path}: "${name}" holds ${header.type}; ${wanted[name]} is wanted, so convert it`);
      }
      const data = elementFormats[header.type].view(new ArrayBuffer(elementBytes(header)));
      await contents.next(new Uint8Array(data.buffer));
      contents.finish();
      arrays.push([name, { shape: header.shape, data }]);
    }
    return Object.fromEntries(arrays);
  });
}

/**
 * Reads arrays of numbers of any type, byte order and axis order that NumPy writes, as far as the file has them. What
 * else lies in the file may be anything.
 *
 * @returns values in C order (the last axis contiguous) by the name of the array
 * @throws StorageError when the file cannot be read; DataError naming file and array when the file is not a zip file, is
 * truncated or damaged, or a wanted array holds no numbers (text, complex numbers, records).
 */
export async function readNumbers(
  path: string,
  names: Iterable<string>,
): Promise<Map<string, { readonly shape: readonly number[]; readonly data: Numbers }>> {
  return withMembers(path, async (members) => {
    const arrays = new Map<string, { shape: readonly number[]; data: Numbers }>();
    for (const name of names) {
      if (!members.names.includes(name + npySuffix)) continue;
      const where = arrayName(path, name);
      const { shape, values, type } = await readNpy(where, await members.open(name + npySuffix));
      if (type === "text") throw new DataError(`${where} holds text; allowed: numbers`);
      arrays.set(name, { shape, data: values as Numbers });
    }
    return arrays;
  });
}

/** Names of all arrays in a .npz file. Throws as `readNumbers` does where the file cannot be read. */
export const npzNames = (path: string): Promise<string[]> =>
  withMembers(path, async ({ names }) =>
    names.filter((name) => name.endsWith(npySuffix)).map((name) => name.slice(0, -npySuffix.length)),
  );

/** The members of a file. */
async function withMembers<T>(path: string, use: (members: NpzMembers) => Promise<T>): Promise<T> {
  let file: Awaited<ReturnType<typeof open>> | undefined;
  try {
    file = await open(path, "r");
    const { size } = await file.stat();
    const handle = file;
    const source: ByteSource = {
      size,
      read: async (position, target) => (await handle.read(target, 0, target.length, position)).bytesRead,
    };
    return await use(await npzMembers(source, path));
  } catch (error) {
    throw storageFailure("read", path, error);
  } finally {
    await file?.close();
  }
}

/** An array as we write them, whose header is read. */
interface OwnArray {
  readonly header: ArrayHeader;
  readonly contents: NpyContents;
}

/** The arrays of a file that we have written, by name. */
function withArrays<T>(
  path: string,
  use: (names: readonly string[], openArray: (name: string) => Promise<OwnArray>) => Promise<T>,
): Promise<T> {
  return withMembers(path, (members) => {
    for (const name of members.names) {
      if (!name.endsWith(npySuffix)) {
        throw new DataError(`${path} has a member ${shown(name)}; allowed: arrays, named NAME${npySuffix}`);
      }
    }
    const names = members.names.map((name) => name.slice(0, -npySuffix.length));
    return use(names, async (name) => {
      const where = arrayName(path, name);
      const contents = await members.open(name + npySuffix);
      const { header: found, bytes } = await openNpy(where, contents);
      const header = ownHeader(where, found);
      refuseSize(where, bytes, found, header.type, elementBytes(header));
      return { header, contents };
    });
  });
}

const elementBytes = (header: ArrayHeader) => elementCount(header.shape) * elementFormats[header.type].bytes;
const arrayName = (path: string, name: string) => `${path}: "${name}"`;
