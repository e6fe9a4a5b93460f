import fc from "fast-check";
import { expect, test } from "vitest";
import { imageStatistics } from "../../../src/tasks/images/image-statistics.ts";
import { counts, numberedImages } from "./images.ts";

test("agrees with the definitions, channel by channel", () => {
  fc.assert(
    fc.property(counts, fc.constantFrom(1, 3), (count, channels) => {
      const images = numberedImages(count, { channels });
      const { perClass, mean, standardDeviation, ...rest } = imageStatistics(images);
      expect(rest).toEqual({ count });
      expect(perClass).toEqual(
        Array.from({ length: 10 }, (_, label) => [...images.labels].filter((each) => each === label).length),
      );
      for (let channel = 0; channel < channels; channel++) {
        const levels = [...images.pixels]
          .filter((_, place) => place % channels === channel)
          .map((level) => level / 255);
        const average = levels.reduce((sum, level) => sum + level, 0) / levels.length;
        const variance = levels.reduce((sum, level) => sum + (level - average) ** 2, 0) / levels.length;
        expect(mean[channel]).toBeCloseTo(average, 12);
        expect(standardDeviation[channel]).toBeCloseTo(Math.sqrt(variance), 9);
      }
    }),
  );
});
