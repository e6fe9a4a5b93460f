import { describeShape } from "../compute/shape.ts";
import type { Tensor, Trace } from "../compute/trace.ts";
import { DescriptionError, ShapeError } from "../kinds/errors.ts";
import type { Library } from "../kinds/library.ts";
import { type Activity, type ActivityInputs, traceActivity } from "./activity.ts";
import { decide, decisionFault, layOutReports, type Report, type ReportLayout } from "./decision.ts";
import type { CircuitDescription } from "./description.ts";
import { type Layout, layoutOf } from "./layout.ts";
import type { Manipulation } from "./manipulations/description.ts";
import { activityOrder } from "./order.ts";
import { initialise, listParameters, type Parameter } from "./parameters.ts";
import { buildPopulation, type Population } from "./population.ts";
import { type Projection, wireProjection } from "./projection.ts";

import { resolveCircuit } from "./resolve-circuit.ts";

export type { Parameter } from "./parameters.ts";
export { isPlastic, type Population } from "./population.ts";
export { isLearning, isWeighted, type Projection, type WeightedProjection } from "./projection.ts";

/** An input of a built network. */
export interface Input extends Layout {
  readonly name: string;
  /** Time steps with stimuli of their own; 1: the same stimulus stays. */
  readonly steps: number;
}

/** A circuit compiled to kernels: populations in the order in which activity reaches them. */
export interface Network {
  /** With every default written out. */
  readonly description: CircuitDescription;
  /** What is done to it while it runs, and the network without that; absent where nothing is. */
  readonly manipulated?: { readonly by: readonly Manipulation[]; readonly intact: Network };
  readonly inputs: readonly Input[];
  readonly populations: readonly Population[];
  readonly projections: readonly Projection[];
  readonly parameters: readonly Parameter[];
  readonly readouts: readonly Population[];
  /** Time steps for which stimuli are shown. */
  readonly steps: number;
  /** What is reported at once, target by target. */
  readonly reports: readonly ReportLayout[];
  /**
   * Values of all parameters at the start, each drawn from its own stream of the seed where it is not given.
   *
   * @param given what was read of files that projections name, see `readGivenFiles`
   * @throws UsageError where a projection names a file that was not read
   */
  initialise(seed: number, given?: ReadonlyMap<string, Float32Array>): Map<string, Float32Array>;
  /** Traces the circuit over its time steps; see `traceActivity`. */
  propagate(trace: Trace, inputs: ActivityInputs): Activity;
  /** Traces what the readouts report, at the time of the decision or at one time step; see `decide`. */
  decide(trace: Trace, activity: Activity, step?: number): readonly Report[];
}

/** Name of the plan input that holds the stimuli of an input, [batch, units], at a time step where they vary. */
export const stimuliName = (input: string, step?: number): string =>
  step === undefined ? `stimuli/${input}` : `stimuli/${input}@${step}`;

/** Declares the stimuli of all inputs of a network as inputs of a plan. */
export function stimuliInputs(trace: Trace, { inputs }: Network, batch: number): Map<string, readonly Tensor[]> {
  const declare = (name: string, units: number) => trace.input(name, [batch, units], "finite");
  return new Map(
    inputs.map(({ name, units, steps }): [string, readonly Tensor[]] => [
      name,
      steps === 1
        ? [declare(stimuliName(name), units)]
        : Array.from({ length: steps }, (_, step) => declare(stimuliName(name, step), units)),
    ]),
  );
}

/**
 * Compiles a circuit description.
 *
 * @param library the kinds that it may name
 * @throws UsageError for a gain, topology, initialiser or sign that is not known; DescriptionError naming circuit and part: a
 * duplicate or unknown name, populations that no drive reaches, more time steps than a plan can hold, a loop without
 * delay, a kind that does not fit, readouts of one report that are of several sizes, or fewer readouts than the decision needs
 */
export function buildNetwork(given: CircuitDescription, library: Library): Network {
  const description = resolveCircuit(given, library);
  const { steps, decision } = description;
  const owner = `circuit "${description.name}"`;
  checkUnrolled(owner, description);
  const order = activityOrder(description);
  const inputs = description.inputs.map((input): Input => {
    const shown = input.timing === "varying" ? steps : 1;
    return { ...layoutOf(input), name: input.name, steps: shown };
  });
  const projections = description.projections.map((projection) => wireProjection(description, projection, library));
  const populations = order.map((population) => buildPopulation(description, population, projections, library));
  const readouts = description.readouts.map((name) => populations.find((population) => population.name === name)!);
  const fault = decisionFault(readouts, decision);
  if (fault !== undefined) throw new DescriptionError(`${owner}, decision: ${fault}`);
  const reports = layOutReports(readouts, decision);
  checkReadouts(owner, readouts, reports);
  if (typeof decision.time === "object" && decision.time.step >= steps)
    throw new DescriptionError(
      `${owner}, decision: time step ${decision.time.step} is past the last one, ${steps - 1}; give one from 0 to ${steps - 1}`,
    );
  const network: Network = {
    description,
    inputs,
    populations,
    projections,
    readouts,
    steps,
    reports,
    parameters: listParameters(populations, projections),
    initialise: (seed, read) => initialise(populations, projections, seed, read),
    propagate(trace, given) {
      for (const { name, units, steps: shown } of inputs) {
        const stimuli = given.stimuli.get(name) ?? [];
        const shape = stimuli[0]?.shape ?? [];
        if (stimuli.length !== shown || shape.length !== 2 || shape[1] !== units)
          throw new ShapeError(
            `${owner}: stimuli of "${name}" have shape ${describeShape(shape)} at ${stimuli.length} time steps, it takes [batch, ${units}] at ${shown}`,
          );
      }
      return traceActivity(trace, network, given);
    },
    decide: (trace, activity, step) =>
      decide(trace, { reports, decision, steps }, activity, step === undefined ? decision.time : { step }),
  };
  checkReached(owner, network);
  return network;
}

/**
 * A plan holds every time step of every population and projection as steps of its own, a few dozen bytes of
 * instructions each: this many are planned in about half a minute.
 */
const mostUnrolled = 30_000;

/** @throws DescriptionError where the time steps are more than a plan can hold */
function checkUnrolled(owner: string, { steps, populations, projections }: CircuitDescription): void {
  const parts = populations.length + projections.length;
  if (steps * parts <= mostUnrolled) return;
  throw new DescriptionError(
    `${owner}: got ${steps} time steps of ${parts} populations and projections, which a plan holds one by one; expected at most ${Math.floor(mostUnrolled / parts)} time steps`,
  );
}

/** @throws DescriptionError for a readout that is neither one vector nor scalars, or readouts of a report that cannot be compared */
function checkReadouts(owner: string, readouts: readonly Population[], reports: readonly ReportLayout[]): void {
  for (const { name, units, dimension } of readouts)
    if (units > 1 && dimension > 1)
      throw new DescriptionError(
        `${owner}: readout "${name}" has ${units} units of dimension ${dimension}; expected one vector unit, or scalar units, one a class or value`,
      );
  for (const { units: expected, readouts: among } of reports) {
    const other = among.find(({ units, dimension }) => units * dimension !== expected);
    if (other)
      throw new DescriptionError(
        `${owner}: readouts "${among[0]!.name}" and "${other.name}" report ${expected} and ${other.units * other.dimension} classes or values; give all the same number, or let each report a target of its own (decision module "each")`,
      );
  }
}

/** @throws DescriptionError naming populations that stay silent at every time step, or readouts at the one that is asked for */
function checkReached(owner: string, { description, inputs, populations, readouts, steps }: Network): void {
  const firstSteps = new Map<string, number>(inputs.map(({ name }) => [name, 0]));
  // A drive needs at most one pass of all populations for each delay on its way.
  for (let pass = 0; pass <= populations.length; pass++)
    for (const { name, incoming } of populations) {
      const arrivals = incoming
        .filter(({ strength }) => strength === undefined)
        .map(({ pre, delay, from }) => Math.max(from, (firstSteps.get(pre) ?? Number.POSITIVE_INFINITY) + delay));
      const arrival = Math.min(...arrivals);
      if (Number.isFinite(arrival)) firstSteps.set(name, Math.min(arrival, firstSteps.get(name) ?? arrival));
    }
  const silent = populations.filter(({ name }) => (firstSteps.get(name) ?? steps) >= steps);
  if (silent.length > 0)
    throw new DescriptionError(
      `${owner}: no drive reaches ${silent.map(({ name }) => `"${name}"`).join(", ")} within ${steps} time ${steps === 1 ? "step" : "steps"}; each population needs a driving projection whose source is active`,
    );
  const { time } = description.decision;
  const mute = typeof time === "object" && readouts.find(({ name }) => firstSteps.get(name)! > time.step);
  if (mute)
    throw new DescriptionError(
      `${owner}, decision: no drive reaches readout "${mute.name}" before time step ${firstSteps.get(mute.name)}, so it has nothing to say at step ${time.step}; decide at a later one`,
    );
}
