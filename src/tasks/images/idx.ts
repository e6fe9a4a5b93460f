import { DataError } from "../../kinds/errors.ts";
import { diskSources } from "../disk-sources.ts";
import { isMissing, type Sources } from "../sources.ts";

/** An array of unsigned bytes out of an IDX file. */
interface IdxArray {
  /** Lengths of the dimensions, slowest first: [count] for labels, [count, height, width] for images. */
  readonly shape: readonly number[];
  /** The values, row-major; a view of the file's bytes, not a copy. */
  readonly data: Uint8Array;
}

const unsignedByte = 0x08;
const dataTypes: Readonly<Record<number, string>> = {
  [unsignedByte]: "unsigned byte",
  9: "signed byte",
  11: "int16",
  12: "int32",
  13: "float32",
  14: "float64",
};

/**
 * The array of an IDX file of unsigned bytes.
 *
 * The format: two zero bytes, the data type (0x08: unsigned byte), the number of dimensions d, then d lengths as
 * big-endian 32-bit integers, then the values, row-major. Source: LeCun, Cortes & Burges, The MNIST database of
 * handwritten digits, section "File formats".
 *
 * @param bytes the whole file
 * @param file what messages call it, as a rule its path
 * @param dimensions number of dimensions that the file must have: 1 for labels, 3 for images
 * @throws DataError where the file is truncated, longer than its header announces, not IDX, of another data type or of
 *   another number of dimensions
 */
export function parseIdx(bytes: Uint8Array, file: string, dimensions: number): IdxArray {
  const header = 4 + 4 * dimensions;
  const expected = `0x${(unsignedByte * 256 + dimensions).toString(16).padStart(8, "0")}`;
  // The magic number is judged before the length, so that a short file of another kind is called by its name.
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new DataError(`IDX file ${file} is compressed with gzip, plain bytes are expected; unpack it with gunzip`);
  }
  if (bytes.length >= 4) checkMagic(bytes, file, dimensions, expected);
  if (bytes.length < header) {
    throw new DataError(
      `IDX file ${file} is truncated: it has ${bytes.length} bytes and its header alone takes ${header}; ` +
        "fetch the file again",
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, dimension) => view.getUint32(4 + 4 * dimension));
  const announced = header + shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== announced) {
    const fault = bytes.length < announced ? "truncated" : "longer than announced";
    throw new DataError(
      `IDX file ${file} is ${fault}: it has ${bytes.length} bytes and its header announces ${announced} ` +
        `(${shape.join(" x ")} values after ${header} bytes of header); fetch the file again`,
    );
  }
  // Not bytes.subarray: of a Buffer that is a Buffer, whose slice() and comparison differ from those of a Uint8Array.
  return { shape, data: new Uint8Array(bytes.buffer, bytes.byteOffset + header, bytes.length - header) };
}

function checkMagic(bytes: Uint8Array, file: string, dimensions: number, expected: string): void {
  const magic = `0x${Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    throw new DataError(
      `IDX file ${file} starts with the magic number ${magic}, expected ${expected}; check that it is an IDX file`,
    );
  }
  const type = bytes[2]!;
  if (type !== unsignedByte) {
    throw new DataError(
      `IDX file ${file} holds data of type ${dataTypes[type] ?? "unknown"} (magic number ${magic}), expected ` +
        `unsigned byte (${expected}); convert its values to bytes 0 to 255`,
    );
  }
  if (bytes[3] !== dimensions) {
    throw new DataError(
      `IDX file ${file} has ${bytes[3]} dimension(s) (magic number ${magic}), expected ${dimensions} (${expected}); ` +
        "check that the files of images and labels are not exchanged",
    );
  }
}

/**
 * Reads an IDX file of unsigned bytes.
 *
 * @param path the file
 * @param dimensions number of dimensions that it must have: 1 for labels, 3 for images
 * @param sources where it is read; default: on the disk
 * @throws DataError where the file cannot be read, and as `parseIdx` does
 */
export async function readIdx(path: string, dimensions: number, sources: Sources = diskSources()): Promise<IdxArray> {
  let bytes: Uint8Array;
  try {
    bytes = await sources.read(path);
  } catch (cause) {
    const missing = isMissing(cause);
    throw new DataError(
      missing
        ? `IDX file ${path} is missing; expected a file of unsigned bytes with ${dimensions} dimension(s), check the path`
        : `IDX file ${path} cannot be read (${(cause as Error).message}); expected a readable file, check its kind and rights`,
      { cause },
    );
  }
  return parseIdx(bytes, path, dimensions);
}
