import * as gains from "../compute/kernels/gain.ts";
import { applyGate, vectorGateMask } from "../compute/kernels/gate.ts";
import { multiply } from "../compute/kernels/pointwise.ts";
import type { RandomStream } from "../compute/random.ts";
import type { Shape } from "../compute/shape.ts";
import type { Tensor } from "../compute/trace.ts";
import { gatingVectors } from "./gating-vectors.ts";
import { deltaOf, type PostsynapticError, scaleOf } from "./postsynaptic-error.ts";

/** A fixed value that a gain function needs besides the drive; it is drawn once and stays for the life of a circuit. */
export interface GainConstant {
  readonly shape: Shape;
  draw(random: RandomStream): Float32Array;
}

/** What a population did with its drive: its rates, and how errors pass back through them. */
export interface Activation {
  /** [batch, dimension, units] */
  readonly rates: Tensor;
  /** Error at the drive from the error at the rates: times the local slope, which is all the neuron must know. */
  localise(error: PostsynapticError): PostsynapticError;
}

/** A gain function of a population: rates from drive. */
export interface Gain {
  readonly summary: string;
  /** Constants for a population of this size, by name. */
  constants(units: number, dimension: number): Readonly<Record<string, GainConstant>>;
  /** Why a population of this size cannot have this gain; undefined where it can. */
  refuse?(units: number, dimension: number): string | undefined;
  activate(drive: Tensor, constants: Readonly<Record<string, Tensor>>): Activation;
}

type Elementwise = (inputs: { values: Tensor }) => { readonly result: Tensor };

/** A gain that acts on every component of every unit alone; its slope is taken at the drive. */
function elementwise(summary: string, rates: Elementwise, slope: Elementwise): Gain {
  return {
    summary,
    constants: () => ({}),
    activate: (drive) => ({
      rates: rates({ values: drive }).result,
      localise: (error) => ({
        kind: "own",
        delta: multiply({ left: deltaOf(error), right: slope({ values: drive }).result }).result,
      }),
    }),
  };
}

/** Gain functions by name. */
export const gainFunctions: Readonly<Record<string, Gain>> = {
  linear: {
    summary: "rate = drive",
    constants: () => ({}),
    activate: (drive) => ({ rates: drive, localise: (error) => error }),
  },
  relu: elementwise("rate = max(drive, 0)", gains.relu, gains.reluSlope),
  "alternating-relu": elementwise(
    "even units pass drive <= 0, odd units drive >= 0",
    gains.alternatingRelu,
    gains.alternatingReluSlope,
  ),
  tanh: elementwise("rate = tanh(drive)", gains.tanh, gains.tanhSlope),
  sigmoid: elementwise("rate = 1 / (1 + exp(-drive))", gains.sigmoid, gains.sigmoidSlope),
  softplus: elementwise("rate = log(1 + exp(drive))", gains.softplus, gains.softplusSlope),
  /**
   * The vector gate: h_i = v_i [t_i . v_i >= 0] with fixed random gating vectors t_i, opposite in each pair of units.
   * Its slope is the gate itself, one factor a unit, so a shared error stays shared.
   * Source: Clark, Abbott & Chung 2021, section 3.
   */
  gated: {
    summary: "vector units: rate = drive where gating vector . drive >= 0, else 0",
    constants: (units, dimension) => ({
      gatingVectors: { shape: [dimension, units], draw: (random) => gatingVectors(units, dimension, random) },
    }),
    refuse: (_units, dimension) => (dimension === 1 ? "it needs vector units, of dimension 2 or more" : undefined),
    activate(drive, constants) {
      const { mask } = vectorGateMask({ drive, gatingVectors: constants.gatingVectors! });
      return {
        rates: applyGate({ values: drive, mask }).result,
        localise(error) {
          if (error.kind === "own") return { kind: "own", delta: applyGate({ values: error.delta, mask }).result };
          const scale = error.scale ? multiply({ left: scaleOf(error), right: mask }).result : mask;
          return { ...error, scale };
        },
      };
    },
  },
};
