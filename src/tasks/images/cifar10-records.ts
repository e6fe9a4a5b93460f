import { DataError } from "../../kinds/errors.ts";

/** Height and width of every image, in pixels. */
export const cifarSide = 32;
/** Red, green, blue. */
export const cifarChannels = 3;
/** Classes, labelled from 0. */
export const cifarClasses = 10;

const positions = cifarSide * cifarSide;
const pixelsPerImage = cifarChannels * positions;
/** Bytes of one record: the label, then the red, green and blue plane, each row by row. */
const recordBytes = 1 + pixelsPerImage;

/** What a file of records holds. */
interface Cifar10Records {
  /** Class of each image, 0 ... 9, [count]. */
  readonly labels: Uint8Array;
  /** Colour levels, channels last, [count, 32, 32, 3]. */
  readonly pixels: Uint8Array;
}

/**
 * The images of a file in CIFAR-10's binary format, turned from planes to channels last:
 * pixels[n, row, column, channel] = bytes[3073 n + 1 + 1024 channel + 32 row + column].
 *
 * Source: Krizhevsky, Learning multiple layers of features from tiny images, 2009; "Binary version" on the page of the
 * data set.
 *
 * @param bytes the whole file
 * @param file what messages call it, as a rule its path
 * @throws DataError where the file is empty, is no whole number of records, or a label is not 0 ... 9
 */
export function parseCifar10(bytes: Uint8Array, file: string): Cifar10Records {
  checkLength(bytes.length, file);
  const count = bytes.length / recordBytes;
  const labels = Uint8Array.from({ length: count }, (_, image) => bytes[image * recordBytes]!);
  const wrong = labels.findIndex((label) => label >= cifarClasses);
  if (wrong >= 0) {
    throw new DataError(
      `CIFAR-10 file ${file}: label ${wrong} is ${labels[wrong]}, expected 0 to ${cifarClasses - 1}; ` +
        "check that it is of CIFAR-10's binary version",
    );
  }
  const pixels = new Uint8Array(count * pixelsPerImage);
  for (let image = 0; image < count; image++) {
    const planes = image * recordBytes + 1;
    let target = image * pixelsPerImage;
    for (let position = 0; position < positions; position++) {
      for (let channel = 0; channel < cifarChannels; channel++) {
        pixels[target++] = bytes[planes + channel * positions + position]!;
      }
    }
  }
  return { labels, pixels };
}

function checkLength(length: number, file: string): void {
  if (length === 0) {
    throw new DataError(
      `CIFAR-10 file ${file} is empty, expected records of ${recordBytes} bytes; fetch the data set again`,
    );
  }
  const rest = length % recordBytes;
  if (rest === 0) return;
  throw new DataError(
    `CIFAR-10 file ${file} has ${length} bytes, which is ${Math.floor(length / recordBytes)} records of ${recordBytes} ` +
      `bytes and ${rest} bytes more; expected whole records, fetch the data set again`,
  );
}
