import { isWeighted, type Network } from "../../circuits/network.ts";
import type { Quantity } from "../../training/recording/probe.ts";
import type { RecordingOptions } from "../../training/recording/recording-stream.ts";

type Probes = RecordingOptions["probes"];

/** What to record, in few words: each quantity of each part that has it. */
export interface Asked {
  /** Parts by name; absent: all that have one of the quantities, but inputs. */
  readonly of?: readonly string[] | undefined;
  /** Default: rates. */
  readonly what?: readonly Quantity[] | undefined;
  readonly steps?: Probes[number]["steps"] | undefined;
  readonly every?: number | undefined;
}

/** Probes as they were given, or those that are asked for; default: the rates of all populations. */
export function probesOf(network: Network, given: Probes | Asked = {}): Probes {
  if (Array.isArray(given)) return given as Probes;
  const { of, what = ["rates"], steps, every } = given as Asked;
  const { populations, projections } = network;
  const parts = of ?? [...populations, ...projections].map(({ name }) => name);
  const pairs = parts.flatMap((part) =>
    what.filter((each) => has(network, part, each)).map((each) => [part, each] as const),
  );
  // What no part has, and a part that has nothing of it, stay in, so that they are refused by name.
  const missing = [
    ...(of ?? []).filter((part) => !pairs.some(([name]) => name === part)).map((part) => [part, what[0]!] as const),
    ...what.filter((each) => !pairs.some(([, found]) => found === each)).map((each) => [parts[0]!, each] as const),
  ];
  const when = { ...(steps === undefined ? {} : { steps }), ...(every === undefined ? {} : { every }) };
  return [...missing, ...pairs].map(([name, quantity]) => ({
    of: name,
    what: quantity,
    ...(quantity === "weights" || quantity === "biases" ? {} : when),
  }));
}

/** Whether a part has something to record of that kind. */
function has({ populations, inputs, projections }: Network, part: string, what: Quantity): boolean {
  if (what === "weights") return projections.some((projection) => projection.name === part && isWeighted(projection));
  if (what === "rates" && inputs.some(({ name }) => name === part)) return true;
  const population = populations.find(({ name }) => name === part);
  return population !== undefined && (what !== "biases" || population.bias !== undefined);
}
