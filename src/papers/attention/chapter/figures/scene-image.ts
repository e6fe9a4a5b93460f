import { rgbImage } from "../../../../report/figures/field-image.ts";

/** Rows, columns and channels of an image; 1 channel is grey, 3 are red, green and blue. */
interface ImageShape {
  height: number;
  width: number;
  channels: number;
}

/**
 * [height, width, channels] values as a PNG in a data URL, one pixel a value: `dark` and what is beyond it black, `bright`
 * white, what is not a number black.
 */
export function sceneImage(
  values: readonly number[],
  { height, width, channels }: ImageShape,
  { dark, bright }: { dark: number; bright: number },
): string {
  const level = (value: number) => {
    const share = (value - dark) / (bright - dark);
    return Number.isNaN(share) ? 0 : Math.round(255 * Math.min(1, Math.max(0, share)));
  };
  const data = new Uint8Array(height * width * 3);
  for (let pixel = 0; pixel < height * width; pixel++)
    for (let colour = 0; colour < 3; colour++)
      data[3 * pixel + colour] = level(values[pixel * channels + (channels === 1 ? 0 : colour)] as number);
  return rgbImage(data, height, width);
}
