import { type FileHandle, open } from "node:fs/promises";
import { DataError, didYouMean, StorageError, UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import { writeWhole } from "./atomic-file.ts";
import {
  type ArrayData,
  type ArrayHeader,
  type ElementType,
  elementCount,
  elementFormats,
  elementTypeOf,
  encodeNpyHeader,
  type NpyHeader,
  npyExtent,
  npyPreamble,
  ownHeader,
  parseNpyHeader,
} from "./npy-header.ts";
import { decodeNumbers, type Numbers, numberFormat } from "./npy-numbers.ts";
import { storageFailure } from "./storage-failure.ts";
import { readZipDirectory, type ZipMember } from "./zip-directory.ts";
import { type MemberContents, openMember } from "./zip-member.ts";
import { zipStream } from "./zip-stream.ts";

export interface NpzArray<Data extends ArrayData = ArrayData> {
  /** Sizes of the axes, the last one contiguous; [] is a scalar. */
  shape: readonly number[];
  /** As many elements as the product of the shape. */
  data: Data;
}

interface DataOf {
  float32: Float32Array;
  float64: Float64Array;
  uint32: Uint32Array;
  uint8: Uint8Array;
}

const suffix = ".npy";
/** Largest zip file without the 64-bit extension, bytes, and the allowance for headers of one member besides its name. */
const largestZip = 0xffffffff;
const headerAllowance = 1024;

/**
 * Writes named arrays as a NumPy .npz file (a zip file of .npy members, stored), whole or not at all; see
 * {@link writeWhole}. The members are in the order of their names and carry a fixed date, so that the same arrays always
 * give the same bytes. The arrays are not copied: leave them unchanged until the promise is kept.
 *
 * @throws UsageError naming an array whose name or shape cannot be written or does not fit its elements; StorageError
 * when the file cannot be written or exceeds 4 GiB.
 */
export async function writeNpz(path: string, arrays: Readonly<Record<string, NpzArray>>): Promise<void> {
  const entries = Object.entries(arrays).sort(([a], [b]) => (a < b ? -1 : 1));
  let bytes = 0;
  for (const [name, { shape, data }] of entries) {
    checkName(name);
    if (elementCount(shape) !== data.length) {
      throw new UsageError(`the array "${name}" of shape [${shape.join(", ")}] has ${data.length} elements`);
    }
    bytes += data.byteLength + 6 * name.length + headerAllowance;
  }
  if (bytes > largestZip || entries.length > 0xffff) {
    throw new StorageError(`${path} cannot be written: ${entries.length} arrays of ${bytes} bytes exceed a .npz file`);
  }
  const members = entries.map(([name, { shape, data }]) => ({
    name: name + suffix,
    parts: [
      encodeNpyHeader(name, { type: elementTypeOf(data), shape: [...shape] }),
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    ],
  }));
  await writeWhole(path, zipStream(members));
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
  return withArrays(path, async (file, members) => {
    const headers: [string, ArrayHeader][] = [];
    for (const [name, member] of members) {
      headers.push([name, (await openOwnArray(file, path, name, member)).header]);
    }
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
  return withArrays(path, async (file, members) => {
    const arrays: [string, NpzArray][] = [];
    for (const name of wanted === undefined ? members.keys() : Object.keys(wanted)) {
      const member = members.get(name);
      if (member === undefined) {
        const known = [...members.keys()];
        throw new DataError(`${path} has no array "${name}"${didYouMean(name, known)}; it has: ${known.join(", ")}`);
      }
      const { header, contents } = await openOwnArray(file, path, name, member);
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
  return withMembers(path, async (file, members) => {
    const arrays = new Map<string, { shape: readonly number[]; data: Numbers }>();
    for (const name of names) {
      const member = members.get(name + suffix);
      if (member === undefined) continue;
      const where = arrayName(path, name);
      const { header, bytes, contents } = await openArray(file, path, where, member);
      const format = numberFormat(where, header);
      refuseSize(where, bytes, header, format.name, elementCount(header.shape) * format.bytes);
      const elements = new Uint8Array(bytes);
      await contents.next(elements);
      contents.finish();
      arrays.set(name, { shape: header.shape, data: decodeNumbers(format, header, elements) });
    }
    return arrays;
  });
}

/** The file and its members by name. */
async function withMembers<T>(
  path: string,
  use: (file: FileHandle, members: Map<string, ZipMember>) => Promise<T>,
): Promise<T> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    return await use(file, await readZipDirectory(file, path));
  } catch (error) {
    throw storageFailure("read", path, error);
  } finally {
    await file?.close();
  }
}

/** The same for a file that we have written, with the members by the names of their arrays. */
function withArrays<T>(
  path: string,
  use: (file: FileHandle, members: Map<string, ZipMember>) => Promise<T>,
): Promise<T> {
  return withMembers(path, (file, members) => {
    const arrays = new Map<string, ZipMember>();
    for (const [name, member] of members) {
      if (!name.endsWith(suffix)) {
        throw new DataError(`${path} has a member ${shown(name)}; allowed: arrays, named NAME${suffix}`);
      }
      arrays.set(name.slice(0, -suffix.length), member);
    }
    return use(file, arrays);
  });
}

const elementBytes = (header: ArrayHeader) => elementCount(header.shape) * elementFormats[header.type].bytes;
const arrayName = (path: string, name: string) => `${path}: "${name}"`;

async function openOwnArray(
  file: FileHandle,
  path: string,
  name: string,
  member: ZipMember,
): Promise<{ header: ArrayHeader; contents: MemberContents }> {
  const where = arrayName(path, name);
  const { header: found, bytes, contents } = await openArray(file, path, where, member);
  const header = ownHeader(where, found);
  refuseSize(where, bytes, found, header.type, elementBytes(header));
  return { header, contents };
}

/** Header of an array, and how many bytes of elements follow. */
async function openArray(
  file: FileHandle,
  path: string,
  where: string,
  member: ZipMember,
): Promise<{ header: NpyHeader; bytes: number; contents: MemberContents }> {
  const contents = await openMember(file, path, member);
  const start = new Uint8Array(Math.min(npyPreamble, member.size));
  await contents.next(start);
  const extent = npyExtent(where, start);
  if (extent.elements < start.length || extent.elements > member.size) {
    throw new DataError(`${where} is damaged: its .npy header does not fit into it; restore it from a copy`);
  }
  const rest = new Uint8Array(extent.elements - start.length);
  await contents.next(rest);
  const text = Buffer.concat([start.subarray(extent.text), rest]).toString("latin1");
  return { header: parseNpyHeader(where, text), bytes: member.size - extent.elements, contents };
}

function refuseSize(where: string, bytes: number, { shape }: NpyHeader, type: string, expected: number): void {
  if (bytes === expected) return;
  throw new DataError(
    `${where} has ${bytes} bytes of elements where shape [${shape.join(", ")}] of ${type} takes ${expected}; ` +
      "restore it from a copy",
  );
}
