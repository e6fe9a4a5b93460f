import type { FileHandle } from "node:fs/promises";
import { DataError } from "../../kinds/errors.ts";

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

/** Fills `target` from `position` on; throws DataError, naming the file, when the file ends before. */
export async function readExactly(file: FileHandle, path: string, position: number, target: Uint8Array): Promise<void> {
  let filled = 0;
  while (filled < target.length) {
    const { bytesRead } = await file.read(target, filled, target.length - filled, position + filled);
    if (bytesRead === 0) throw truncated(path);
    filled += bytesRead;
  }
}

function truncated(path: string): DataError {
  return new DataError(`${path} is truncated or damaged: it ends before its contents do; restore it from a copy`);
}

/**
 * The members of a zip file by name.
 *
 * @throws DataError naming the file when it is not a zip file, is cut off, or its directory contradicts itself.
 */
export async function readZipDirectory(file: FileHandle, path: string): Promise<Map<string, ZipMember>> {
  const { size } = await file.stat();
  const signature = Buffer.alloc(Math.min(4, size));
  await readExactly(file, path, 0, signature);
  if (!["PK\x03\x04", "PK\x05\x06"].includes(signature.toString("latin1"))) {
    if (size > 0 && size < 4 && "PK\x03\x04".startsWith(signature.toString("latin1"))) throw truncated(path);
    throw new DataError(`${path} is not a .npz file (zip): it ${size === 0 ? "is empty" : "begins otherwise"}`);
  }
  const tail = Buffer.alloc(Math.min(size, endLength + longestComment));
  await readExactly(file, path, size - tail.length, tail);
  const at = findEnd(tail);
  if (at < 0) throw truncated(path);
  const { count, length, limit, end } = await directoryPlace(file, path, tail.subarray(at), size - tail.length + at);
  if (limit + length !== end) throw truncated(path);
  const directory = Buffer.alloc(length);
  await readExactly(file, path, limit, directory);
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
async function directoryPlace(file: FileHandle, path: string, record: Buffer, at: number): Promise<DirectoryPlace> {
  const [here, count] = [record.readUInt16LE(8), record.readUInt16LE(10)];
  if (here !== count) throw truncated(path);
  const locator = Buffer.alloc(Math.min(at, zip64LocatorLength));
  await readExactly(file, path, at - locator.length, locator);
  if (!locator.toString("latin1").startsWith("PK\x06\x07")) {
    return { count, length: record.readUInt32LE(12), limit: record.readUInt32LE(16), end: at };
  }
  const end = wholeNumber(locator, 8);
  if (end === undefined || end + zip64EndLength > at - zip64LocatorLength) throw truncated(path);
  const wide = Buffer.alloc(zip64EndLength);
  await readExactly(file, path, end, wide);
  const [all, bytes, start] = [wholeNumber(wide, 32), wholeNumber(wide, 40), wholeNumber(wide, 48)];
  const known = wide.readUInt32LE(0) === 0x06064b50 && all !== undefined && bytes !== undefined && start !== undefined;
  if (!known) throw truncated(path);
  return { count: all, length: bytes, limit: start, end };
}

/** A number of 64 bits, undefined where it is too large to be told from its neighbours. */
function wholeNumber(bytes: Buffer, at: number): number | undefined {
  const value = Number(bytes.readBigUInt64LE(at));
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The end record is the last thing in the file but for a comment, whose length it holds. */
function findEnd(tail: Buffer): number {
  for (let at = tail.length - endLength; at >= 0; at--) {
    const ends = tail.readUInt32LE(at) === 0x06054b50 && at + endLength + tail.readUInt16LE(at + 20) === tail.length;
    if (ends) return at;
  }
  return -1;
}

function parseDirectory(directory: Buffer, count: number, limit: number, path: string): Map<string, ZipMember> {
  const members = new Map<string, ZipMember>();
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + centralLength > directory.length || directory.readUInt32LE(at) !== 0x02014b50) throw truncated(path);
    const nameEnd = at + centralLength + directory.readUInt16LE(at + 28);
    const next = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (next > directory.length) throw truncated(path);
    const name = directory.toString("utf8", at + centralLength, nameEnd);
    if (members.has(name)) throw new DataError(`${path} has two members "${name}"; restore it from a copy`);
    const place = memberPlace(directory.subarray(at, next), nameEnd - at);
    if (place === undefined) throw damagedMember(path, name);
    members.set(name, {
      name,
      method: directory.readUInt16LE(at + 10),
      encrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
      crc: directory.readUInt32LE(at + 16),
      ...place,
      limit,
    });
    at = next;
  }
  if (at !== directory.length) throw truncated(path);
  return members;
}

/** Sizes and place of a member: from its entry in the directory, or, where they are too large for that, from zip64's field. */
function memberPlace(entry: Buffer, extra: number): Pick<ZipMember, "packedSize" | "size" | "header"> | undefined {
  const narrow = [24, 20, 42].map((at) => entry.readUInt32LE(at));
  const wide = narrow.includes(elsewhere)
    ? zip64Field(entry.subarray(extra, extra + entry.readUInt16LE(30)))
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
function zip64Field(extra: Buffer): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) return extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
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
export async function memberStart(file: FileHandle, path: string, member: ZipMember): Promise<number> {
  const damaged = () => damagedMember(path, member.name);
  const header = Buffer.alloc(localLength);
  if (member.header + localLength > member.limit) throw damaged();
  await readExactly(file, path, member.header, header);
  const name = Buffer.alloc(header.readUInt16LE(26));
  const start = member.header + localLength + name.length + header.readUInt16LE(28);
  if (header.readUInt32LE(0) !== 0x04034b50 || start + member.packedSize > member.limit) throw damaged();
  await readExactly(file, path, member.header + localLength, name);
  if (name.toString("utf8") !== member.name) throw damaged();
  return start;
}
