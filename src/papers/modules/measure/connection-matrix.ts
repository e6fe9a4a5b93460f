import { isWeighted, type Network } from "../../../circuits/network.ts";
import type { ConnectionMatrix } from "../connection-record.ts";

/**
 * Which units of some populations are connected, by whatever weighted projection.
 *
 * @param names populations, in the order of rows and columns
 * @param maskOf [post, pre] connections of a projection that has a mask, by the mask's name; 0 where there is none
 */
export function connectionMatrix(
  network: Pick<Network, "populations" | "projections">,
  names: readonly string[],
  maskOf: (name: string) => ArrayLike<number>,
): ConnectionMatrix {
  const populations = names.map((name) => ({
    name,
    units: network.populations.find((population) => population.name === name)!.units,
  }));
  const starts = populations.map((_, index) => populations.slice(0, index).reduce((sum, { units }) => sum + units, 0));
  const units = populations.reduce((sum, population) => sum + population.units, 0);
  const connected = new Uint8Array(units * units);
  for (const { pre, post, maskName, weights } of network.projections.filter(isWeighted)) {
    const [to, from] = [names.indexOf(post), names.indexOf(pre)];
    if (to < 0 || from < 0) continue;
    const mask = maskName === undefined ? undefined : maskOf(maskName);
    for (let i = 0; i < weights.post; i++)
      for (let j = 0; j < weights.pre; j++)
        if (mask?.[i * weights.pre + j] !== 0) connected[(starts[to]! + i) * units + starts[from]! + j] = 1;
  }
  return { populations, connected };
}
