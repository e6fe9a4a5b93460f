import { componentMean, components } from "./components.ts";
import { dense } from "./dense.ts";
import { oneToOne } from "./one-to-one.ts";
import { averagePool, maxPool } from "./pooling.ts";
import { sparse } from "./sparse.ts";
import type { Topology } from "./topology.ts";
import { transposedConvolutional } from "./transposed.ts";
import { upsample } from "./upsample.ts";
import { convolutional, local } from "./windowed.ts";

/** Topologies by name. */
export const topologies: Readonly<Record<string, Topology>> = {
  dense,
  convolutional,
  local,
  sparse,
  "one-to-one": oneToOne,
  "transposed-convolutional": transposedConvolutional,
  "average-pool": averagePool,
  "max-pool": maxPool,
  upsample,
  components,
  "component-mean": componentMean,
};
