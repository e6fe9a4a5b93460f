import { zipSync } from "fflate";

/** Types of elements as NumPy writes them, and how one element is put into memory. */
const writers = {
  f4: (view: DataView, at: number, value: number, little: boolean) => view.setFloat32(at, value, little),
  f8: (view: DataView, at: number, value: number, little: boolean) => view.setFloat64(at, value, little),
  i1: (view: DataView, at: number, value: number) => view.setInt8(at, value),
  u1: (view: DataView, at: number, value: number) => view.setUint8(at, value),
  b1: (view: DataView, at: number, value: number) => view.setUint8(at, value),
  i2: (view: DataView, at: number, value: number, little: boolean) => view.setInt16(at, value, little),
  i4: (view: DataView, at: number, value: number, little: boolean) => view.setInt32(at, value, little),
  u4: (view: DataView, at: number, value: number, little: boolean) => view.setUint32(at, value, little),
  i8: (view: DataView, at: number, value: number, little: boolean) => view.setBigInt64(at, BigInt(value), little),
} as const;

export type NumberType = keyof typeof writers;

export interface NumpyArray {
  readonly shape: readonly number[];
  /** In C order. */
  readonly values: readonly number[] | readonly string[];
  readonly type?: NumberType;
  readonly fortran?: boolean;
  readonly bigEndian?: boolean;
  /** A descr that is written as it is, with elements of 0. */
  readonly descr?: string;
}

/** The bytes of a .npy file of version 1.0, written without a line of the code that reads it. */
export function npyBytes({ shape, values, type = "f8", fortran = false, bigEndian = false, descr }: NumpyArray) {
  const text = typeof values[0] === "string";
  const longest = text ? Math.max(1, ...values.map((value) => [...String(value)].length)) : 0;
  const bytes = text ? 4 * longest : Number(type[1]);
  const order = !text && bytes === 1 ? "|" : bigEndian ? ">" : "<";
  const header = `{'descr': ${descr ?? `'${order}${text ? `U${longest}` : type}'`}, 'fortran_order': ${
    fortran ? "True" : "False"
  }, 'shape': (${shape.map((length) => `${length}, `).join("")}), }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const elements = new DataView(new ArrayBuffer(values.length * bytes));
  values.forEach((value, place) => {
    const at = bytes * (fortran ? inFortranOrder(place, shape) : place);
    if (typeof value === "number") writers[type](elements, at, value, !bigEndian);
    else
      for (const [index, character] of [...value].entries())
        elements.setUint32(at + 4 * index, character.codePointAt(0)!, !bigEndian);
  });
  const magic = [0x93, ...Buffer.from("NUMPY"), 1, 0, padded.length & 255, padded.length >> 8];
  return Uint8Array.from([...magic, ...Buffer.from(padded), ...new Uint8Array(elements.buffer)]);
}

/** Where the element of a place in C order lies when the first axis is the contiguous one. */
function inFortranOrder(place: number, shape: readonly number[]): number {
  let [rest, stride, sum] = [place, shape.reduce((product, length) => product * length, 1), 0];
  for (const length of [...shape].reverse()) {
    stride /= length;
    sum += (rest % length) * stride;
    rest = Math.floor(rest / length);
  }
  return sum;
}

/** A .npz file, packed or not. */
export const npzBytes = (arrays: Readonly<Record<string, NumpyArray>>, packed = false) =>
  zipSync(Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, npyBytes(array)])), {
    level: packed ? 6 : 0,
  });
