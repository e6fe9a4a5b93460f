import { shortest } from "../kinds/kind.ts";
import type { Library } from "../kinds/library.ts";
import {
  type CircuitDescription,
  type PopulationDescription,
  type ProjectionDescription,
  projectionName,
} from "./description.ts";

/**
 * The same circuit with every default written out: settings of all kinds that it names, and the strength of modulatory effects.
 *
 * @param within what messages begin with, such as "config.yaml, "
 * @throws UsageError for a kind that is not known, DescriptionError for a setting that it does not take
 */
export function resolveCircuit(description: CircuitDescription, library: Library, within = ""): CircuitDescription {
  const owner = `${within}circuit "${description.name}"`;
  const resolvePopulation = (population: PopulationDescription): PopulationDescription => {
    const gain = library.resolve("neuron", population.gain, `${owner}, population "${population.name}": `);
    return { ...unlessPlastic(population), gain: shortest(gain) };
  };
  const resolveProjection = (projection: ProjectionDescription): ProjectionDescription => {
    const { topology, sign, initial, effect, strength = 1 } = projection;
    const place = `${owner}, projection "${projectionName(projection)}": `;
    return {
      ...unlessPlastic(projection),
      topology: library.resolve("topology", topology, place),
      sign: shortest(library.resolve("constraint", sign, place)),
      initial: library.resolve("initialiser", initial, place),
      ...(effect === "modulatory" ? { strength } : {}),
    };
  };
  return {
    ...description,
    populations: description.populations.map(resolvePopulation),
    projections: description.projections.map(resolveProjection),
  };
}

/** The same part without `frozen` where it is not frozen: what learns has never said so. */
function unlessPlastic<Part extends { readonly frozen?: boolean | undefined }>(part: Part): Part {
  if (part.frozen) return part;
  const { frozen: _, ...rest } = part;
  return rest as Part;
}
