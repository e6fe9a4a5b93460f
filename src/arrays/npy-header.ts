import { DataError, UsageError } from "../kinds/errors.ts";
import { viewOf } from "./byte-source.ts";

export type ArrayData = Float32Array | Float64Array | Uint32Array | Uint8Array;

export type ElementType = "float32" | "float64" | "uint32" | "uint8";

export interface ArrayHeader {
  type: ElementType;
  /** Sizes of the axes, the last one contiguous (C order); [] is a scalar, one element. */
  shape: number[];
}

interface ElementFormat {
  /** NumPy's name of the type: byte order, kind, bytes. Single bytes have no order. */
  descr: string;
  bytes: number;
  view: (buffer: ArrayBuffer) => ArrayData;
}

export const elementFormats: Record<ElementType, ElementFormat> = {
  float32: { descr: "<f4", bytes: 4, view: (buffer) => new Float32Array(buffer) },
  float64: { descr: "<f8", bytes: 8, view: (buffer) => new Float64Array(buffer) },
  uint32: { descr: "<u4", bytes: 4, view: (buffer) => new Uint32Array(buffer) },
  uint8: { descr: "|u1", bytes: 1, view: (buffer) => new Uint8Array(buffer) },
};

const elementTypes = Object.keys(elementFormats) as ElementType[];

/** NumPy before 2.0 knows no more. */
const mostAxes = 32;

export function elementTypeOf(data: ArrayData): ElementType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float64Array) return "float64";
  return data instanceof Uint32Array ? "uint32" : "uint8";
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}

/**
 * The bytes that precede the elements in a .npy file, version 1.0, padded with blanks to a multiple of 64.
 *
 * @throws UsageError naming the array when its shape is not one of an array.
 */
export function encodeNpyHeader(name: string, { type, shape }: ArrayHeader): Uint8Array {
  if (shape.length > mostAxes || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new UsageError(
      `the array "${name}" has shape [${shape.join(", ")}]; give up to ${mostAxes} axes, each a whole number from 0 on`,
    );
  }
  // Python writes a tuple of one with a comma behind it.
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${elementFormats[type].descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const preamble = 10;
  const total = Math.ceil((preamble + text.length + 1) / 64) * 64;
  const bytes = Uint8Array.from(`\x93NUMPY\x01\x00\0\0${text.padEnd(total - preamble - 1)}\n`, (character) =>
    character.charCodeAt(0),
  );
  viewOf(bytes).setUint16(8, total - preamble, true);
  return bytes;
}

/** Bytes before the header's text in the longest version, 2.0 and 3.0. */
export const npyPreamble = 12;

/**
 * Where the text of a .npy header begins and the elements begin, bytes, from the first {@link npyPreamble} bytes.
 *
 * @throws DataError, beginning with `where`, when they are not the beginning of a .npy file.
 */
export function npyExtent(where: string, start: Uint8Array): { text: number; elements: number } {
  const magic = String.fromCharCode(...start.subarray(0, 6));
  if (start.length < npyPreamble || magic !== "\x93NUMPY") {
    throw new DataError(`${where} is not a NumPy array (.npy): it does not begin with \\x93NUMPY; save it again`);
  }
  const view = viewOf(start);
  const version = view.getUint8(6);
  if (version === 1) return { text: 10, elements: 10 + view.getUint16(8, true) };
  if (version === 2 || version === 3) return { text: 12, elements: 12 + view.getUint32(8, true) };
  throw new DataError(
    `${where} has .npy version ${version}; versions 1 to 3 can be read, so save it with a present NumPy`,
  );
}

/** What the header of a .npy array says. */
export interface NpyHeader {
  /** Byte order, kind and bytes of the elements, as Python writes it: "'<f4'". */
  readonly descr: string;
  /** Whether the first axis is the contiguous one. */
  readonly fortran: boolean;
  readonly shape: number[];
}

/**
 * Reads the text of a .npy header (a Python dictionary).
 *
 * @throws DataError, beginning with `where`, when an entry is missing.
 */
export function parseNpyHeader(where: string, text: string): NpyHeader {
  const descr = /'descr':\s*('[^']*'|\[.*?\])/s.exec(text)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const axes = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (descr === undefined || fortran === undefined || axes === undefined) {
    throw new DataError(`${where} has a .npy header without descr, fortran_order or shape; save it again`);
  }
  const shape = axes
    .split(",")
    .filter((size) => size.trim() !== "")
    .map(Number);
  return { descr, fortran: fortran === "True", shape };
}

/**
 * The header of an array as we write them.
 *
 * @throws DataError, beginning with `where`, when the type is none of ours or the order is Fortran's.
 */
export function ownHeader(where: string, { descr, fortran, shape }: NpyHeader): ArrayHeader {
  const type = elementTypes.find((candidate) => `'${elementFormats[candidate].descr}'` === descr);
  if (type === undefined) {
    throw new DataError(`${where} holds elements of type ${descr}; allowed: ${elementTypes.join(", ")}, little-endian`);
  }
  if (fortran) {
    throw new DataError(`${where} is in Fortran order; allowed: C order, as numpy.ascontiguousarray makes it`);
  }
  return { type, shape };
}
