import { DataError } from "../kinds/errors.ts";
import { type ByteSource, readExactly, truncated, viewOf } from "./byte-source.ts";

/** A member of a zip file, as the directory at the end of the file describes it. */
export interface ZipMember {
  name: string;
  /** 0 stored, 8 deflated. */
  method: number;
  encrypted: boolean;
  crc: number;
  /** Bytes in the file, and after inflating. */
  packedSize: number;
  size: number;
  /** Where its local header begins, bytes. */
  header: number;
  /** Where the directory begins, bytes: no member reaches beyond. */
  limit: number;
}

const endLength = 22;
const longestComment = 0xffff;
const localLength = 30;
const centralLength = 46;
const zip64LocatorLength = 20;
const zip64EndLength = 56;
/** A value of 32 bits that stands for one of 64 bits elsewhere. */
const elsewhere = 0xffffffff;

// Read here, and not with a library. fflate knows neither the checksum nor the place of a member, takes the whole file
// into memory and copies it once more. zip.js streams, but copies every chunk several times on the way through its streams:
// 50 MB of arrays took it five times the processor time to read and six times to write, three times without its checksum.

/**
 * The members of a zip file by name.
 *
 * @throws DataError naming the file when it is not a zip file, is cut off, or its directory contradicts itself.
 */
export async function readZipDirectory(file: ByteSource, path: string): Promise<Map<string, ZipMember>> {
  const { size } = file;
  const signature = latin1(await take(file, path, 0, Math.min(4, size)));
  if (!["PK\x03\x04", "PK\x05\x06"].includes(signature)) {
    if (size > 0 && size < 4 && "PK\x03\x04".startsWith(signature)) throw truncated(path);
    throw new DataError(`${path} is not a .npz file (zip): it ${size === 0 ? "is empty" : "begins otherwise"}`);
  }
  const tail = await take(file, path, Math.max(0, size - endLength - longestComment));
  const at = findEnd(tail);
  if (at < 0) throw truncated(path);
  const { count, length, limit, end } = await directoryPlace(file, path, tail.subarray(at), size - tail.length + at);
  if (limit + length !== end) throw truncated(path);
  const directory = await take(file, path, limit, length);
  return parseDirectory(directory, count, limit, path);
}

/** Where the directory of a zip file lies, and how many members it lists. */
interface DirectoryPlace {
  count: number;
  length: number;
  /** Where it begins, bytes. */
  limit: number;
  /** Where it has to end: the place of the record that describes it. */
  end: number;
}

/** The place of the directory by the end record, or by the record of zip64 where there is one. */
async function directoryPlace(file: ByteSource, path: string, record: Uint8Array, at: number): Promise<DirectoryPlace> {
  const ending = viewOf(record);
  const [here, count] = [ending.getUint16(8, true), ending.getUint16(10, true)];
  if (here !== count) throw truncated(path);
  const before = Math.min(at, zip64LocatorLength);
  const locator = await take(file, path, at - before, before);
  if (!latin1(locator).startsWith("PK\x06\x07")) {
    return { count, length: ending.getUint32(12, true), limit: ending.getUint32(16, true), end: at };
  }
  const end = wholeNumber(locator, 8);
  if (end === undefined || end + zip64EndLength > at - zip64LocatorLength) throw truncated(path);
  const wide = await take(file, path, end, zip64EndLength);
  const [all, bytes, start] = [wholeNumber(wide, 32), wholeNumber(wide, 40), wholeNumber(wide, 48)];
  const known =
    viewOf(wide).getUint32(0, true) === 0x06064b50 && all !== undefined && bytes !== undefined && start !== undefined;
  if (!known) throw truncated(path);
  return { count: all, length: bytes, limit: start, end };
}

/** A number of 64 bits, undefined where it is too large to be told from its neighbours. */
function wholeNumber(bytes: Uint8Array, at: number): number | undefined {
  const value = Number(viewOf(bytes).getBigUint64(at, true));
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The end record is the last thing in the file but for a comment, whose length it holds. */
function findEnd(tail: Uint8Array): number {
  const view = viewOf(tail);
  for (let at = tail.length - endLength; at >= 0; at--) {
    const ends =
      view.getUint32(at, true) === 0x06054b50 && at + endLength + view.getUint16(at + 20, true) === tail.length;
    if (ends) return at;
  }
  return -1;
}

function parseDirectory(directory: Uint8Array, count: number, limit: number, path: string): Map<string, ZipMember> {
  const view = viewOf(directory);
  const members = new Map<string, ZipMember>();
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + centralLength > directory.length || view.getUint32(at, true) !== 0x02014b50) throw truncated(path);
    const nameEnd = at + centralLength + view.getUint16(at + 28, true);
    const next = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > directory.length) throw truncated(path);
    const name = utf8(directory.subarray(at + centralLength, nameEnd));
    if (members.has(name)) throw new DataError(`${path} has two members "${name}"; restore it from a copy`);
    const place = memberPlace(directory.subarray(at, next), nameEnd - at);
    if (place === undefined) throw damagedMember(path, name);
    members.set(name, {
      name,
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      crc: view.getUint32(at + 16, true),
      ...place,
      limit,
    });
    at = next;
  }
  if (at !== directory.length) throw truncated(path);
  return members;
}

/** Sizes and place of a member: from its entry in the directory, or, where they are too large for that, from zip64's field. */
function memberPlace(entry: Uint8Array, extra: number): Pick<ZipMember, "packedSize" | "size" | "header"> | undefined {
  const view = viewOf(entry);
  const narrow = [24, 20, 42].map((at) => view.getUint32(at, true));
  const wide = narrow.includes(elsewhere)
    ? zip64Field(entry.subarray(extra, extra + view.getUint16(30, true)))
    : undefined;
  // The field holds the values that are missing, in this order.
  let next = 0;
  const [size, packedSize, header] = narrow.map((value) => {
    if (value !== elsewhere || wide === undefined) return value;
    next += 8;
    return next > wide.length ? undefined : wholeNumber(wide, next - 8);
  });
  if (size === undefined || packedSize === undefined || header === undefined) return undefined;
  return { size, packedSize, header };
}

/** Contents of the field of zip64 among the extra fields of a member. */
function zip64Field(extra: Uint8Array): Uint8Array | undefined {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) === 1) return extra.subarray(at + 4, at + 4 + view.getUint16(at + 2, true));
  }
  return undefined;
}

function damagedMember(path: string, name: string): DataError {
  return new DataError(`${path} is damaged at "${name}"; restore it from a copy`);
}

/**
 * Where the bytes of a member begin.
 *
 * @throws DataError naming file and member when its local header is another one's or its bytes run into the directory.
 */
export async function memberStart(file: ByteSource, path: string, member: ZipMember): Promise<number> {
  const damaged = () => damagedMember(path, member.name);
  if (member.header + localLength > member.limit) throw damaged();
  const header = viewOf(await take(file, path, member.header, localLength));
  const nameLength = header.getUint16(26, true);
  const start = member.header + localLength + nameLength + header.getUint16(28, true);
  if (header.getUint32(0, true) !== 0x04034b50 || start + member.packedSize > member.limit) throw damaged();
  const name = await take(file, path, member.header + localLength, nameLength);
  if (utf8(name) !== member.name) throw damaged();
  return start;
}

/** Bytes of a file from a place on, to its end unless `length` says how many. */
async function take(file: ByteSource, path: string, from: number, length = file.size - from): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await readExactly(file, path, from, bytes);
  return bytes;
}

const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);
// Marks at the beginning are characters of the name, as zip writers count them.
const utf8 = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
