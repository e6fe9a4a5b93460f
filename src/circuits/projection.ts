import { DescriptionError, lookUp } from "../kinds/errors.ts";
import {
  type CircuitDescription,
  type InputDescription,
  type PopulationDescription,
  type ProjectionDescription,
  projectionName,
  type SignConstraint,
  type Transmission,
} from "./description.ts";
import { initialisers } from "./initialisers.ts";
import { layoutOf } from "./layout.ts";
import { topologies } from "./topologies/registry.ts";
import type { WiredProjection } from "./topologies/topology.ts";

/** A projection of a built network. */
export interface Projection extends WiredProjection {
  /** A name of its own, or "pre->post". */
  readonly name: string;
  readonly pre: string;
  readonly post: string;
  readonly sign: SignConstraint;
  /** Its initialiser by name. */
  readonly initial: string;
  /** Whether its weights stay as they are. */
  readonly frozen: boolean;
  /** The presynaptic unit from which on units are inhibitory, where the sign constraint is Dale's law. */
  readonly inhibitoryFrom?: number;
  /** Name of the resident that holds its weights; absent where it has none (pooling). */
  readonly weight?: string;
  /** Name of the resident that says which of its connections exist; absent where all do. */
  readonly maskName?: string;
  /** Time steps that a signal takes, 0 or 1. */
  readonly delay: number;
  /** The first time step at which signals arrive. */
  readonly from: number;
  readonly transmission: Transmission;
  /** Of a modulatory projection: rate <- rate (1 - strength signal); absent where it drives. */
  readonly strength?: number;
}

/** A projection that has weights, and so can learn. */
export interface WeightedProjection extends Projection {
  readonly weight: string;
  readonly weights: NonNullable<Projection["weights"]>;
  update: NonNullable<Projection["update"]>;
}

export function isWeighted(projection: Projection): projection is WeightedProjection {
  return projection.weight !== undefined;
}

/** Whether a projection has weights that learn. */
export function isLearning(projection: Projection): projection is WeightedProjection {
  return isWeighted(projection) && !projection.frozen;
}

/**
 * Wires a described projection.
 *
 * @throws DescriptionError for a topology, initialiser, sign or effect that is unknown or does not fit the two populations
 */
export function wireProjection(circuit: CircuitDescription, projection: ProjectionDescription): Projection {
  const { pre, post, sign, initial, frozen = false, delay, from, transmission, effect } = projection;
  const name = projectionName(projection);
  const owner = `circuit "${circuit.name}", projection "${name}"`;
  const populationOf = (wanted: string) =>
    [...circuit.inputs, ...circuit.populations].find((candidate) => candidate.name === wanted)!;
  const { kind, ...settings } = projection.topology;
  const topology = lookUp(`${owner}: topology`, kind, topologies);
  lookUp(`${owner}: initialiser`, initial.kind, initialisers);
  const source = populationOf(pre);
  const layout = { pre: layoutOf(source), post: layoutOf(populationOf(post)) };
  // A modulatory signal has one value for each unit, whatever the dimension of the unit's rate.
  if (effect === "modulatory" && layout.pre.dimension === 1) layout.post = { ...layout.post, dimension: 1 };
  const wired = topology.connect(layout, settings);
  if (typeof wired === "string") throw new DescriptionError(`${owner}: topology "${kind}": ${wired}`);
  if (!wired.weights && (sign !== "mixed" || initial.kind !== "he"))
    throw new DescriptionError(
      `${owner}: topology "${kind}" has no weights, so it takes neither sign "${sign}" nor initial "${initial.kind}"; leave them out`,
    );
  if (!wired.weights && frozen)
    throw new DescriptionError(
      `${owner}: topology "${kind}" has no weights, so there is nothing of it to be frozen; leave frozen out`,
    );
  if (effect === "driving" && projection.strength !== undefined)
    throw new DescriptionError(
      `${owner}: strength is ${projection.strength}, and only a modulatory effect has one; leave it out, or say effect "modulatory"`,
    );
  if (from >= circuit.steps)
    throw new DescriptionError(
      `${owner}: signals arrive from time step ${from} on, and the circuit has steps 0 to ${circuit.steps - 1}; give fewer, or more steps`,
    );
  if (delay === 1 && circuit.steps === 1)
    throw new DescriptionError(
      `${owner}: a delay of 1 needs at least 2 time steps, the circuit has 1; give it more steps`,
    );
  const dale = sign === "dale";
  if (dale && wired.weights?.pre !== layout.pre.units)
    throw new DescriptionError(
      `${owner}: Dale's law needs a weight for each presynaptic unit, which topology "${kind}" does not have; use a dense or sparse topology`,
    );
  const inhibitory = dale ? inhibitoryUnits(owner, source) : 0;
  return {
    ...wired,
    name,
    pre,
    post,
    sign,
    initial: initial.kind,
    frozen,
    delay,
    from,
    transmission,
    ...(dale ? { inhibitoryFrom: layout.pre.units - inhibitory } : {}),
    ...(wired.weights ? { weight: `${name}/weight` } : {}),
    ...(wired.mask ? { maskName: `${name}/mask` } : {}),
    ...(effect === "modulatory" ? { strength: projection.strength ?? 1 } : {}),
  };
}

/**
 * How many units of a projection's source are inhibitory under Dale's law.
 *
 * @throws DescriptionError where all are of one sign, which a sign of the whole projection says plainly
 */
function inhibitoryUnits(owner: string, source: InputDescription | PopulationDescription): number {
  if (!("inhibitoryFraction" in source))
    throw new DescriptionError(
      `${owner}: sign "dale" is of populations with excitatory and inhibitory units, and "${source.name}" is an input, which has no such units; use sign "excitatory", "inhibitory" or "mixed"`,
    );
  const { name, inhibitoryFraction } = source;
  const { units } = layoutOf(source);
  const inhibitory = Math.round(inhibitoryFraction * units);
  if (inhibitory > 0 && inhibitory < units) return inhibitory;
  const alike = inhibitory === 0 ? "excitatory" : "inhibitory";
  throw new DescriptionError(
    `${owner}: sign "dale" needs excitatory and inhibitory units, and inhibitoryFraction ${inhibitoryFraction} makes ${inhibitory} of the ${units} units of population "${name}" inhibitory; give the population an inhibitoryFraction above 0 and below 1, such as 0.2, or use sign "${alike}"`,
  );
}
