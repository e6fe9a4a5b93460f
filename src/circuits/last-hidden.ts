import type { Network, Population } from "./network.ts";

/**
 * The population that the readout decides from: the last one, in the order of activity, that projects to the readout. Where
 * several do, it is the one behind the most stages; undefined where only the input projects there.
 */
export function lastHiddenPopulation({
  populations,
  readout,
}: Pick<Network, "populations" | "readout">): Population | undefined {
  return populations.findLast(({ outgoing }) => outgoing.some(({ post }) => post === readout.name));
}
