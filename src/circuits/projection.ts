import type { RandomStream } from "../compute/random.ts";
import { DescriptionError } from "../kinds/errors.ts";
import { partOf } from "../kinds/kind.ts";
import type { Library } from "../kinds/library.ts";
import type { WeightConstraint } from "./constraints/constraint.ts";
import { signFault } from "./constraints/sign-fault.ts";
import {
  type CircuitDescription,
  type ProjectionDescription,
  projectionName,
  type Transmission,
} from "./description.ts";
import { drawFault } from "./initialisers/draw-fault.ts";
import type { Initialiser } from "./initialisers/initialiser.ts";
import { layoutOf } from "./layout.ts";
import type { WeightLayout, WiredProjection } from "./topologies/topology.ts";

/** A projection of a built network. */
export interface Projection extends WiredProjection {
  /** A name of its own, or "pre->post". */
  readonly name: string;
  readonly pre: string;
  readonly post: string;
  /** Its sign constraint by name. */
  readonly sign: string;
  /** What its weights obey; absent where it has none. */
  readonly constraint?: WeightConstraint;
  /** Whether its weights stay as they are. */
  readonly frozen: boolean;
  /** Name of the resident that holds its weights; absent where it has none (pooling). */
  readonly weight?: string;
  /** A fresh draw of its weights by its initialiser; absent where it has none. */
  draw?(random: RandomStream): Float32Array;
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
  readonly constraint: WeightConstraint;
  draw: Initialiser;
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
 * @throws UsageError for a topology, initialiser or sign that is not known; DescriptionError where one of them, or the effect, does
 * not fit the two populations
 */
export function wireProjection(
  circuit: CircuitDescription,
  projection: ProjectionDescription,
  library: Library,
): Projection {
  const { pre, post, initial, frozen = false, delay, from, transmission, effect } = projection;
  const name = projectionName(projection);
  const owner = `circuit "${circuit.name}", projection "${name}"`;
  const populationOf = (wanted: string) =>
    [...circuit.inputs, ...circuit.populations].find((candidate) => candidate.name === wanted)!;
  const { kind } = projection.topology;
  /** What weights obey, and how they are drawn. */
  const weighted = (weights: WeightLayout) => {
    const from = { name: pre, units: layout.pre.units };
    const source =
      "inhibitoryFraction" in presynaptic ? { ...from, inhibitoryFraction: presynaptic.inhibitoryFraction } : from;
    const constraint = library.build("constraint", projection.sign, { source, weights, topology: kind }, `${owner}: `);
    const fromInput = circuit.inputs.some((input) => input.name === pre);
    const initialise = library.build("initialiser", initial, { ...weights, fromInput, constraint }, `${owner}: `);
    const draw: Initialiser = (random) => {
      const values = initialise(random);
      const fault = drawFault({ pre, sign, constraint, weights }, values);
      if (fault !== undefined) throw new DescriptionError(`${owner}: initialiser "${initial.kind}" ${fault}`);
      return values;
    };
    return { weight: `${name}/weight`, constraint, draw };
  };
  const sign = partOf(projection.sign).kind;
  const presynaptic = populationOf(pre);
  const layout = { pre: layoutOf(presynaptic), post: layoutOf(populationOf(post)) };
  // A modulatory signal has one value for each unit, whatever the dimension of the unit's rate.
  if (effect === "modulatory" && layout.pre.dimension === 1) layout.post = { ...layout.post, dimension: 1 };
  const wired = library.build("topology", projection.topology, layout, `${owner}: `);
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
  const built: Projection = {
    ...wired,
    ...(wired.weights ? weighted(wired.weights) : {}),
    name,
    pre,
    post,
    sign,
    frozen,
    delay,
    from,
    transmission,
    ...(wired.mask ? { maskName: `${name}/mask` } : {}),
    ...(effect === "modulatory" ? { strength: projection.strength ?? 1 } : {}),
  };
  const { given } = built;
  const fault =
    isWeighted(built) && given && !given.file && given.values.weights
      ? signFault(built, given.values.weights, given.turn)
      : undefined;
  if (fault !== undefined) throw new DescriptionError(`${owner}: topology "${kind}" ${fault}`);
  return built;
}
