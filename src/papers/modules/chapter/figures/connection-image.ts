import type { Rgb } from "../../../../report/figures/diverging-colours.ts";
import { rgbImage } from "../../../../report/figures/field-image.ts";
import type { ConnectionMatrix } from "../../connection-record.ts";

/** Pixels along a side, at most; of larger matrices several units share one. */
const MOST_PIXELS = 400;

/** Colours of connections within and between populations. */
export const WITHIN = "#9DB4C8";
export const BETWEEN = "#D55E00";

/**
 * The connections as a PNG in a data URL, a pixel a pair of units, white where there is none. Where several pairs share a
 * pixel, it is as strongly coloured as the share of them that are connected.
 */
export function connectionImage({ populations, connected }: ConnectionMatrix): string {
  const owner = populations.flatMap(({ units }, index) => Array.from({ length: units }, () => index));
  const units = owner.length;
  const together = Math.max(1, Math.ceil(units / MOST_PIXELS));
  const side = Math.ceil(units / together);
  const [within, between] = [rgbOf(WITHIN), rgbOf(BETWEEN)];
  const data = new Uint8Array(side * side * 3);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      let pairs = 0;
      const sum = [0, 0, 0];
      for (let post = row * together; post < Math.min(units, (row + 1) * together); post++)
        for (let pre = column * together; pre < Math.min(units, (column + 1) * together); pre++) {
          const colour = owner[post] === owner[pre] ? within : between;
          const exists = connected[post * units + pre] !== 0;
          for (const channel of [0, 1, 2]) sum[channel]! += exists ? colour[channel]! : 255;
          pairs++;
        }
      data.set(
        sum.map((value) => Math.round(value / pairs)),
        3 * (row * side + column),
      );
    }
  return rgbImage(data, side, side);
}

function rgbOf(hex: string): Rgb {
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}
