import type { Population } from "../../circuits/network.ts";
import { multiplyMatrices } from "../../compute/kernels/contraction.ts";
import { reshape, type Tensor } from "../../compute/trace.ts";
import type { PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import type { PlasticCircuit } from "../plastic-circuit.ts";

/**
 * Direct, fixed random weights: the readout's error e reaches each population at once, through a matrix of its own,
 * delta_j = sum_c B_cj e_c. No weight is transported and no layer waits for the next; the price is a projection from the
 * readout to every unit. The readout itself has its own error.
 * Source: Nokland 2016; Clark, Abbott & Chung 2021, section 4.
 *
 * @param feedback B of a population, [classes, units]
 */
export function direct(
  circuit: PlasticCircuit,
  feedback: (population: Population) => Tensor,
): Map<string, PostsynapticError> {
  const { populations, readout, readoutError, errorVector } = circuit;
  return new Map(
    populations.map((population): [string, PostsynapticError] => {
      if (population === readout) return [population.name, readoutError];
      const { product } = multiplyMatrices({ left: errorVector, right: feedback(population) });
      return [population.name, { kind: "own", delta: reshape(product, [product.shape[0]!, 1, population.units]) }];
    }),
  );
}
