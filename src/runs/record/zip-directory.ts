import type { FileHandle } from "node:fs/promises";
import { DataError } from "../../kinds/errors.ts";

/** A member of a zip file, as its directory at the end of the file tells. */
export interface ZipMember {
  name: string;
  /** 0 stored, 8 deflated. */
  method: number;
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

// Read here, and not with fflate, because fflate tells neither the checksum nor the place of a member, takes the whole
// file into memory and copies it once more. Written files are fflate's.

/** Fills `target` from `position` on; throws DataError, naming the file, when the file ends before. */
export async function readExactly(file: FileHandle, path: string, position: number, target: Uint8Array): Promise<void> {
  let filled = 0;
  while (filled < target.length) {
    const { bytesRead } = await file.read(target, filled, target.length - filled, position + filled);
    if (bytesRead === 0) throw truncated(path);
    filled += bytesRead;
  }
}

export function truncated(path: string): DataError {
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
  const count = tail.readUInt16LE(at + 10);
  const length = tail.readUInt32LE(at + 12);
  const limit = tail.readUInt32LE(at + 16);
  if (limit + length !== size - tail.length + at || tail.readUInt16LE(at + 8) !== count) throw truncated(path);
  const directory = Buffer.alloc(length);
  await readExactly(file, path, limit, directory);
  return parseDirectory(directory, count, limit, path);
}

/** The end record is the last thing in the file but for a comment, whose length it tells. */
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
    members.set(name, {
      name,
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      header: directory.readUInt32LE(at + 42),
      limit,
    });
    at = next;
  }
  if (at !== directory.length) throw truncated(path);
  return members;
}

/**
 * Where the bytes of a member begin.
 *
 * @throws DataError naming file and member when its local header is another one's or its bytes run into the directory.
 */
export async function memberStart(file: FileHandle, path: string, member: ZipMember): Promise<number> {
  const damaged = () => new DataError(`${path} is damaged at "${member.name}"; restore it from a copy`);
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
