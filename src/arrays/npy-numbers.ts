import { DataError } from "../kinds/errors.ts";
import { elementCount, type NpyHeader } from "./npy-header.ts";

/** Values of any numeric type. */
export type Numbers = Float32Array | Float64Array;

/** How the elements of a .npy array are stored. */
interface NumberFormat {
  /** "float16", "int64", "bool". */
  readonly name: string;
  readonly bytes: number;
  /** Number at an index of little-endian elements. */
  readonly read: (view: DataView, at: number) => number;
  readonly bigEndian: boolean;
}

const kinds: Readonly<Record<string, Omit<NumberFormat, "bigEndian">>> = {
  b1: { name: "bool", bytes: 1, read: (view, at) => view.getUint8(at) },
  i1: { name: "int8", bytes: 1, read: (view, at) => view.getInt8(at) },
  u1: { name: "uint8", bytes: 1, read: (view, at) => view.getUint8(at) },
  i2: { name: "int16", bytes: 2, read: (view, at) => view.getInt16(at, true) },
  u2: { name: "uint16", bytes: 2, read: (view, at) => view.getUint16(at, true) },
  i4: { name: "int32", bytes: 4, read: (view, at) => view.getInt32(at, true) },
  u4: { name: "uint32", bytes: 4, read: (view, at) => view.getUint32(at, true) },
  i8: { name: "int64", bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  u8: { name: "uint64", bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  f2: { name: "float16", bytes: 2, read: (view, at) => halfPrecision(view.getUint16(at, true)) },
  f4: { name: "float32", bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  f8: { name: "float64", bytes: 8, read: (view, at) => view.getFloat64(at, true) },
};

/**
 * The format of an array of numbers.
 *
 * @throws DataError, beginning with `where`, when its elements are no numbers
 */
export function numberFormat(where: string, { descr }: NpyHeader): NumberFormat {
  const [, order, kind] = /^'([<>|=])(\w+)'$/.exec(descr) ?? [];
  const format = kind !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (format) return { ...format, bigEndian: order === ">" };
  const known = Object.values(kinds).map(({ name }) => name);
  throw new DataError(`${where} holds elements of type ${descr}; allowed: numbers (${known.join(", ")})`);
}

/**
 * The numbers of a .npy array in C order: as float32 where the file holds these, else as float64.
 *
 * @param elements bytes of the elements, which are overwritten
 */
export function decodeNumbers(
  { name, bytes, read, bigEndian }: NumberFormat,
  { fortran, shape }: Pick<NpyHeader, "fortran" | "shape">,
  elements: Uint8Array<ArrayBuffer>,
): Numbers {
  if (bigEndian) reverseEach(elements, bytes);
  const values = name === "float32" ? new Float32Array(elements.buffer) : decodeEach(elements, bytes, read);
  return fortran ? inOrderOfC(values, shape, values.slice() as typeof values) : values;
}

function decodeEach(elements: Uint8Array, bytes: number, read: NumberFormat["read"]): Float64Array {
  const view = new DataView(elements.buffer);
  return Float64Array.from({ length: elements.length / bytes }, (_, index) => read(view, index * bytes));
}

function reverseEach(elements: Uint8Array, bytes: number): void {
  for (let at = 0; at < elements.length; at += bytes) elements.subarray(at, at + bytes).reverse();
}

/** Writes values whose first axis was the contiguous one into `result`, whose last axis is. */
export function inOrderOfC<Element, Result extends Record<number, Element>>(
  values: ArrayLike<Element>,
  shape: readonly number[],
  result: Result,
): Result {
  // Strides of the given values: the product of the sizes before an axis.
  const strides = shape.map((_, axis) => elementCount(shape.slice(0, axis)));
  const places: Record<number, Element> = result;
  for (let at = 0; at < values.length; at++) {
    let rest = at;
    let source = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    places[at] = values[source]!;
  }
  return result;
}

/** The value of 16 bits of IEEE 754: a sign, 5 bits of exponent, 10 of fraction. */
function halfPrecision(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 0x400) * 2 ** (exponent - 15);
}
