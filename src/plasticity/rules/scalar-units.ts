import type { Network } from "../../circuits/network.ts";

/** Why a rule for scalar units cannot train a network; undefined where it can. */
export function scalarUnitsOnly({ populations }: Network): string | undefined {
  const vector = populations.find(({ dimension }) => dimension > 1);
  return vector
    ? `its random feedback weights are for scalar units, those of "${vector.name}" have dimension ${vector.dimension}; use gevb, bp or node-perturbation, or scalar units`
    : undefined;
}
