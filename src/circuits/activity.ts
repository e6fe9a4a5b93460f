import { applyGate } from "../compute/kernels/gate.ts";
import { inhibitReturn, modulate, modulationSlope } from "../compute/kernels/modulation.ts";
import { add, addBias, multiply, ones } from "../compute/kernels/pointwise.ts";
import { sumPositions } from "../compute/kernels/reduction.ts";
import { addScaled, leak, scale } from "../compute/kernels/scaling.ts";
import { binarise, binariseSlope } from "../compute/kernels/threshold.ts";
import { reshape, type Tensor, type Trace } from "../compute/trace.ts";
import type { Activation } from "../neurons/neuron.ts";
import { deltaOf, type PostsynapticError, scaleOf } from "../neurons/postsynaptic-error.ts";
import type { Interventions } from "./manipulations/interventions.ts";
import type { Population } from "./population.ts";
import type { Projection } from "./projection.ts";

/** An input at one time step; a constant input is the same at all. */
interface InputState {
  readonly name: string;
  /** [batch, 1, units] */
  readonly rates: Tensor;
}

/** A population at one time step. */
export interface PopulationState {
  readonly population: Population;
  readonly step: number;
  /** Sum of what arrives, bias and noise included, [batch, dimension, units]. */
  readonly drive: Tensor;
  /** [batch, dimension, units] */
  readonly rates: Tensor;
  readonly incoming: readonly Signal[];
  readonly outgoing: readonly Signal[];
  /** The state before, of which the share 1 - leak stayed in the rates; absent without leak and at the first step. */
  readonly before?: PopulationState;
  /** Error at the drive from the error at the rates. */
  localise(error: PostsynapticError): PostsynapticError;
  /** An error at the rates or at the drive without that of units whose rates are held; absent where none are. */
  readonly release?: (error: PostsynapticError) => PostsynapticError;
}

/** What travels along a projection and arrives at one time step. */
export interface Signal {
  readonly projection: Projection;
  readonly pre: PopulationState | InputState;
  readonly post: PopulationState;
  /** What travels: the presynaptic rates, or what binary transmission makes of them. */
  readonly message: Tensor;
  /** Error of what arrives, from the error at the postsynaptic rates. */
  localise(error: PostsynapticError): PostsynapticError;
  /** Error at the presynaptic rates, from the error of what arrives, through the weights given. */
  transport(error: PostsynapticError, weight: Tensor | undefined): PostsynapticError;
}

/** What the network did with a batch of stimuli, over all time steps. */
export interface Activity {
  /** In the order of activity: all populations of a step, then those of the next. */
  readonly states: readonly PopulationState[];
  /** The state of an input at a time step; undefined where there is no input of that name. */
  input(name: string, step: number): InputState | undefined;
  /** The state of a population at a time step; undefined before any drive reached it. */
  state(population: string, step: number): PopulationState | undefined;
}

/** Values that an activity depends on besides weights. */
export interface ActivityInputs {
  /** Rates of each input by name, [batch, units]: one tensor for all time steps, or one for each. */
  readonly stimuli: ReadonlyMap<string, readonly Tensor[]>;
  /**
   * What is added to the drive of a population at a time step: values [batch, dimension, units] times a factor, each;
   * default 1.
   */
  noise?(population: Population, step: number): readonly { readonly values: Tensor; readonly factor?: number }[];
  /** Weights of a projection; default: those that the network keeps. */
  weight?(projection: Projection): Tensor | undefined;
  /** Inhibition of return by population, [batch, units]; none where it has none. */
  readonly inhibition?: ReadonlyMap<string, Tensor>;
  /** What an experimenter does to the circuit; absent: nothing. */
  readonly interventions?: Interventions;
}

/** Values of a state while it is made, before the signals that leave it are known. */
type GrowingState = PopulationState & { readonly outgoing: Signal[] };

/**
 * Traces a circuit over its time steps. At each, in the order of activity,
 *
 *   drive = sum of driving signals + bias + noise,   rate = gain(drive) prod(1 - strength modulating signal),
 *   rate <- rate (1 - R) + R,   rate <- (1 - leak) previous rate + leak rate,
 *
 * with R the inhibition of return, where there is one. Interventions cut signals, add to the drive, and come last with rates
 * that are held. Rates before the first step are 0, so that signals with a delay do
 * not arrive at step 0; a population that no driving signal has reached yet is silent.
 */
export function traceActivity(
  trace: Trace,
  { populations, steps }: { readonly populations: readonly Population[]; readonly steps: number },
  inputs: ActivityInputs,
): Activity {
  const stimuli = inputs.interventions?.stimuli(trace, inputs.stimuli) ?? inputs.stimuli;
  const states: GrowingState[] = [];
  const find = (name: string, step: number) =>
    states.find(({ population, step: at }) => population.name === name && at === step);
  const inputStates = new Map(
    [...stimuli].map(([name, tensors]): [string, InputState[]] => [
      name,
      tensors.map((tensor) => ({ name, rates: reshape(tensor, [tensor.shape[0]!, 1, tensor.shape[1]!]) })),
    ]),
  );
  const presynaptic = ({ pre, delay, from }: Projection, step: number): GrowingState | InputState | undefined => {
    const at = step - delay;
    if (step < from || at < 0) return undefined;
    const shown = inputStates.get(pre);
    return shown ? (shown[at] ?? shown[0]!) : find(pre, at);
  };

  for (let step = 0; step < steps; step++)
    for (const population of populations) {
      const arriving = population.incoming.flatMap((projection) => {
        const pre = presynaptic(projection, step);
        return pre ? [{ projection, pre }] : [];
      });
      const state = populationState(trace, population, step, arriving, find(population.name, step - 1), {
        ...inputs,
        stimuli,
      });
      if (!state) continue;
      states.push(state);
      for (const signal of state.incoming)
        if ("outgoing" in signal.pre) (signal.pre as GrowingState).outgoing.push(signal);
    }
  return {
    states,
    input(name, step) {
      const shown = inputStates.get(name);
      return shown?.[step] ?? shown?.[0];
    },
    state: find,
  };
}

interface Arriving {
  readonly projection: Projection;
  readonly pre: GrowingState | InputState;
}

function populationState(
  trace: Trace,
  population: Population,
  step: number,
  arriving: readonly Arriving[],
  previous: PopulationState | undefined,
  inputs: ActivityInputs,
): GrowingState | undefined {
  const resident = (name: string | undefined) => (name === undefined ? undefined : trace.resident(name));
  const weightOf = inputs.weight ?? (({ weight }) => resident(weight));
  const drives = ({ projection }: Arriving) => projection.strength === undefined;
  if (!arriving.some(drives)) return undefined;
  const messages = arriving
    .filter(({ projection }) => !inputs.interventions?.cuts(projection, step))
    .map(({ projection, pre }) => ({ projection, pre, ...transmit(projection, pre.rates) }));
  const drivers = messages.filter(drives);
  const modulators = messages.filter((message) => !drives(message));

  // What stays over the time steps comes first: the trace records equal calls once, so that it is computed once.
  const stays = ({ pre }: Arriving) => !("outgoing" in pre) && inputs.stimuli.get(pre.name)!.length === 1;
  const ordered = [...drivers.filter(stays), ...drivers.filter((driver) => !stays(driver))];
  const bias = resident(population.bias);
  const biasAfter = Math.max(1, drivers.filter(stays).length) - 1;
  const withNoises = (values: Tensor) =>
    (inputs.noise?.(population, step) ?? []).reduce((sum, noise) => withNoise(sum, noise.values, noise.factor), values);
  let drive: Tensor | undefined;
  for (const [index, { projection, message }] of ordered.entries()) {
    const part = projection.drive(message, weightOf(projection));
    drive = drive ? add({ left: drive, right: part }).result : part;
    if (index === ordered.length - 1) drive = withNoises(drive);
    if (bias && index === biasAfter) drive = addBias({ drive, bias }).result;
  }
  if (!drive) {
    // Everything that would drive it is cut.
    const silent = withNoises(zeros(arriving[0]!.pre.rates, population));
    drive = bias ? addBias({ drive: silent, bias }).result : silent;
  }
  drive = inputs.interventions?.drive(trace, population, step, drive) ?? drive;

  const constants = Object.entries(population.constants).map(([name, constant]) => [name, trace.resident(constant)]);
  const activation = population.gain.activate(drive, Object.fromEntries(constants));
  const modulation = modulateRates(
    activation,
    modulators.map(({ projection, message }) => ({
      signal: projection.drive(message, weightOf(projection)),
      strength: projection.strength!,
    })),
  );
  const inhibition = inputs.inhibition?.get(population.name);
  const inhibited = inhibition
    ? inhibitReturn({ rates: modulation.rates, inhibition: reshape(inhibition, modulation.rates.shape) }).result
    : modulation.rates;
  const leaky = population.leak < 1;
  const moved = !leaky
    ? inhibited
    : previous
      ? leak({ previous: previous.rates, rates: inhibited }, { rate: population.leak }).result
      : scale({ values: inhibited }, { factor: population.leak }).result;
  const hold = inputs.interventions?.hold(trace, population, step);
  const rates = hold ? hold.rates(moved) : moved;

  /** Error at the modulated rates, before inhibition of return, leak and what is held. */
  const uncover = (error: PostsynapticError): PostsynapticError => {
    const free = hold ? hold.release(error) : error;
    const own = leaky ? scaleError(free, population.leak) : free;
    if (!inhibition) return own;
    const delta = deltaOf(own);
    const signal = reshape(inhibition, delta.shape);
    return { kind: "own", delta: modulate({ rates: delta, signal }, { strength: 1 }).result };
  };
  const state: GrowingState = {
    population,
    step,
    drive,
    rates,
    incoming: [],
    outgoing: [],
    ...(leaky && previous ? { before: previous } : {}),
    localise: (error) => activation.localise(modulation.localise(uncover(error))),
    ...(hold && { release: hold.release }),
  };
  const signalOf = (
    { projection, pre, message, transmissionSlope }: (typeof messages)[number],
    localise: Signal["localise"],
  ): Signal => ({
    projection,
    pre,
    post: state,
    message,
    localise,
    transport(error, weight) {
      const returned = projection.transport(error, weight, message);
      return transmissionSlope
        ? { kind: "own", delta: multiply({ left: deltaOf(returned), right: transmissionSlope() }).result }
        : returned;
    },
  });
  const incoming = [
    ...drivers.map((driver) => signalOf(driver, (error) => state.localise(error))),
    ...modulators.map((modulator, index) =>
      signalOf(modulator, (error) => modulation.signalError(index, uncover(error))),
    ),
  ];
  return Object.assign(state, { incoming });
}

/** What of presynaptic rates travels, and the slope at which errors return. */
function transmit({ transmission }: Projection, rates: Tensor) {
  if (transmission.kind === "graded") return { message: rates, transmissionSlope: undefined };
  const { threshold, sharpness } = transmission;
  return {
    message: binarise({ rates }, { threshold }).result,
    transmissionSlope: () => binariseSlope({ rates }, { threshold, sharpness }).result,
  };
}

interface Modulator {
  /** [batch, 1, units], or of the dimension of the rates. */
  readonly signal: Tensor;
  readonly strength: number;
}

/** Rates times prod(1 - strength signal), and how errors pass back through that. */
function modulateRates({ rates }: Activation, modulators: readonly Modulator[]) {
  const through = (values: Tensor, except?: number) =>
    modulators.reduce((product, { signal, strength }, index) => {
      if (index === except) return product;
      if (signal.shape[1] === product.shape[1]) return modulate({ rates: product, signal }, { strength }).result;
      return applyGate({ values: product, mask: factorOf({ signal, strength }) }).result;
    }, values);
  return {
    rates: through(rates),
    localise(error: PostsynapticError): PostsynapticError {
      if (modulators.length === 0) return error;
      if (error.kind === "shared" && modulators.every(({ signal }) => signal.shape[1] === 1)) {
        const factor = modulators.map(factorOf).reduce((left, right) => multiply({ left, right }).result);
        return { ...error, scale: error.scale ? multiply({ left: scaleOf(error), right: factor }).result : factor };
      }
      return { kind: "own", delta: through(deltaOf(error)) };
    },
    /** Error at the signal of a modulator. */
    signalError(index: number, error: PostsynapticError): PostsynapticError {
      const { signal, strength } = modulators[index]!;
      const slope = modulationSlope({ error: deltaOf(error), rates: through(rates, index) }, { strength }).result;
      if (signal.shape[1] === slope.shape[1]) return { kind: "own", delta: slope };
      // One signal for all components gathers their errors.
      return { kind: "own", delta: reshape(sumPositions({ values: slope }).sums, signal.shape) };
    },
  };
}

/** 1 - strength signal, [batch, units], of a signal that all components share. */
function factorOf({ signal, strength }: Modulator): Tensor {
  const flat = reshape(signal, [signal.shape[0]!, signal.shape[2]!]);
  return modulate({ rates: ones({ like: flat }, { shape: flat.shape }).result, signal: flat }, { strength }).result;
}

/** An error times a factor. */
export function scaleError(error: PostsynapticError, factor: number): PostsynapticError {
  if (error.kind === "own") return { kind: "own", delta: scale({ values: error.delta }, { factor }).result };
  return { ...error, scale: scale({ values: scaleOf(error) }, { factor }).result };
}

/** A drive of 0, [batch, dimension, units], in the plan of other values. */
function zeros(like: Tensor, { dimension, units }: Population): Tensor {
  const values = ones({ like }, { shape: [like.shape[0]!, dimension, units] }).result;
  return scale({ values }, { factor: 0 }).result;
}

function withNoise(drive: Tensor, values: Tensor, factor = 1): Tensor {
  const operands = { left: drive, right: values };
  return factor === 1 ? add(operands).result : addScaled(operands, { factor }).result;
}
