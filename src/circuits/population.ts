import { DescriptionError, lookUp } from "../kinds/errors.ts";
import { type Gain, gainFunctions } from "../neurons/gain.ts";
import type { CircuitDescription, PopulationDescription } from "./description.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { isLearning, type Projection } from "./projection.ts";

/** A population of a built network. */
export interface Population extends Layout {
  readonly name: string;
  readonly gain: string;
  /** Name of the resident that holds its biases [dimension, channels or units]; absent where it has none. */
  readonly bias?: string;
  /** Whether its biases stay as they are. */
  readonly frozen: boolean;
  /** Units after which bias and gating vectors repeat: one a channel, shared by all positions, or one a unit. */
  readonly periods: { readonly bias: number; readonly gates: number };
  /** Residents of the gain function's constants, by the constant's name. */
  readonly constants: Readonly<Record<string, string>>;
  /** Share of the new rate at every time step. */
  readonly leak: number;
  /** Standard deviation of the noise on its drive. */
  readonly noise: number;
  /** Rate below which a unit counts as attended; absent where it knows no inhibition of return. */
  readonly returnThreshold?: number;
  readonly incoming: readonly Projection[];
  readonly outgoing: readonly Projection[];
}

/**
 * Whether anything of it is plastic: its biases, or weights that lead to it. Gates and pools, for example, only pass rates on, and
 * what is frozen does not learn.
 */
export const isPlastic = ({ bias, frozen, incoming }: Population): boolean =>
  (bias !== undefined && !frozen) || incoming.some(isLearning);

/**
 * Builds a described population.
 *
 * @param projections all of the circuit
 * @throws DescriptionError for a gain function that is unknown or does not fit, or gates where it has none
 */
export function buildPopulation(
  circuit: CircuitDescription,
  population: PopulationDescription,
  projections: readonly Projection[],
): Population {
  const { name, bias, frozen = false, gates, gain, leak, noise, inhibitionOfReturn } = population;
  const layout = layoutOf(population);
  const periodOf = (sharing: string) => (sharing === "unit" ? layout.units : layout.map.channels);
  const periods = { bias: periodOf(bias), gates: periodOf(gates) };
  const constants = Object.keys(gainOf(circuit, population, layout).constants(periods.gates, layout.dimension));
  if (gates === "unit" && constants.length === 0)
    throw new DescriptionError(
      `circuit "${circuit.name}", population "${name}": gates is "unit", and gain function "${gain}" has no gating vectors; leave gates out, or use gain "gated"`,
    );
  if (frozen && bias === "none")
    throw new DescriptionError(
      `circuit "${circuit.name}", population "${name}": it is frozen, and with bias "none" there are no biases to freeze; leave frozen out, or give it a bias`,
    );
  return {
    ...layout,
    name,
    gain,
    frozen,
    leak,
    noise,
    periods,
    ...(bias === "none" ? {} : { bias: `${name}/bias` }),
    ...(inhibitionOfReturn ? { returnThreshold: inhibitionOfReturn.threshold } : {}),
    constants: Object.fromEntries(constants.map((constant) => [constant, `${name}/${constant}`])),
    incoming: projections.filter(({ post }) => post === name),
    outgoing: projections.filter(({ pre }) => pre === name),
  };
}

function gainOf(circuit: CircuitDescription, population: PopulationDescription, layout: Layout): Gain {
  const owner = `circuit "${circuit.name}", population "${population.name}"`;
  const gain = lookUp(`${owner}: gain function`, population.gain, gainFunctions);
  const refusal = gain.refuse?.(layout.units, layout.dimension);
  if (refusal) throw new DescriptionError(`${owner}: gain function "${population.gain}" does not fit: ${refusal}`);
  return gain;
}
