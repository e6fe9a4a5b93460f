import { DataError } from "../kinds/errors.ts";
import { platform } from "../platform/node.ts";
import { type ByteSource, readExactly } from "./byte-source.ts";
import { memberStart, type ZipMember } from "./zip-directory.ts";

/** Bytes read and summed at a time: small enough to be still in the cache for the checksum. */
const chunkLength = 1 << 20;

/** Deflate cannot pack tighter than this, so that a damaged size does not ask for all the memory there is. */
const deflateLimit = 1032;

/** The contents of one member, read once from front to back; the checksum is of all that was read. */
interface MemberContents {
  /** Fills `target` with the next bytes. Throws DataError, naming file and member, when there are fewer left. */
  next(target: Uint8Array): Promise<void>;
  /** Throws DataError, naming file and member, unless all was read and its checksum is the one in the directory. */
  finish(): void;
}

/** Opens a stored or deflated member; throws DataError, naming file and member, when it is packed otherwise or encrypted. */
export async function openMember(file: ByteSource, path: string, member: ZipMember): Promise<MemberContents> {
  if (member.encrypted) throw new DataError(`${path}: "${member.name}" is encrypted; save it without a password`);
  const start = await memberStart(file, path, member);
  const inflated = await inflate(file, path, member, start);
  let position = 0;
  let sum = 0;
  return {
    async next(target) {
      if (position + target.length > member.size) throw damaged(path, member, "it ends early");
      for (let at = 0; at < target.length; at += chunkLength) {
        const chunk = target.subarray(at, at + chunkLength);
        if (inflated === undefined) await readExactly(file, path, start + position, chunk);
        else chunk.set(inflated.subarray(position, position + chunk.length));
        sum = platform.crc32(chunk, sum);
        position += chunk.length;
      }
    },
    finish() {
      if (position !== member.size || sum !== member.crc) throw damaged(path, member, "its checksum is another");
    },
  };
}

async function inflate(
  file: ByteSource,
  path: string,
  member: ZipMember,
  start: number,
): Promise<Uint8Array | undefined> {
  const { method, packedSize, size } = member;
  if (method === 0) {
    if (packedSize !== size) throw damaged(path, member, "it has two sizes");
    return undefined;
  }
  if (method !== 8) {
    throw new DataError(`${path}: "${member.name}" is packed by method ${method}; allowed: 0 (stored), 8 (deflated)`);
  }
  if (size > packedSize * deflateLimit) throw damaged(path, member, "its size is impossible");
  const packed = new Uint8Array(packedSize);
  await readExactly(file, path, start, packed);
  try {
    // More bytes than announced are an error here, fewer are found out by the checksum.
    return platform.inflate(packed, size);
  } catch {
    throw damaged(path, member, "it cannot be inflated");
  }
}

function damaged(path: string, member: ZipMember, how: string): DataError {
  return new DataError(`${path} is damaged at "${member.name}": ${how}; restore it from a copy`);
}
