import * as gains from "../compute/kernels/gain.ts";
import * as gainErrors from "../compute/kernels/gain-error.ts";
import { applyGate, vectorGateMask } from "../compute/kernels/gate.ts";
import { multiply } from "../compute/kernels/pointwise.ts";
import type { RandomStream } from "../compute/random.ts";
import { type Shape, sizeOf } from "../compute/shape.ts";
import { reshape, type Tensor } from "../compute/trace.ts";
import { gatingVectors } from "./gating-vectors.ts";
import { deltaOf, type PostsynapticError, scaleOf } from "./postsynaptic-error.ts";

/** A fixed value that a gain function needs besides the drive; it is drawn once and stays for the life of a circuit. */
interface GainConstant {
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
  /** Constants by name, for a population in which they repeat after `period` units: its channels, or all its units. */
  constants(period: number, dimension: number): Readonly<Record<string, GainConstant>>;
  /** Why a population of this size cannot have this gain; undefined where it can. */
  refuse?(units: number, dimension: number): string | undefined;
  /** @param channels of a map, whose units lie position by position; all units where they are in a row */
  activate(drive: Tensor, constants: Readonly<Record<string, Tensor>>, channels: number): Activation;
}

type RatesOf = (inputs: { values: Tensor }) => { readonly result: Tensor };
/** The error at the drive from that at the rates; a gain needs the rates or the drive to know its slope. */
type ErrorOf = (inputs: { error: Tensor; rates: Tensor; drive: Tensor }) => { readonly result: Tensor };

/** A gain that acts on every component of every unit alone. */
function elementwise(summary: string, ratesOf: RatesOf, errorOf: ErrorOf): Gain {
  return {
    summary,
    constants: () => ({}),
    activate(drive, _constants, channels) {
      // Channels last, so that a gain may tell even from odd channels.
      const rows = (tensor: Tensor) => reshape(tensor, [sizeOf(drive.shape) / channels, channels]);
      const rates = ratesOf({ values: rows(drive) }).result;
      return {
        rates: reshape(rates, drive.shape),
        localise(error) {
          const { result } = errorOf({ error: rows(deltaOf(error)), rates, drive: rows(drive) });
          return { kind: "own", delta: reshape(result, drive.shape) };
        },
      };
    },
  };
}

/** Gain functions by name. */
export const gainFunctions: Readonly<Record<string, Gain>> = {
  linear: {
    summary: "rate = drive",
    constants: () => ({}),
    activate: (drive) => ({ rates: drive, localise: (error) => error }),
  },
  relu: elementwise("rate = max(drive, 0)", gains.relu, gainErrors.reluError),
  "leaky-relu": elementwise(
    "rate = drive where drive > 0, else 0.05 drive",
    gains.leakyRelu,
    gainErrors.leakyReluError,
  ),
  "alternating-relu": elementwise(
    "even units (of a map: channels) pass drive <= 0, odd ones drive >= 0",
    gains.alternatingRelu,
    gainErrors.alternatingReluError,
  ),
  tanh: elementwise("rate = tanh(drive)", gains.tanh, gainErrors.tanhError),
  sigmoid: elementwise("rate = 1 / (1 + exp(-drive))", gains.sigmoid, gainErrors.sigmoidError),
  softplus: elementwise("rate = log(1 + exp(drive))", gains.softplus, gainErrors.softplusError),
  /**
   * The vector gate: h_i = v_i [t_i . v_i >= 0] with fixed random gating vectors t_i, opposite in each pair of units; in
   * a map one for each channel, shared by the positions, or one for each unit.
   * Its slope is the gate itself, one factor a unit, so a shared error stays shared.
   * Source: Clark, Abbott & Chung 2021, section 3.
   */
  gated: {
    summary: "vector units: rate = drive where gating vector . drive >= 0, else 0",
    constants: (period, dimension) => ({
      gatingVectors: { shape: [dimension, period], draw: (random) => gatingVectors(period, dimension, random) },
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
