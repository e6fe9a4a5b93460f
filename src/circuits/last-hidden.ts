import type { Network, Population } from "./network.ts";

/**
 * The population that the readout decides from: the last one, in the order of activity, that projects to a readout. Where
 * several do, it is the one behind the most stages; undefined where only the input projects there.
 */
export function lastHiddenPopulation({
  populations,
  readouts,
}: Pick<Network, "populations" | "readouts">): Population | undefined {
  const isReadout = (name: string) => readouts.some((readout) => readout.name === name);
  return populations.findLast(({ name, outgoing }) => !isReadout(name) && outgoing.some(({ post }) => isReadout(post)));
}
