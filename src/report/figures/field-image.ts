import { encode } from "fast-png";
import { divergingColour } from "./diverging-colours.ts";

/**
 * A receptive field as a PNG in a data URL, one pixel a weight: some hundred bytes where a rectangle per weight would
 * need as many kilobytes.
 */
export function fieldImage(field: Float32Array, height: number, width: number, limit: number): string {
  const data = new Uint8Array(height * width * 3);
  field.forEach((weight, index) => {
    data.set(divergingColour(weight, limit), 3 * index);
  });
  const png = encode({ width, height, data, channels: 3, depth: 8 });
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}
