import { createReadStream } from "node:fs";
import { type FileHandle, rm } from "node:fs/promises";
import { type ArrayHeader, encodeNpyHeader } from "../../arrays/npy-header.ts";
import { openBeside } from "../record/partial-name.ts";
import { storageFailure } from "../record/storage-failure.ts";

/** An array that is to be written. */
export interface ArrayToSpool extends ArrayHeader {
  readonly name: string;
  /** Path that it is for; it grows beside it. */
  readonly path: string;
  /** Whether the file begins with the header of a .npy file. */
  readonly header: boolean;
}

/** Arrays on the disk that grow part by part, side by side, each in a file of its own beside its path. */
export interface SpooledArrays {
  /** Appends elements to an array. Throws StorageError when the disk refuses. */
  append(name: string, values: Float32Array | Uint32Array): Promise<void>;
  /** Ends the files: everything is on the disk. */
  finish(): Promise<void>;
  /** Partial file of an array. */
  partial(name: string): string;
  /** The bytes of an array's file. */
  read(name: string): AsyncIterable<Uint8Array>;
  /** Closes what is open, and removes what is left of the files. */
  discard(): Promise<void>;
}

/** @throws StorageError when a file cannot be made; nothing is left then */
export async function spoolArrays(arrays: readonly ArrayToSpool[]): Promise<SpooledArrays> {
  const spools = new Map<string, { path: string; partial: string; file: FileHandle }>();
  const discard = async () => {
    for (const { file, partial } of spools.values()) {
      await file.close().catch(() => {});
      await rm(partial, { force: true }).catch(() => {});
    }
  };
  const writing = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storageFailure("written", path, error);
    }
  };
  try {
    for (const { name, path, header, type, shape } of arrays)
      await writing(path, async () => {
        const opened = { path, ...(await openBeside(path)) };
        spools.set(name, opened);
        if (header) await writeAll(opened.file, encodeNpyHeader(name, { type, shape }));
      });
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    async append(name, values) {
      const { path, file } = spools.get(name)!;
      await writing(path, () => writeAll(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));
    },
    async finish() {
      for (const { path, file } of spools.values())
        await writing(path, async () => {
          await file.sync();
          await file.close();
        });
    },
    partial: (name) => spools.get(name)!.partial,
    read: (name) => createReadStream(spools.get(name)!.partial, { highWaterMark: 1 << 20 }),
    discard,
  };
}

/** One write may take only a part of what it is given. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += (await file.write(bytes, written, bytes.length - written)).bytesWritten;
}
