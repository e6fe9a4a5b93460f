import { withFrozen } from "../circuits/manipulations/freeze.ts";
import { manipulate } from "../circuits/manipulations/manipulate.ts";
import { buildNetwork, type Network } from "../circuits/network.ts";
import type { Library } from "../kinds/library.ts";
import type { RunDescription } from "./run-description.ts";

/**
 * The network of a run, under what the run does to it.
 *
 * @throws UsageError, DescriptionError as `buildNetwork` and `manipulate` do
 */
export function networkOf(
  { circuit, manipulations = [] }: Pick<RunDescription, "circuit" | "manipulations">,
  library: Library,
): Network {
  const intact = buildNetwork(circuit, library);
  const freezes = manipulations.flatMap((each) => (each.kind === "freeze" ? [each] : []));
  const network = freezes.length === 0 ? intact : buildNetwork(withFrozen(intact, freezes), library);
  return manipulate(
    network,
    manipulations.flatMap((each) => (each.kind === "freeze" ? [] : [each])),
  );
}
