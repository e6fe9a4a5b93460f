import * as z from "zod";
import type { PopulationState } from "../../circuits/activity.ts";
import { isLearning, type Network, type Population } from "../../circuits/network.ts";
import { multiplyTransposed } from "../../compute/kernels/contraction.ts";
import { addBias, ones } from "../../compute/kernels/pointwise.ts";
import { rowProducts } from "../../compute/kernels/reduction.ts";
import { addScaled, scale, scaleRows } from "../../compute/kernels/scaling.ts";
import { type Shape, sizeOf } from "../../compute/shape.ts";
import { reshape, type Tensor } from "../../compute/trace.ts";
import { isPositiveSingle, positiveSingle } from "../../kinds/single-precision.ts";
import type { PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import { correlate, scalarReward } from "../channels/scalar-reward.ts";
import { type Updates, updatesFromDrives } from "../local-updates.ts";
import type { PerturbedPass, PlasticCircuit } from "../plastic-circuit.ts";
import { defineRule, type RuleMemory } from "./rule.ts";

const expectedLoss = "expected-loss";
const meanDrive = (population: string) => `${population}/mean-drive`;
const eligibility = (parameter: string) => `${parameter}/eligibility`;

/**
 * A three-factor Hebbian rule with eligibility: presynaptic rate times postsynaptic fluctuation marks a synapse as
 * eligible, and a scalar reward prediction error, broadcast to all, turns the mark into a change. With exploratory noise
 * xi = +-1 of amplitude s on every drive a, running means a~ and L~ of drive and loss, and trials (batches) t = 1, 2, ...:
 *
 *   H_ij   = (a_i - a~_i) . h_j                         Hebbian coincidence of a sample
 *   E_ij  <- decay E_ij + mean over samples of H_ij     eligibility, kept between trials
 *   dW_ij  = (mean over samples of (L - L~) H_ij + mean of (L - L~) * decay E_ij before the trial) / s^2
 *
 * so that with one sample a trial dW = (L - L~) E / s^2, the rule as it is written for animals; samples of a batch are
 * trials side by side that share the mark of earlier ones.
 *
 * Averaged over the noise, with a~ and L~ drive and loss without noise and decay 0, dW is delta_i . h_j (up to s^2) with
 *
 *   delta_i = g_i + sum over drives m below i of (d a_i / d a_m) g_m,   g the gradient at the drive:
 *
 * the gradient in populations that the input alone drives. A unit further up receives the noise of the units below it and
 * mistakes that noise for its own exploration. With different stimuli a~ is not the drive without noise: the rule mistakes
 * fluctuations of the stimulus for exploration too, a bias that it is known for (Fremaux, Sprekeler & Gerstner 2010).
 *
 * Plausible: all three factors are local or global scalars, one pass a stimulus, no knowledge of the noise. Not: that
 * every drive fluctuates independently, and the number of trials it takes.
 * Sources: Legenstein, Chase, Schwartz & Maass 2010 (exploratory Hebbian rule); Fremaux & Gerstner 2016, section 2.
 */
export const threeFactor = defineRule({
  kind: "three-factor",
  summary:
    "three-factor Hebbian rule: eligibility from pre times post fluctuation, turned to change by a scalar reward",
  settings: z.strictObject({
    /** Amplitude of the exploratory noise on each drive. */
    amplitude: positiveSingle
      .refine(
        (value) => isPositiveSingle(value ** -2),
        "expected a number from 5.5e-20 to 9.2e18, by whose square single precision can divide",
      )
      .default(0.01),
    /** Share of the eligibility that is kept from one trial to the next. */
    decay: z.number().min(0).max(1).default(0.1),
    /** Share of the running means that is kept from one trial to the next. */
    averaging: z.number().min(0).max(1).default(0.9),
  }),
  refuse: (_settings, { steps }) =>
    steps === 1
      ? undefined
      : `its running means are of one drive for each unit, and the circuit has ${steps} time steps; use node-perturbation, or 1 step`,
  build: ({ amplitude, decay, averaging }) => ({
    memories: (network) => ({
      // What a guess among classes costs, so that the first trials are not all surprises.
      [expectedLoss]: { shape: [1], initial: Math.log(network.reports[0]!.units) },
      ...Object.fromEntries(
        network.populations.map(({ name, dimension, units }): [string, RuleMemory] => [
          meanDrive(name),
          { shape: [dimension, units], initial: 0 },
        ]),
      ),
      ...Object.fromEntries(
        plasticShapes(network).map(([name, shape]): [string, RuleMemory] => [eligibility(name), { shape, initial: 0 }]),
      ),
    }),
    updates(circuit) {
      const pass = circuit.perturbed(amplitude);
      const reward = surpriseOf(circuit, pass);
      const now = coincidences(circuit, pass, reward, amplitude ** -2);
      const { sums: meanReward } = rowProducts({
        left: reshape(reward, [1, reward.shape[0]!]),
        right: ones({ like: reward }, { shape: [1, reward.shape[0]!] }).result,
      });
      return new Map(
        [...now].map(([name, update]) => {
          const marked = multiplied(circuit.kept(eligibility(name)), meanReward, decay * amplitude ** -2);
          return [name, addScaled({ left: update, right: marked }, { factor: 1 }).result];
        }),
      );
    },
    remember(circuit) {
      const pass = circuit.perturbed(amplitude);
      const marks = [...coincidences(circuit, pass, circuit.weights, 1)].map(([name, mark]): [string, Tensor] => [
        eligibility(name),
        addScaled({ left: mark, right: circuit.kept(eligibility(name)) }, { factor: decay }).result,
      ]);
      const batch = circuit.weights.shape[0]!;
      const mean = (values: Tensor, columns: number) =>
        multiplyTransposed({ left: reshape(circuit.weights, [batch, 1]), right: reshape(values, [batch, columns]) })
          .product;
      const averaged = (name: string, value: Tensor): [string, Tensor] => {
        const before = circuit.kept(name);
        const { result: left } = scale({ values: before }, { factor: averaging });
        return [name, addScaled({ left, right: reshape(value, before.shape) }, { factor: 1 - averaging }).result];
      };
      const drives = pass.activity.states.map(({ population, drive }) =>
        averaged(meanDrive(population.name), mean(drive, population.dimension * population.units)),
      );
      return new Map([...marks, ...drives, averaged(expectedLoss, mean(pass.loss, 1))]);
    },
  }),
});

/** (L - L~), weighted per sample, [batch]. */
function surpriseOf(circuit: PlasticCircuit, { loss }: PerturbedPass): Tensor {
  const batch = loss.shape[0]!;
  const { result: each } = ones({ like: loss }, { shape: [batch] });
  return scalarReward(circuit, loss, multiplied(each, circuit.kept(expectedLoss), 1));
}

/** factor sum_b reward[b] (a - a~)_i . h_j for every parameter. */
function coincidences(circuit: PlasticCircuit, pass: PerturbedPass, reward: Tensor, factor: number): Updates {
  const atDrives = pass.activity.states.map((state): [PopulationState, PostsynapticError] => {
    const { result: opposite } = scale({ values: circuit.kept(meanDrive(state.population.name)) }, { factor: -1 });
    const fluctuation = addBias({ drive: state.drive, bias: opposite }).result;
    return [state, { kind: "own", delta: correlate(reward, fluctuation, factor) }];
  });
  return updatesFromDrives(circuit, new Map(atDrives));
}

/** factor by[0] values, whatever the shape. */
function multiplied(values: Tensor, by: Tensor, factor: number): Tensor {
  const flat = reshape(values, [1, sizeOf(values.shape)]);
  return reshape(scaleRows({ values: flat, scales: by }, { factor }).result, values.shape);
}

/** Shapes of all parameters that learn, by name. */
function plasticShapes({ populations }: Network): [string, Shape][] {
  return populations.flatMap(({ incoming, bias, frozen, dimension, periods }: Population): [string, Shape][] => [
    ...incoming.filter(isLearning).map(({ weight, weights }): [string, Shape] => [weight, weights.shape]),
    ...(bias && !frozen ? [[bias, [dimension, periods.bias]] as [string, Shape]] : []),
  ]);
}
