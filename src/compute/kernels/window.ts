import { ShapeError } from "../../kinds/errors.ts";
import { describeShape, type Shape } from "../shape.ts";

/** Sizes of a map of units. Unit (row, column, channel) has index (row width + column) channels + channel. */
export interface MapSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A square window that slides over a map; beyond the map's border it sees zeros. */
export interface Window {
  /** Side of the window, units. */
  readonly kernel: number;
  /** Units from one position to the next. */
  readonly stride: number;
  /** Units by which the first position lies beyond the border. */
  readonly padding: number;
}

/** Units of a map. */
export const unitsOfMap = ({ height, width, channels }: MapSize): number => height * width * channels;

/** "28 x 28 x 1" */
export const describeMap = ({ height, width, channels }: MapSize): string => `${height} x ${width} x ${channels}`;

/** Positions of a window along a side of `size` units: floor((size + 2 padding - kernel) / stride) + 1; 0 or less: none. */
export function windowPositions(size: number, { kernel, stride, padding }: Window): number {
  return Math.floor((size + 2 * padding - kernel) / stride) + 1;
}

/**
 * Numbers that bodies of window kernels need, and the number of positions.
 *
 * @throws ShapeError when the window does not fit into the map once
 */
export function windowConstants(name: string, map: MapSize, { kernel, stride, padding }: Window) {
  const { height, width, channels } = map;
  const outHeight = windowPositions(height, { kernel, stride, padding });
  const outWidth = windowPositions(width, { kernel, stride, padding });
  if (outHeight < 1 || outWidth < 1)
    throw new ShapeError(
      `${name}: a window of ${kernel} x ${kernel} does not fit into a map of ${describeMap(map)} with padding ${padding}`,
    );
  return {
    constants: { height, width, channels, kernel, stride, padding, outHeight, outWidth },
    positions: outHeight * outWidth,
    /** Presynaptic units under one window. */
    patch: kernel * kernel * channels,
  };
}

/** @throws ShapeError unless the last dimension of an argument holds every unit of the map */
export function expectMap(kernel: string, argument: string, shape: Shape, units: number): void {
  if (shape[shape.length - 1] !== units)
    throw new ShapeError(
      `${kernel}: "${argument}" has shape ${describeShape(shape)}, expected ${units} units in its last dimension`,
    );
}
