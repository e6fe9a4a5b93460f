import { dense } from "./dense.ts";
import { averagePool, maxPool } from "./pooling.ts";
import type { Topology } from "./topology.ts";
import { convolutional, local } from "./windowed.ts";

/** Topologies by name. */
export const topologies: Readonly<Record<string, Topology>> = {
  dense,
  convolutional,
  local,
  "average-pool": averagePool,
  "max-pool": maxPool,
};
