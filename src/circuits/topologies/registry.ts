import { dense } from "./dense.ts";
import type { Topology } from "./topology.ts";

/** Topologies by name. */
export const topologies: Readonly<Record<string, Topology>> = { dense };
