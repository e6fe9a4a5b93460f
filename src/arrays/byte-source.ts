import { DataError } from "../kinds/errors.ts";

/** Bytes that can be read from any place on: those of a file, or of memory. */
export interface ByteSource {
  /** Bytes that there are. */
  readonly size: number;
  /** Fills `target` from `position` on, and gives how many bytes were there; 0 at the end. */
  read(position: number, target: Uint8Array): Promise<number>;
}

/** Bytes that lie in memory. */
export function inMemory(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (position, target) => {
      const there = bytes.subarray(position, position + target.length);
      target.set(there);
      return there.length;
    },
  };
}

/** Fills `target` from `position` on; throws DataError, naming the file, when the file ends before. */
export async function readExactly(file: ByteSource, path: string, position: number, target: Uint8Array): Promise<void> {
  let filled = 0;
  while (filled < target.length) {
    const read = await file.read(position + filled, target.subarray(filled));
    if (read === 0) throw truncated(path);
    filled += read;
  }
}

export function truncated(path: string): DataError {
  return new DataError(`${path} is truncated or damaged: it ends before its contents do; restore it from a copy`);
}

/** Bytes as numbers of any size. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
