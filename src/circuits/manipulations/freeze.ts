import { DescriptionError, didYouMean } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import type { CircuitDescription } from "../description.ts";
import { isWeighted, type Network } from "../network.ts";
import type { Freeze } from "./description.ts";

/**
 * The description of a network in which some parts are frozen besides those that are.
 *
 * @throws DescriptionError naming the circuit and the part: one that does not exist, or in which nothing learns
 */
export function withFrozen(
  { description, projections, populations }: Network,
  freezes: readonly Freeze[],
): CircuitDescription {
  const learning = projections.filter(isWeighted);
  const weights = new Set<string>();
  const biases = new Set<string>();
  for (const { of } of freezes) {
    const owner = `circuit "${description.name}", freeze of ${shown(of)}`;
    const population = populations.find(({ name }) => name === of);
    if (!population && !projections.some(({ name }) => name === of)) {
      const known = [...projections, ...populations].map(({ name }) => name);
      throw new DescriptionError(
        `${owner}: there is no projection or population of that name${didYouMean(of, known)}; there are ${known.join(", ")}`,
      );
    }
    const found = learning.filter(({ name, post }) => name === of || post === of).map(({ name }) => name);
    if (found.length === 0 && population?.bias === undefined)
      throw new DescriptionError(
        `${owner}: it has neither weights nor biases, so that nothing of it learns; leave it out`,
      );
    for (const name of found) weights.add(name);
    if (population?.bias !== undefined) biases.add(of);
  }
  return {
    ...description,
    populations: description.populations.map((each) => (biases.has(each.name) ? { ...each, frozen: true } : each)),
    projections: description.projections.map((each, index) =>
      weights.has(projections[index]!.name) ? { ...each, frozen: true } : each,
    ),
  };
}
