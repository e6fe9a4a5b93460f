/** A NumPy array to be written: numbers in C order. */
export interface ArrayToWrite {
  /** NumPy's name of the type, with its byte order: "<f4". */
  readonly descr: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly fortran?: boolean;
}

const writers: Readonly<Record<string, (view: DataView, at: number, value: number) => void>> = {
  b1: (view, at, value) => view.setUint8(at, value),
  i1: (view, at, value) => view.setInt8(at, value),
  u1: (view, at, value) => view.setUint8(at, value),
  i2: (view, at, value) => view.setInt16(at, value),
  u2: (view, at, value) => view.setUint16(at, value),
  i4: (view, at, value) => view.setInt32(at, value),
  u4: (view, at, value) => view.setUint32(at, value),
  i8: (view, at, value) => view.setBigInt64(at, BigInt(value)),
  u8: (view, at, value) => view.setBigUint64(at, BigInt(value)),
  f4: (view, at, value) => view.setFloat32(at, value),
  f8: (view, at, value) => view.setFloat64(at, value),
};

/** The bytes of a .npy file, written value by value from the definition of the format. */
export function npyFile({ descr, shape, values, fortran = false }: ArrayToWrite): Uint8Array {
  const [order, kind, bytes] = [descr[0], descr.slice(1), Number(descr.slice(2))];
  const elements = new Uint8Array(values.length * bytes);
  for (const [index, value] of values.entries()) {
    const at = bytes * (fortran ? fortranIndex(index, shape) : index);
    writers[kind]!(new DataView(elements.buffer), at, value);
    // The writers put the high byte first.
    if (order !== ">") elements.subarray(at, at + bytes).reverse();
  }
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  return npyOf(`{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${tuple}, }`, elements);
}

/** The same of any header and elements. */
export function npyOf(header: string, elements: Uint8Array): Uint8Array {
  const text = Buffer.from(`${header}\n`, "latin1");
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  return Buffer.concat([Buffer.from("\x93NUMPY\x01\x00", "latin1"), length, text, elements]);
}

/** Where the element of a row-major index stands when the first axis is contiguous. */
function fortranIndex(index: number, shape: readonly number[]): number {
  let rest = index;
  const indices = shape.map(() => 0);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    indices[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return indices.reduceRight((sum, at, axis) => sum * shape[axis]! + at, 0);
}
