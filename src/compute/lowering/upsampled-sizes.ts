import { convolutionTransport } from "../kernels/convolution.ts";
import { upsampleNearest } from "../kernels/upsample.ts";
import type { WindowSizes } from "../kernels/window-layout.ts";
import type { PlanStep } from "../step.ts";

/** Sizes of windows over an upsampled map, and how large the map is that is brought to their positions. */
export interface UpsampledWindow extends WindowSizes {
  readonly sourceHeight: number;
  readonly sourceWidth: number;
}

/** Constants of a fused step. */
export interface UpsampledSizes extends UpsampledWindow {
  /** Pairs of a map and filters that are added; of a drive, filters that errors are driven through. */
  readonly sources: number;
  /** Filters whose updates are made of the same errors; 0 in a transport. */
  readonly updates: number;
}

/**
 * Sizes that both ends must agree on; undefined where patches would lie beyond the border or filters come in groups.
 *
 * @param window a step through windows that are centred on the sites of the larger map
 * @param scaling the step between that map and the smaller one, either way
 */
export function upsampledWindow(window: PlanStep, scaling: PlanStep): UpsampledWindow | undefined {
  const sizes = convolutionTransport.constantsOf(window);
  if (sizes.groups !== 1 || sizes.padding !== 0) return undefined;
  const { height, width, channels, outHeight, outWidth } = upsampleNearest.constantsOf(scaling);
  // The same values may have been read in another shape.
  if (channels !== sizes.filters || outHeight !== sizes.outHeight || outWidth !== sizes.outWidth) return undefined;
  return { ...sizes, sourceHeight: height, sourceWidth: width };
}

export const sameWindow = (left: UpsampledWindow, right: UpsampledWindow): boolean =>
  JSON.stringify(left) === JSON.stringify(right);
