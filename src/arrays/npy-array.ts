import { DataError } from "../kinds/errors.ts";
import { type ByteSource, readExactly, viewOf } from "./byte-source.ts";
import type { LoadedArray } from "./loaded-array.ts";
import { elementCount, type NpyHeader, npyExtent, npyPreamble, parseNpyHeader } from "./npy-header.ts";
import { decodeNumbers, inOrderOfC, numberFormat } from "./npy-numbers.ts";

/** The bytes of one array in the .npy format, read once from front to back. */
export interface NpyContents {
  /** Bytes that there are in all. */
  readonly size: number;
  /** Fills `target` with the next bytes. Throws DataError where there are fewer left. */
  next(target: Uint8Array): Promise<void>;
  /** Throws DataError unless all was read and is what it was when it was written, as far as that is known. */
  finish(): void;
}

/** The contents of a .npy file. */
export function contentsOf(file: ByteSource, path: string): NpyContents {
  let position = 0;
  return {
    size: file.size,
    async next(target) {
      await readExactly(file, path, position, target);
      position += target.length;
    },
    finish() {},
  };
}

/**
 * Reads the header of an array, and how many bytes of elements follow.
 *
 * @param where what messages call the array
 * @throws DataError where it is not a .npy array
 */
export async function openNpy(where: string, contents: NpyContents): Promise<{ header: NpyHeader; bytes: number }> {
  const start = new Uint8Array(Math.min(npyPreamble, contents.size));
  await contents.next(start);
  const extent = npyExtent(where, start);
  if (extent.elements < start.length || extent.elements > contents.size) {
    throw new DataError(`${where} is damaged: its .npy header does not fit into it; restore it from a copy`);
  }
  const rest = new Uint8Array(extent.elements - start.length);
  await contents.next(rest);
  const text = String.fromCharCode(...start.subarray(extent.text), ...rest);
  return { header: parseNpyHeader(where, text), bytes: contents.size - extent.elements };
}

/**
 * Reads an array of numbers of any type, byte order and axis order that NumPy writes, or of text (type <U).
 *
 * @param where what messages call the array
 * @returns values in C order (the last axis contiguous)
 * @throws DataError where it is damaged or holds anything else (complex numbers, objects, records, dates)
 */
export async function readNpy(where: string, contents: NpyContents): Promise<LoadedArray> {
  const { header, bytes } = await openNpy(where, contents);
  const [, order, characters] = /^'([<>])U(\d+)'$/.exec(header.descr) ?? [];
  const text = characters === undefined ? undefined : Number(characters);
  const format = text === undefined ? numberFormat(where, header) : { name: "text", bytes: 4 * text };
  refuseSize(where, bytes, header, format.name, elementCount(header.shape) * format.bytes);
  const elements = new Uint8Array(bytes);
  await contents.next(elements);
  contents.finish();
  const { shape } = header;
  if ("read" in format) return { shape, values: decodeNumbers(format, header, elements), type: format.name };
  const texts = decodeTexts(elements, elementCount(shape), format.bytes, order === "<");
  const values = header.fortran ? inOrderOfC(texts, shape, [...texts]) : texts;
  return { shape, values, type: "text" };
}

/** @throws DataError where the elements take another number of bytes than shape and type say */
export function refuseSize(where: string, bytes: number, { shape }: NpyHeader, type: string, expected: number): void {
  if (bytes === expected) return;
  throw new DataError(
    `${where} has ${bytes} bytes of elements where shape [${shape.join(", ")}] of ${type} takes ${expected}; ` +
      "restore it from a copy",
  );
}

/** Texts of one length, filled up with NUL, four bytes a character. */
function decodeTexts(elements: Uint8Array, count: number, bytes: number, littleEndian: boolean): string[] {
  const view = viewOf(elements);
  return Array.from({ length: count }, (_, index) => {
    const points = Array.from({ length: bytes / 4 }, (_, at) => view.getUint32(index * bytes + 4 * at, littleEndian));
    while (points.at(-1) === 0) points.pop();
    return String.fromCodePoint(...points);
  });
}
