import { DescriptionError, didYouMean, lookUp, ShapeError } from "../compute/errors.ts";
import { add, addBias } from "../compute/kernels/pointwise.ts";
import { randomStream } from "../compute/random.ts";
import { describeShape, type Shape, sizeOf } from "../compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../compute/trace.ts";
import { type Activation, type Gain, gainFunctions } from "../neurons/gain.ts";
import type {
  CircuitDescription,
  PopulationDescription,
  ProjectionDescription,
  SignConstraint,
} from "./description.ts";
import { initialisers } from "./initialisers.ts";
import { topologies } from "./topologies/registry.ts";
import type { WiredProjection } from "./topologies/topology.ts";

/** A projection of a built network. */
export interface Projection extends WiredProjection {
  /** "pre->post" */
  readonly name: string;
  readonly pre: string;
  readonly post: string;
  readonly sign: SignConstraint;
  /** Name of the resident that holds its weights. */
  readonly weight: string;
}

/** A population of a built network. */
export interface Population {
  readonly name: string;
  readonly units: number;
  readonly dimension: number;
  readonly gain: string;
  /** Name of the resident that holds its bias [dimension, units]; absent where it has none. */
  readonly bias?: string;
  /** Residents of the gain function's constants, by the constant's name. */
  readonly constants: Readonly<Record<string, string>>;
  readonly incoming: readonly Projection[];
  readonly outgoing: readonly Projection[];
}

/** A value that a network keeps between runs. */
export interface Parameter {
  readonly name: string;
  readonly shape: Shape;
  /** Whether plasticity changes it; gating vectors, for one, stay. */
  readonly plastic: boolean;
  readonly sign: SignConstraint;
}

/** What the network did with a batch of stimuli: rates of the input and of every population, by name. */
export interface Activity {
  readonly rates: ReadonlyMap<string, Tensor>;
  readonly activations: ReadonlyMap<string, Activation>;
  /** Rates of the readout as scores of the classes, [batch, classes]. */
  readonly scores: Tensor;
}

/** A circuit compiled to kernels: populations in the order in which activity reaches them. */
export interface Network {
  readonly description: CircuitDescription;
  readonly populations: readonly Population[];
  readonly projections: readonly Projection[];
  readonly parameters: readonly Parameter[];
  readonly readout: Population;
  readonly classes: number;
  /** Values of all parameters at the start, each drawn from its own stream of the seed. */
  initialise(seed: number): Map<string, Float32Array>;
  /** Traces one feedforward pass of stimuli [batch, input units]. */
  propagate(trace: Trace, stimuli: Tensor): Activity;
}

/**
 * Compiles a circuit description.
 *
 * @throws DescriptionError naming circuit and part: a duplicate or unknown name, populations that no drive reaches, a
 * loop (recurrent circuits are not feedforward), a gain, topology or initialiser that is unknown or does not fit
 */
export function buildNetwork(description: CircuitDescription): Network {
  const order = activityOrder(description);
  const projections = description.projections.map((projection) => wireProjection(description, projection));
  const populations = order.map((population): Population => {
    const gain = gainOf(description, population);
    const constants = Object.keys(gain.constants(population.units, population.dimension));
    return {
      name: population.name,
      units: population.units,
      dimension: population.dimension,
      gain: population.gain,
      ...(population.bias ? { bias: `${population.name}/bias` } : {}),
      constants: Object.fromEntries(constants.map((constant) => [constant, `${population.name}/${constant}`])),
      incoming: projections.filter(({ post }) => post === population.name),
      outgoing: projections.filter(({ pre }) => pre === population.name),
    };
  });
  const readout = populations.find(({ name }) => name === description.readout)!;
  if (readout.units > 1 && readout.dimension > 1)
    throw new DescriptionError(
      `circuit "${description.name}": readout "${readout.name}" has ${readout.units} units of dimension ${readout.dimension}; expected one vector unit, or scalar units, one a class`,
    );
  const classes = readout.units * readout.dimension;

  return {
    description,
    populations,
    projections,
    readout,
    classes,
    parameters: listParameters(populations, projections),
    initialise: (seed) => initialise(description, populations, projections, seed),
    propagate(trace, stimuli) {
      const batch = stimuli.shape[0]!;
      if (stimuli.shape.length !== 2 || stimuli.shape[1] !== description.input.units)
        throw new ShapeError(
          `circuit "${description.name}": stimuli have shape ${describeShape(stimuli.shape)}, input "${description.input.name}" takes [batch, ${description.input.units}]`,
        );
      const rates = new Map([[description.input.name, reshape(stimuli, [batch, 1, description.input.units])]]);
      const activations = new Map<string, Activation>();
      for (const population of populations) {
        const driven = population.incoming
          .map((projection) => projection.drive(trace.resident(projection.weight), rates.get(projection.pre)!))
          .reduce((left, right) => add({ left, right }).result);
        const drive = population.bias
          ? addBias({ drive: driven, bias: trace.resident(population.bias) }).result
          : driven;
        const constants = Object.entries(population.constants).map(([name, resident]) => [
          name,
          trace.resident(resident),
        ]);
        const activation = gainFunctions[population.gain]!.activate(drive, Object.fromEntries(constants));
        activations.set(population.name, activation);
        rates.set(population.name, activation.rates);
      }
      return { rates, activations, scores: reshape(rates.get(readout.name)!, [batch, classes]) };
    },
  };
}

function listParameters(populations: readonly Population[], projections: readonly Projection[]): Parameter[] {
  const weights = projections.map(
    ({ weight, weightShape, sign }): Parameter => ({ name: weight, shape: weightShape, plastic: true, sign }),
  );
  const others = populations.flatMap(({ bias, constants, gain, units, dimension }): Parameter[] => {
    const shapes = gainFunctions[gain]!.constants(units, dimension);
    return [
      ...(bias ? [{ name: bias, shape: [dimension, units], plastic: true, sign: "mixed" as const }] : []),
      ...Object.entries(constants).map(([constant, name]) => ({
        name,
        shape: shapes[constant]!.shape,
        plastic: false,
        sign: "mixed" as const,
      })),
    ];
  });
  return [...weights, ...others];
}

function initialise(
  description: CircuitDescription,
  populations: readonly Population[],
  projections: readonly Projection[],
  seed: number,
): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  projections.forEach((projection, index) => {
    const shape = projection.weightShape;
    const [post, pre] = shape.slice(-2) as [number, number];
    const layout = {
      name: projection.name,
      post,
      pre,
      copies: sizeOf(shape.slice(0, -2)),
      fanIn: projection.fanIn,
      fromInput: projection.pre === description.input.name,
      sign: projection.sign,
    };
    const initialiser = initialisers[description.projections[index]!.initial.kind]!;
    values.set(projection.weight, initialiser(layout, randomStream(seed, `initial/${projection.name}`)));
  });
  for (const { name, bias, constants, gain, units, dimension } of populations) {
    if (bias) values.set(bias, new Float32Array(dimension * units));
    const draws = gainFunctions[gain]!.constants(units, dimension);
    for (const [constant, resident] of Object.entries(constants))
      values.set(resident, draws[constant]!.draw(randomStream(seed, `${constant}/${name}`)));
  }
  return values;
}

function gainOf(description: CircuitDescription, population: PopulationDescription): Gain {
  const owner = `circuit "${description.name}", population "${population.name}"`;
  const gain = lookUp(`${owner}: gain function`, population.gain, gainFunctions);
  const refusal = gain.refuse?.(population.units, population.dimension);
  if (refusal) throw new DescriptionError(`${owner}: gain function "${population.gain}" does not fit: ${refusal}`);
  return gain;
}

function wireProjection(description: CircuitDescription, projection: ProjectionDescription): Projection {
  const name = `${projection.pre}->${projection.post}`;
  const owner = `circuit "${description.name}", projection "${name}"`;
  const population = (wanted: string) =>
    wanted === description.input.name
      ? { units: description.input.units, dimension: 1 }
      : description.populations.find((candidate) => candidate.name === wanted)!;
  const topology = lookUp(`${owner}: topology`, projection.topology.kind, topologies);
  lookUp(`${owner}: initialiser`, projection.initial.kind, initialisers);
  const sizes = { pre: population(projection.pre), post: population(projection.post) };
  const refusal = topology.refuse(sizes);
  if (refusal) throw new DescriptionError(`${owner}: ${refusal}`);
  const { pre, post, sign } = projection;
  return { ...topology.wire(sizes), name, pre, post, sign, weight: `${name}/weight` };
}

/** Populations in the order in which activity reaches them, after checking the names. */
function activityOrder(description: CircuitDescription): PopulationDescription[] {
  const owner = `circuit "${description.name}"`;
  const names = [description.input.name, ...description.populations.map(({ name }) => name)];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new DescriptionError(`${owner}: the name "${twice}" is used twice`);
  const check = (name: string, where: string) => {
    if (!names.includes(name))
      throw new DescriptionError(
        `${owner}, ${where}: population "${name}" does not exist${didYouMean(name, names)}; there are ${names.join(", ")}`,
      );
  };
  check(description.readout, "readout");
  const seen = new Set<string>();
  for (const { pre, post } of description.projections) {
    const where = `projection "${pre}->${post}"`;
    check(pre, where);
    check(post, where);
    if (post === description.input.name)
      throw new DescriptionError(`${owner}, ${where}: the input is set by the task, nothing can project to it`);
    if (seen.has(where)) throw new DescriptionError(`${owner}, ${where}: it is described twice`);
    seen.add(where);
  }
  if (description.readout === description.input.name)
    throw new DescriptionError(`${owner}: the input cannot be the readout`);

  const ready = new Set([description.input.name]);
  const order: PopulationDescription[] = [];
  let waiting = [...description.populations];
  while (waiting.length > 0) {
    const reached = waiting.filter((population) => {
      const sources = description.projections.filter(({ post }) => post === population.name);
      return sources.length > 0 && sources.every(({ pre }) => ready.has(pre));
    });
    if (reached.length === 0)
      throw new DescriptionError(
        `${owner}: no feedforward drive reaches ${waiting.map(({ name }) => `"${name}"`).join(", ")}; each population needs a projection, and projections must not form a loop`,
      );
    for (const population of reached) ready.add(population.name);
    order.push(...reached);
    waiting = waiting.filter((population) => !reached.includes(population));
  }
  return order;
}
