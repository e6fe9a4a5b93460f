import type * as pooling from "../../src/compute/kernels/pooling.ts";
import type { PoolingAttributes } from "../../src/compute/kernels/pooling.ts";
import { unitsOfMap } from "../../src/compute/kernels/window.ts";
import { at, axis, type NumberArray, type OraclesOf, tabulate } from "./kernels-oracle.ts";
import { sitesOf } from "./kernels-window.ts";

/** Units of each pooled unit, in the order row, column. */
function pooledFrom({ map, ...window }: PoolingAttributes): number[][] {
  const sites = sitesOf(map, window);
  const units = (position: number, channel: number) =>
    Array.from({ length: sites.patch }, (_, place) => place)
      .filter((place) => place % map.channels === channel)
      .map((place) => sites.unit(position, place)!);
  return Array.from({ length: sites.positions * map.channels }, (_, pooled) => {
    const channel = pooled % map.channels;
    return units((pooled - channel) / map.channels, channel);
  });
}

const pool = (rates: NumberArray, attributes: PoolingAttributes, combine: (values: number[]) => number) => {
  const sources = pooledFrom(attributes);
  return {
    pooled: tabulate([axis(rates, 0), sources.length], (n, pooled) =>
      combine(sources[pooled!]!.map((unit) => at(rates, n!, unit))),
    ),
  };
};

/** Every pooled unit's error, handed to its units by their shares. */
const unpool = (
  error: NumberArray,
  attributes: PoolingAttributes,
  shares: (sample: number, units: readonly number[]) => readonly number[],
) => {
  const units = unitsOfMap(attributes.map);
  const result = new Float64Array(axis(error, 0) * units);
  for (let n = 0; n < axis(error, 0); n++)
    for (const [pooled, sources] of pooledFrom(attributes).entries())
      for (const [index, share] of shares(n, sources).entries())
        if (share > 0) result[n * units + sources[index]!]! += share * at(error, n, pooled);
  return { result };
};

/** Means and maxima over windows, and their transposes. */
export const poolingOracles: OraclesOf<typeof pooling> = {
  averagePool: ({ rates }, attributes) =>
    pool(rates, attributes, (values) => values.reduce((a, b) => a + b, 0) / values.length),
  averagePoolTransport: ({ error }, attributes) =>
    unpool(error, attributes, (_n, units) => units.map(() => 1 / units.length)),
  maxPool: ({ rates }, attributes) => pool(rates, attributes, (values) => Math.max(...values)),
  maxPoolTransport: ({ error, rates }, attributes) =>
    unpool(error, attributes, (n, units) => {
      const values = units.map((unit) => at(rates, n, unit));
      const winner = values.indexOf(Math.max(...values));
      return units.map((_, index) => (index === winner ? 1 : 0));
    }),
};
