import { DescriptionError, lookUp } from "../kinds/errors.ts";
import {
  type CircuitDescription,
  type PopulationDescription,
  type ProjectionDescription,
  projectionName,
} from "./description.ts";
import { topologies } from "./topologies/registry.ts";

/**
 * The same circuit with every default written out: settings of topologies, and the strength of modulatory effects.
 *
 * @param within what messages begin with, such as "config.yaml, "
 * @throws UsageError for an unknown topology, DescriptionError for a setting that it does not take
 */
export function resolveCircuit(description: CircuitDescription, within = ""): CircuitDescription {
  const resolve = (projection: ProjectionDescription): ProjectionDescription => {
    const { effect, strength = 1 } = projection;
    const { kind, ...settings } = projection.topology;
    const owner = `${within}circuit "${description.name}", projection "${projectionName(projection)}"`;
    const resolved = lookUp(`${owner}: topology`, kind, topologies).resolve(settings);
    if ("fault" in resolved) throw new DescriptionError(`${owner}: topology "${kind}": ${resolved.fault}`);
    return {
      ...unlessPlastic(projection),
      topology: { kind, ...resolved.value },
      ...(effect === "modulatory" ? { strength } : {}),
    };
  };
  return {
    ...description,
    populations: description.populations.map((population) => unlessPlastic<PopulationDescription>(population)),
    projections: description.projections.map(resolve),
  };
}

/** The same part without `frozen` where it is not frozen: what learns has never said so. */
function unlessPlastic<Part extends { readonly frozen?: boolean | undefined }>(part: Part): Part {
  if (part.frozen) return part;
  const { frozen: _, ...rest } = part;
  return rest as Part;
}
