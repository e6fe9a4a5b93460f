import { DescriptionError } from "../kinds/errors.ts";
import { partOf } from "../kinds/kind.ts";
import type { Library } from "../kinds/library.ts";
import type { Gain } from "../neurons/neuron.ts";
import type { CircuitDescription, PopulationDescription } from "./description.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { isLearning, type Projection } from "./projection.ts";

/** A population of a built network. */
export interface Population extends Layout {
  readonly name: string;
  readonly gain: Gain;
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
 * @throws UsageError for a gain function that is not known; DescriptionError for one that does not fit, or gates where it has none
 */
export function buildPopulation(
  circuit: CircuitDescription,
  population: PopulationDescription,
  projections: readonly Projection[],
  library: Library,
): Population {
  const { name, bias, frozen = false, gates, leak, noise, inhibitionOfReturn } = population;
  const owner = `circuit "${circuit.name}", population "${name}"`;
  const layout = layoutOf(population);
  const periodOf = (sharing: string) => (sharing === "unit" ? layout.units : layout.map.channels);
  const periods = { bias: periodOf(bias), gates: periodOf(gates) };
  const { units, dimension, map } = layout;
  const context = { units, dimension, channels: map.channels, period: periods.gates };
  const gain = library.build("neuron", population.gain, context, `${owner}: `);
  const constants = Object.keys(gain.constants ?? {});
  if (gates === "unit" && constants.length === 0)
    throw new DescriptionError(
      `${owner}: gates is "unit", and gain function "${partOf(population.gain).kind}" has no gating vectors; leave gates out, or use gain "gated"`,
    );
  if (frozen && bias === "none")
    throw new DescriptionError(
      `${owner}: it is frozen, and with bias "none" there are no biases to freeze; leave frozen out, or give it a bias`,
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
