import type { RandomStream } from "../compute/random.ts";
import type { Shape } from "../compute/shape.ts";
import type { Tensor } from "../compute/trace.ts";
import { definer } from "../kinds/kind.ts";
import type { PostsynapticError } from "./postsynaptic-error.ts";

/** The population whose drive a gain function turns into rates. */
export interface NeuronContext {
  readonly units: number;
  readonly dimension: number;
  /** Of a map, whose units lie position by position; all units where they are in a row. */
  readonly channels: number;
  /** Units after which gating vectors, and other constants of a gain, repeat: the channels, or all units. */
  readonly period: number;
}

/** A fixed value that a gain function needs besides the drive; it is drawn once and stays for the life of a circuit. */
export interface GainConstant {
  readonly shape: Shape;
  /** What each axis counts, in the singular; absent: nothing is said of them. */
  readonly axes?: readonly string[];
  draw(random: RandomStream): Float32Array;
}

/** What a population did with its drive: its rates, and how errors pass back through them. */
export interface Activation {
  /** [batch, dimension, units] */
  readonly rates: Tensor;
  /** Error at the drive from the error at the rates: times the local slope, which is all the neuron must know. */
  localise(error: PostsynapticError): PostsynapticError;
}

/** The gain function of a population: rates from drive. */
export interface Gain {
  /** Constants by name, each drawn from a stream of its own; absent: none. */
  readonly constants?: Readonly<Record<string, GainConstant>>;
  /**
   * @param drive [batch, dimension, units]
   * @param constants values of its constants, by name
   */
  activate(drive: Tensor, constants: Readonly<Record<string, Tensor>>): Activation;
}

declare module "../kinds/families.ts" {
  interface Families {
    neuron: FamilyOf<NeuronContext, Gain>;
  }
}

/**
 * A kind of neuron: a gain function by name, with its settings.
 *
 * ```ts
 * const square = defineNeuron({
 *   kind: "square",
 *   summary: "rate = max(drive, 0)^2",
 *   build: (_settings, population) => elementwiseGain(population, squareKernel, squareErrorKernel),
 * });
 * ```
 */
export const defineNeuron = definer("neuron", ["activate"]);
