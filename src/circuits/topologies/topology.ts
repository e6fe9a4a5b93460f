import * as z from "zod";
import type { RandomStream } from "../../compute/random.ts";
import type { Shape } from "../../compute/shape.ts";
import type { Tensor } from "../../compute/trace.ts";
import { definer } from "../../kinds/kind.ts";
import type { PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import type { Layout } from "../layout.ts";

/** The two populations of a projection. */
export interface ProjectionLayout {
  readonly pre: Layout;
  readonly post: Layout;
}

/** How a projection's weights are laid out, for those who draw them. Row-major: [copies, post, pre]. */
export interface WeightLayout {
  /** Shape of the resident that holds them; its last dimensions are the presynaptic ones. */
  readonly shape: Shape;
  /** What each axis of the shape counts, in the singular: "post", "pre". */
  readonly axes: readonly string[];
  /** Sets of weights: vector components that scalar units drive, times positions with weights of their own. */
  readonly copies: number;
  /** Rows of a set: postsynaptic units, or channels. */
  readonly post: number;
  /** Columns of a set: presynaptic units that sum up at one postsynaptic unit. */
  readonly pre: number;
  /** How many of them it is on average, where not every column meets a unit; absent: all. */
  readonly summed?: number;
  /** Channels: neighbouring rows belong to neighbouring postsynaptic channels, neighbouring columns to presynaptic ones. */
  readonly postChannels: number;
  readonly preChannels: number;
}

/** Which weights of a projection exist: a value of its own, drawn once, that stays for the life of a circuit. */
interface ConnectionMask {
  /** The weights' shape. */
  readonly shape: Shape;
  /** 1 where two units are connected, else 0; absent where that is given. */
  draw?(random: RandomStream): Float32Array;
}

/** Values that come with a wiring instead of being drawn, row-major in the weights' shape. */
export interface GivenValues {
  /** Weights to start from; absent: drawn. */
  readonly weights?: Float32Array;
  /** Values of the mask; absent: drawn, or there is none. */
  readonly mask?: Float32Array;
}

/** Where values come from: they are at hand, or lie in a file that has to be read before a network starts. */
export type GivenSource = {
  /** What to do where they turn out to be transposed, in words. */
  readonly turn: string;
} & (
  | { readonly values: GivenValues; readonly file?: undefined }
  | {
      readonly values?: undefined;
      readonly file: {
        readonly path: string;
        /** Checksum that the file has to have, hexadecimal; absent: it may be anything. */
        readonly sha256?: string;
        /** @throws DataError where the bytes are not what is expected of the file, naming the file */
        read(bytes: Uint8Array): Promise<GivenValues>;
      };
    }
);

/**
 * Which units a projection connects, compiled for two populations. The three operations are linear in their tensors;
 * a topology knows nothing of learning rules, and rules know topologies only through them.
 */
export interface WiredProjection {
  /** Absent where the wiring is fixed and has no weights, as in pooling. */
  readonly weights?: WeightLayout;
  /**
   * Present where only some of the weights exist. All others are 0: from the start, since the weights drawn are multiplied by
   * the mask, and ever after, since their updates are 0.
   */
  readonly mask?: ConnectionMask;
  /** Present where weights or mask are not drawn. */
  readonly given?: GivenSource;
  /** Drive of the postsynaptic population [batch, dimension, units] from presynaptic rates. */
  drive(rates: Tensor, weight: Tensor | undefined): Tensor;
  /**
   * Carries an error at the postsynaptic drive back to the presynaptic rates, through the weights given.
   *
   * @param rates presynaptic rates, which decide where a wiring that selects (max pooling) sends the error
   */
  transport(error: PostsynapticError, weight: Tensor | undefined, rates: Tensor): PostsynapticError;
  /**
   * Postsynaptic error times presynaptic rate, summed over the batch, in the weights' shape; absent without weights.
   *
   * @param mask the values of the projection's mask, where it has one
   */
  update?(rates: Tensor, error: PostsynapticError, mask?: Tensor): Tensor;
}

declare module "../../kinds/families.ts" {
  interface Families {
    topology: FamilyOf<ProjectionLayout, WiredProjection>;
  }
}

/**
 * A kind of wiring: `refuse` says why two populations cannot be connected so, `build` wires them. `drive` and `transport` of
 * what is built must be transposes of each other.
 */
export const defineTopology = definer("topology", ["drive", "transport"]);

/** Settings of a window that slides over the presynaptic map. */
export const WindowSettings = z.strictObject({
  /** Side of the window, units. */
  kernel: z.int().min(1),
  /** Units from one position to the next; default 1. */
  stride: z.int().min(1).default(1),
  /** Units by which the first position lies beyond the border; default 0. */
  padding: z.int().min(0).default(0),
});
