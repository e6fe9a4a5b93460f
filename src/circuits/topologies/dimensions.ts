import type { ProjectionLayout } from "./topology.ts";

/** Why weights cannot connect units of these dimensions; undefined where they can. */
export function dimensionMisfit({ pre, post }: ProjectionLayout): string | undefined {
  return pre.dimension === post.dimension || pre.dimension === 1
    ? undefined
    : `units of dimension ${pre.dimension} cannot drive units of dimension ${post.dimension}; give both the same dimension`;
}
