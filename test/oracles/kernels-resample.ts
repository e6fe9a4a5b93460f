import type * as upsample from "../../src/compute/kernels/upsample.ts";
import type { UpsampleAttributes } from "../../src/compute/kernels/upsample.ts";
import type { MapSize } from "../../src/compute/kernels/window.ts";
import { at, axis, type NumberArray, type OraclesOf } from "./kernels-oracle.ts";

/** How much a site of the larger side takes from each site of the smaller one. */
type Shares = (size: number, outSize: number, outSite: number) => readonly (readonly [site: number, share: number])[];

const nearest: Shares = (size, outSize, outSite) => {
  let site = 0;
  while ((site + 1) * outSize <= outSite * size) site++;
  return [[site, 1]];
};

const cubic: Shares = (size, outSize, outSite) => {
  const place = ((outSite + 0.5) * size) / outSize - 0.5;
  const a = -0.75;
  const shares: [number, number][] = [];
  for (let site = -3; site < size + 3; site++) {
    const d = Math.abs(place - site);
    if (d >= 2) continue;
    const share = d <= 1 ? (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1 : a * (d ** 3 - 5 * d ** 2 + 8 * d - 4);
    shares.push([Math.min(Math.max(site, 0), size - 1), share]);
  }
  return shares;
};

/** Sends rates (or, transposed, errors of the larger map) through the shares of rows and columns. */
function resample(values: NumberArray, map: MapSize, out: MapSize, shares: Shares, transposed: boolean) {
  const { channels } = map;
  const sizes = [map.height * map.width * channels, out.height * out.width * channels] as const;
  const result = new Float64Array(axis(values, 0) * sizes[transposed ? 0 : 1]);
  for (let n = 0; n < axis(values, 0); n++)
    for (let outRow = 0; outRow < out.height; outRow++)
      for (const [row, rowShare] of shares(map.height, out.height, outRow))
        for (let outColumn = 0; outColumn < out.width; outColumn++)
          for (const [column, columnShare] of shares(map.width, out.width, outColumn))
            for (let channel = 0; channel < channels; channel++) {
              const small = (row * map.width + column) * channels + channel;
              const large = (outRow * out.width + outColumn) * channels + channel;
              const [from, to] = transposed ? [large, small] : [small, large];
              result[n * sizes[transposed ? 0 : 1] + to]! += rowShare * columnShare * at(values, n, from);
            }
  return { result };
}

const larger = ({ map, height, width }: UpsampleAttributes): MapSize => ({ ...map, height, width });

/** Larger maps from smaller ones, and their transposes. */
export const resampleOracles: OraclesOf<typeof upsample> = {
  upsampleNearest: ({ rates }, sizes) => resample(rates, sizes.map, larger(sizes), nearest, false),
  upsampleNearestTransport: ({ error }, sizes) => resample(error, sizes.map, larger(sizes), nearest, true),
  upsampleBicubic: ({ rates }, sizes) => resample(rates, sizes.map, larger(sizes), cubic, false),
  upsampleBicubicTransport: ({ error }, sizes) => resample(error, sizes.map, larger(sizes), cubic, true),
};
