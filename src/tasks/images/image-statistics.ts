import type { LabelledImages } from "./images.ts";

/** What a set of images is like as a whole. */
export interface ImageStatistics {
  readonly count: number;
  /** Images of each class, by its label. */
  readonly perClass: readonly number[];
  /** Mean level of the pixels of each channel, from 0 (black) to 1 (full). */
  readonly mean: readonly number[];
  /** Standard deviation of the pixels of each channel about their mean, over all pixels of all images, in the same unit. */
  readonly standardDeviation: readonly number[];
}

/** Counts the images of each class and the levels of each channel. Exact: levels are bytes, so their sums are integers. */
export function imageStatistics({ pixels, labels, count, channels, classes }: LabelledImages): ImageStatistics {
  const perClass = new Array<number>(classes).fill(0);
  for (const label of labels) perClass[label]! += 1;
  const sums = new Array<number>(channels).fill(0);
  const squares = new Array<number>(channels).fill(0);
  for (let place = 0; place < pixels.length; place += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const level = pixels[place + channel]!;
      sums[channel]! += level;
      squares[channel]! += level * level;
    }
  }
  const values = pixels.length / channels;
  const variance = (channel: number) => (squares[channel]! - sums[channel]! ** 2 / values) / values;
  return {
    count,
    perClass,
    mean: sums.map((sum) => sum / values / 255),
    standardDeviation: sums.map((_, channel) => Math.sqrt(Math.max(0, variance(channel))) / 255),
  };
}
