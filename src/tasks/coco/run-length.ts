import { DataError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";

/** A mask as COCO writes it: lengths of runs of 0 and 1 in turn, beginning with 0, down the columns from left to right. */
export interface RunLengths {
  /** Height and width. */
  readonly size: readonly [number, number];
  /** The lengths, or their compressed form. */
  readonly counts: readonly number[] | string;
}

/** Characters of the compressed form carry six bits above this code: five of the number and one that says "more follow". */
const FIRST_CODE = 48;
const BITS = 5;
const MORE = 1 << BITS;
const SIGN = 1 << (BITS - 1);

/**
 * The lengths out of COCO's compressed form. A length is written in groups of five bits, lowest first, as a signed number;
 * from the fourth length on it is the difference to the one two places before.
 *
 * Source: the format of the COCO API, Lin et al., Microsoft COCO: common objects in context, 2014.
 *
 * @throws DataError where a character is not of the form, or the last number is cut off
 */
export function decompressCounts(text: string): number[] {
  const counts: number[] = [];
  let [value, shift] = [0, 0];
  for (let place = 0; place < text.length; place++) {
    const group = text.charCodeAt(place) - FIRST_CODE;
    if (group < 0 || group >= 2 * MORE || shift > 30) {
      throw new DataError(
        `Compressed run lengths: character ${place} is ${shown(text[place])}, expected codes ${FIRST_CODE} to ` +
          `${FIRST_CODE + 2 * MORE - 1} and at most seven to a number; make them with the COCO API`,
      );
    }
    value |= (group & (MORE - 1)) << shift;
    shift += BITS;
    if (group & MORE) continue;
    if (group & SIGN && shift < 32) value |= -1 << shift;
    counts.push(counts.length > 2 ? value + counts[counts.length - 2]! : value);
    [value, shift] = [0, 0];
  }
  if (shift > 0) {
    throw new DataError("Compressed run lengths: the text ends within a number; make them with the COCO API");
  }
  return counts;
}

/**
 * The mask of run lengths, 1 on the object, [height, width], row-major.
 *
 * @throws DataError where the size is not that of the image, or the lengths are no whole numbers of its pixels
 */
export function runLengthMask({ size, counts }: RunLengths, height: number, width: number): Uint8Array {
  if (size[0] !== height || size[1] !== width) {
    throw new DataError(
      `Run lengths: size is ${size.join(" x ")}, expected that of the image, ${height} x ${width} (height x width)`,
    );
  }
  const lengths = typeof counts === "string" ? decompressCounts(counts) : counts;
  const wrong = lengths.findIndex((length) => !Number.isSafeInteger(length) || length < 0);
  if (wrong >= 0) {
    throw new DataError(`Run lengths: count ${wrong} is ${lengths[wrong]}, expected whole numbers from 0 on`);
  }
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total !== height * width) {
    throw new DataError(`Run lengths: counts sum to ${total}, expected the ${height * width} pixels of the image`);
  }
  const mask = new Uint8Array(height * width);
  let place = 0;
  lengths.forEach((length, run) => {
    for (const end = place + length; place < end; place++) {
      if (run % 2 === 1) mask[(place % height) * width + Math.floor(place / height)] = 1;
    }
  });
  return mask;
}
