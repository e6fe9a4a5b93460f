import { DescriptionError, didYouMean, lookUp, ShapeError } from "../compute/errors.ts";
import { add, addBias } from "../compute/kernels/pointwise.ts";
import { addScaled } from "../compute/kernels/scaling.ts";
import { type RandomStream, randomStream } from "../compute/random.ts";
import { describeShape, type Shape } from "../compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../compute/trace.ts";
import { type Activation, type Gain, gainFunctions } from "../neurons/gain.ts";
import type {
  CircuitDescription,
  PopulationDescription,
  ProjectionDescription,
  SignConstraint,
} from "./description.ts";
import { initialisers } from "./initialisers.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { topologies } from "./topologies/registry.ts";
import type { WiredProjection } from "./topologies/topology.ts";

/** A projection of a built network. */
export interface Projection extends WiredProjection {
  /** "pre->post" */
  readonly name: string;
  readonly pre: string;
  readonly post: string;
  readonly sign: SignConstraint;
  /** Name of the resident that holds its weights; absent where it has none (pooling). */
  readonly weight?: string;
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

/** A population of a built network. */
export interface Population extends Layout {
  readonly name: string;
  readonly gain: string;
  /** Name of the resident that holds its biases [dimension, channels or units]; absent where it has none. */
  readonly bias?: string;
  /** Units after which bias and gating vectors repeat: one a channel, shared by all positions, or one a unit. */
  readonly periods: { readonly bias: number; readonly gates: number };
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
  /** Drives of every population, biases included, [batch, dimension, units]. */
  readonly drives: ReadonlyMap<string, Tensor>;
  readonly rates: ReadonlyMap<string, Tensor>;
  readonly activations: ReadonlyMap<string, Activation>;
  /** Rates of the readout as scores of the classes, [batch, classes]. */
  readonly scores: Tensor;
}

/** Noise on the drives of populations, by name. */
export interface Perturbation {
  readonly amplitude: number;
  readonly noise: ReadonlyMap<string, Tensor>;
}

/** A circuit compiled to kernels: populations in the order in which activity reaches them. */
export interface Network {
  readonly description: CircuitDescription;
  readonly input: Layout;
  readonly populations: readonly Population[];
  readonly projections: readonly Projection[];
  readonly parameters: readonly Parameter[];
  readonly readout: Population;
  readonly classes: number;
  /** Values of all parameters at the start, each drawn from its own stream of the seed. */
  initialise(seed: number): Map<string, Float32Array>;
  /** A fresh draw of a projection's weights, as its initialiser does it. */
  drawWeights(projection: WeightedProjection, random: RandomStream): Float32Array;
  /**
   * Traces one feedforward pass of stimuli [batch, input units].
   *
   * @param perturbation `amplitude` times the noise of each population, [batch, dimension, units], is added to its drive
   */
  propagate(trace: Trace, stimuli: Tensor, perturbation?: Perturbation): Activity;
}

/**
 * Compiles a circuit description.
 *
 * @throws DescriptionError naming circuit and part: a duplicate or unknown name, populations that no drive reaches, a
 * loop (recurrent circuits are not feedforward), a gain, topology or initialiser that is unknown or does not fit
 */
export function buildNetwork(description: CircuitDescription): Network {
  const order = activityOrder(description);
  const input = layoutOf(description.input);
  const projections = description.projections.map((projection) => wireProjection(description, projection));
  const populations = order.map((population): Population => {
    const layout = layoutOf(population);
    const gain = gainOf(description, population, layout);
    const periodOf = (sharing: string) => (sharing === "unit" ? layout.units : layout.map.channels);
    const periods = { bias: periodOf(population.bias), gates: periodOf(population.gates) };
    const constants = Object.keys(gain.constants(periods.gates, layout.dimension));
    return {
      ...layout,
      name: population.name,
      gain: population.gain,
      periods,
      ...(population.bias === "none" ? {} : { bias: `${population.name}/bias` }),
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

  const drawWeights: Network["drawWeights"] = (projection, random) => {
    const { name, pre, sign, weights } = projection;
    const { initial } = description.projections[projections.indexOf(projection)]!;
    const fromInput = pre === description.input.name;
    return initialisers[initial.kind]!({ ...weights, name, fromInput, sign }, random);
  };

  return {
    description,
    input,
    populations,
    projections,
    readout,
    classes,
    parameters: listParameters(populations, projections),
    drawWeights,
    initialise: (seed) => initialise(populations, projections, seed, drawWeights),
    propagate(trace, stimuli, perturbation) {
      const batch = stimuli.shape[0]!;
      if (stimuli.shape.length !== 2 || stimuli.shape[1] !== input.units)
        throw new ShapeError(
          `circuit "${description.name}": stimuli have shape ${describeShape(stimuli.shape)}, input "${description.input.name}" takes [batch, ${input.units}]`,
        );
      const rates = new Map([[description.input.name, reshape(stimuli, [batch, 1, input.units])]]);
      const drives = new Map<string, Tensor>();
      const activations = new Map<string, Activation>();
      for (const population of populations) {
        const resident = (name: string | undefined) => (name === undefined ? undefined : trace.resident(name));
        const parts = population.incoming.map((projection) =>
          projection.drive(rates.get(projection.pre)!, resident(projection.weight)),
        );
        const whole = parts.reduce((left, right) => add({ left, right }).result);
        const noise = perturbation?.noise.get(population.name);
        const driven =
          perturbation && noise
            ? addScaled({ left: whole, right: noise }, { factor: perturbation.amplitude }).result
            : whole;
        const bias = resident(population.bias);
        const drive = bias ? addBias({ drive: driven, bias }).result : driven;
        const constants = Object.entries(population.constants).map(([name, constant]) => [
          name,
          trace.resident(constant),
        ]);
        const activation = gainFunctions[population.gain]!.activate(
          drive,
          Object.fromEntries(constants),
          population.map.channels,
        );
        drives.set(population.name, drive);
        activations.set(population.name, activation);
        rates.set(population.name, activation.rates);
      }
      return { rates, drives, activations, scores: reshape(rates.get(readout.name)!, [batch, classes]) };
    },
  };
}

function listParameters(populations: readonly Population[], projections: readonly Projection[]): Parameter[] {
  const weights = projections
    .filter(isWeighted)
    .map(({ weight, weights: { shape }, sign }): Parameter => ({ name: weight, shape, plastic: true, sign }));
  const others = populations.flatMap(({ bias, periods, constants, gain, dimension }): Parameter[] => {
    const shapes = gainFunctions[gain]!.constants(periods.gates, dimension);
    return [
      ...(bias ? [{ name: bias, shape: [dimension, periods.bias], plastic: true, sign: "mixed" as const }] : []),
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
  populations: readonly Population[],
  projections: readonly Projection[],
  seed: number,
  drawWeights: Network["drawWeights"],
): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const projection of projections.filter(isWeighted))
    values.set(projection.weight, drawWeights(projection, randomStream(seed, `initial/${projection.name}`)));
  for (const { name, bias, periods, constants, gain, dimension } of populations) {
    if (bias) values.set(bias, new Float32Array(dimension * periods.bias));
    const draws = gainFunctions[gain]!.constants(periods.gates, dimension);
    for (const [constant, resident] of Object.entries(constants))
      values.set(resident, draws[constant]!.draw(randomStream(seed, `${constant}/${name}`)));
  }
  return values;
}

function gainOf(description: CircuitDescription, population: PopulationDescription, layout: Layout): Gain {
  const owner = `circuit "${description.name}", population "${population.name}"`;
  const gain = lookUp(`${owner}: gain function`, population.gain, gainFunctions);
  const refusal = gain.refuse?.(layout.units, layout.dimension);
  if (refusal) throw new DescriptionError(`${owner}: gain function "${population.gain}" does not fit: ${refusal}`);
  return gain;
}

function wireProjection(description: CircuitDescription, projection: ProjectionDescription): Projection {
  const name = `${projection.pre}->${projection.post}`;
  const owner = `circuit "${description.name}", projection "${name}"`;
  const layout = (wanted: string) =>
    layoutOf([description.input, ...description.populations].find((candidate) => candidate.name === wanted)!);
  const { kind, ...settings } = projection.topology;
  const topology = lookUp(`${owner}: topology`, kind, topologies);
  lookUp(`${owner}: initialiser`, projection.initial.kind, initialisers);
  const wired = topology.connect({ pre: layout(projection.pre), post: layout(projection.post) }, settings);
  if (typeof wired === "string") throw new DescriptionError(`${owner}: topology "${kind}": ${wired}`);
  const { pre, post, sign, initial } = projection;
  if (!wired.weights && (sign !== "mixed" || initial.kind !== "he"))
    throw new DescriptionError(
      `${owner}: topology "${kind}" has no weights, so it takes neither sign "${sign}" nor initial "${initial.kind}"; leave them out`,
    );
  return { ...wired, name, pre, post, sign, ...(wired.weights ? { weight: `${name}/weight` } : {}) };
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
