import { DescriptionError, lookUp } from "../kinds/errors.ts";
import type { CircuitDescription, ProjectionDescription } from "./description.ts";
import { topologies } from "./topologies/registry.ts";

/**
 * The same circuit with every default written out: settings of topologies, and the strength of modulatory effects.
 *
 * @param within what messages begin with, such as "config.yaml, "
 * @throws UsageError for an unknown topology, DescriptionError for a setting that it does not take
 */
export function resolveCircuit(description: CircuitDescription, within = ""): CircuitDescription {
  const resolve = (projection: ProjectionDescription): ProjectionDescription => {
    const { pre, post, effect, strength = 1 } = projection;
    const { kind, ...settings } = projection.topology;
    const owner = `${within}circuit "${description.name}", projection "${pre}->${post}"`;
    const resolved = lookUp(`${owner}: topology`, kind, topologies).resolve(settings);
    if ("fault" in resolved) throw new DescriptionError(`${owner}: topology "${kind}": ${resolved.fault}`);
    return {
      ...projection,
      topology: { kind, ...resolved.value },
      ...(effect === "modulatory" ? { strength } : {}),
    };
  };
  return { ...description, projections: description.projections.map(resolve) };
}
