import type { KernelThread } from "../kernel.ts";
import { expectRank, expectShape, type Shape } from "../shape.ts";
import { type MapSize, unitsOfMap, type Window, windowConstants } from "./window.ts";

/**
 * Projections between maps through windows. Rates are [samples, units], a map's units in the order row, column, channel;
 * weights are [groups, rows, patch]: a patch holds the presynaptic units under a window, again in the order row, column,
 * channel; rows are the filters of a convolution, which all positions share, or positions x filters of a local
 * projection. Groups are sets of weights that see the same rates: the K components of vector units that scalar units
 * drive. Drives and errors are [samples, groups, positions x filters].
 */
export interface WindowAttributes extends Window {
  /** The presynaptic map. */
  readonly map: MapSize;
  /** Postsynaptic channels. */
  readonly filters: number;
}

/**
 * Numbers frozen into the call of a window kernel. `patch` are the presynaptic units under a window, `weightRows` the rows of
 * a group's weights, and `weightStep` those from one position to the next: 0 where positions share them.
 */
export type WindowSizes = Readonly<Record<WindowConstant, number>>;
type WindowConstant =
  | "height"
  | "width"
  | "channels"
  | "kernel"
  | "stride"
  | "padding"
  | "outHeight"
  | "outWidth"
  | "filters"
  | "patch"
  | "units"
  | "postUnits"
  | "groups"
  | "samples"
  | "weightRows"
  | "weightStep";

/** What `this` is in the bodies of window kernels. */
export type WindowThread = KernelThread<WindowConstant>;

/** Positions that windows have on a map. */
export const positionsOf = ({ outHeight, outWidth }: Pick<WindowSizes, "outHeight" | "outWidth">): number =>
  outHeight * outWidth;

/** Whether positions have weights of their own. */
export interface Sharing {
  readonly name: string;
  readonly perPosition: boolean;
}

/** Constants and sizes that all kernels of a sharing have in common. */
export function layoutOf(name: string, { perPosition }: Sharing, { map, filters, ...window }: WindowAttributes) {
  const { constants, positions, patch } = windowConstants(name, map, window);
  return {
    constants: {
      ...constants,
      filters,
      patch,
      units: unitsOfMap(map),
      postUnits: positions * filters,
      weightRows: perPosition ? positions * filters : filters,
      weightStep: perPosition ? filters : 0,
    },
    units: unitsOfMap(map),
    postUnits: positions * filters,
    patch,
    weightRows: perPosition ? positions * filters : filters,
  };
}

/** Filters that all positions share. */
export const convolution: Sharing = { name: "convolution", perPosition: false };
/** Weights of each position's own. */
export const local: Sharing = { name: "local", perPosition: true };

/** Errors at the postsynaptic drive are [samples, groups, post units]; gives the samples. */
export function expectError(name: string, error: Shape, groups: number, postUnits: number): number {
  expectRank(name, "error", error, 3);
  expectShape(name, "error", error, [error[0]!, groups, postUnits]);
  return error[0]!;
}
