import type { Network, Population } from "./network.ts";

/**
 * The populations that a circuit decides with: the readouts, and all from which driving projections without delay lead to
 * one of them, so that what they do is heard there within the time step. In the order of activity. All others modulate, feed
 * back, or take a step to be heard.
 */
export function forwardPathway({ populations, readouts }: Pick<Network, "populations" | "readouts">): Population[] {
  const leading = new Set(readouts.map(({ name }) => name));
  for (const { name, outgoing } of [...populations].reverse())
    if (outgoing.some(({ post, delay, strength }) => delay === 0 && strength === undefined && leading.has(post)))
      leading.add(name);
  return populations.filter(({ name }) => leading.has(name));
}
