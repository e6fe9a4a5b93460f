import { encode } from "fast-png";
import { divergingColour } from "./diverging-colours.ts";

/**
 * A receptive field of [height, width] weights as a PNG in a data URL, one pixel a weight: some hundred bytes where a rectangle
 * for each weight would need as many kilobytes.
 */
export function fieldImage(field: Float32Array, height: number, width: number, limit: number): string {
  const data = new Uint8Array(height * width * 3);
  field.forEach((weight, index) => {
    data.set(divergingColour(weight, limit), 3 * index);
  });
  return rgbImage(data, height, width);
}

/** Half of the range of a colour channel: the grey of weight 0. */
const GREY = 128;
const REACH = 127;

/**
 * A receptive field of [height, width, 3] weights as an image in colour: each channel is grey at 0 and reaches its ends at
 * plus and minus the largest size in this field. A weight that is not a number leaves its channel grey.
 */
export function colourFieldImage(field: Float32Array, height: number, width: number): string {
  const finite = field.filter((weight) => Number.isFinite(weight));
  const limit = finite.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0) || 1;
  const channel = (weight: number) => GREY + REACH * Math.min(1, Math.max(-1, weight / limit));
  const data = Uint8Array.from(field, (weight) => Math.round(Number.isNaN(weight) ? GREY : channel(weight)));
  return rgbImage(data, height, width);
}

/** [height, width, 3] channels from 0 to 255 as a PNG in a data URL. */
export function rgbImage(data: Uint8Array, height: number, width: number): string {
  const png = encode({ width, height, data, channels: 3, depth: 8 });
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}
