import type { WindowSizes } from "../kernels/window-layout.ts";

/** Up to this many places a patch is multiplied by the SIMD module: below, products spend their time on packing. */
const smallPatch = 32;

export const isSmall = ({ patch }: Pick<WindowSizes, "patch">): boolean => patch <= smallPatch;
