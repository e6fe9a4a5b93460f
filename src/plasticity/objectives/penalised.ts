import * as z from "zod";
import type { Activity, PopulationState } from "../../circuits/activity.ts";
import type { Network, Population } from "../../circuits/network.ts";
import { penalty, penaltySlope } from "../../compute/kernels/penalty.ts";
import { add, multiply } from "../../compute/kernels/pointwise.ts";
import { sumPositions } from "../../compute/kernels/reduction.ts";
import { scale, scaleRows } from "../../compute/kernels/scaling.ts";
import { shareOf } from "../../compute/kernels/weighting.ts";
import { reshape, type Tensor } from "../../compute/trace.ts";
import { described } from "../../kinds/described.ts";
import { didYouMean } from "../../kinds/errors.ts";
import type { Part } from "../../kinds/kind.ts";
import { nonNegativeSingle } from "../../kinds/single-precision.ts";
import { addError, type PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import type { Metrics } from "./metric.ts";
import { defineObjective, type Objective } from "./objective.ts";
import { weighed } from "./question.ts";

/** Of a size x: l1 |x| + l2 x^2. */
const sizes = { l1: nonNegativeSingle.default(0), l2: nonNegativeSingle.default(0) };

const Penalised = z.strictObject({
  /** What is to be achieved besides. */
  objective: described("objective").default({ kind: "classification" }),
  /** What rates cost: the mean over units, components and time steps of l1 |rate| + l2 rate^2. */
  rates: z
    .strictObject({
      ...sizes,
      /** Populations whose rates cost; absent: all but the readouts. */
      populations: z.array(z.string()).min(1).optional(),
    })
    .prefault({}),
  /** What weights cost: the sum over all weights that learn of l1 |w| + l2 w^2; biases cost nothing. */
  weights: z.strictObject(sizes).prefault({}),
});

type RateCost = z.output<typeof Penalised>["rates"];

/**
 * An objective with what activity and connections cost besides:
 *
 *   loss = the objective's + mean over units n and steps t of (l1 |r_n(t)| + l2 r_n(t)^2), which learning descends along
 *   with sum over weights of (l1 |w| + l2 w^2) on top.
 *
 * The cost of rates is part of the loss of each sample. Its slope arises at every unit itself, l1 sign(r) + 2 l2 r, so that
 * no channel has to bring it; rules that carry errors further carry this one too. Rates before a drive reaches a population
 * are 0 and cost nothing.
 *
 * The cost of weights is not part of the loss that is recorded. Its slope, l1 sign(w) + 2 l2 w, adds to the update of every
 * rule: the optimiser takes it through its moments, unlike the decay of adamw, which acts on weights beside them.
 *
 * Settings: objective (classification), rates: l1 (0), l2 (0), populations (all but readouts), weights: l1 (0), l2 (0).
 */
export const penalised = defineObjective({
  kind: "penalised",
  summary: "an objective with penalties (L1, L2) on rates and weights",
  settings: Penalised,
  refuse({ objective, rates: { populations = [] } }, network, library) {
    const names = network.populations.map(({ name }) => name);
    const unknown = populations.find((name) => !names.includes(name));
    if (unknown !== undefined)
      return `rates, populations: "${unknown}" does not exist${didYouMean(unknown, names)}; there are ${names.join(", ")}`;
    return library.refuse("objective", objective as Part, network);
  },
  build: ({ objective, rates, weights }, library) =>
    withPenalties(library.build("objective", objective as Part, undefined), rates, weights),
});

function withPenalties(
  inner: Objective,
  rates: RateCost,
  weights: { readonly l1: number; readonly l2: number },
): Omit<Objective, "name" | "refuse"> {
  const { name: _name, refuse: _refuse, weightPenalty: own = { l1: 0, l2: 0 }, ...objective } = inner;
  const costly = rates.l1 > 0 || rates.l2 > 0;
  return {
    ...objective,
    unit: costly ? `${inner.unit} + penalty of rates` : inner.unit,
    metrics: costly ? { ...inner.metrics, ...metrics } : inner.metrics,
    weightPenalty: { l1: own.l1 + weights.l1, l2: own.l2 + weights.l2 },
    prepare(trace, network, given) {
      const judge = inner.prepare(trace, network, given);
      if (!costly) return judge;
      const populations = costlyPopulations(network, rates.populations);
      return (activity) => {
        const judged = judge(activity);
        const cost = costOfRates(activity, populations, network.steps, rates);
        const { asked } = judged;
        const column = asked && reshape(asked, [asked.shape[0]!, 1]);
        // Where nothing is asked of a sample, its rates cost nothing either.
        const counted = asked
          ? multiply({ left: cost.loss, right: shareOf({ part: asked, whole: asked }).result }).result
          : cost.loss;
        return {
          ...judged,
          loss: add({ left: judged.loss, right: counted }).result,
          sums: { ...judged.sums, ratePenalty: weighed(cost.loss, column) },
          error(shares) {
            const errors = judged.error(shares);
            const costs = new Map(errors.costs ?? []);
            for (const [state, error] of cost.errors(shares)) addError(costs, state, error);
            return { ...errors, costs };
          },
        };
      };
    },
  };
}

const metrics: Metrics = { ratePenalty: { unit: "", better: "less", of: "penalty of rates" } };

const costlyPopulations = ({ populations, readouts }: Network, wanted: readonly string[] | undefined) =>
  populations.filter((population) => (wanted ? wanted.includes(population.name) : !readouts.includes(population)));

/** What the rates of some populations cost each sample, [batch], and the errors that arise of it. */
function costOfRates({ states }: Activity, populations: readonly Population[], steps: number, { l1, l2 }: RateCost) {
  const count = steps * populations.reduce((sum, { units, dimension }) => sum + units * dimension, 0);
  const costly = states.filter(({ population }) => populations.includes(population));
  const rows = (values: Tensor) => {
    const [batch, dimension, units] = values.shape as [number, number, number];
    return reshape(values, [batch, dimension * units]);
  };
  const losses = costly.map(({ rates }) => {
    const flat = rows(penalty({ values: rates }, { l1, l2 }).result);
    const [batch, columns] = flat.shape as [number, number];
    return reshape(sumPositions({ values: reshape(flat, [batch, columns, 1]) }).sums, [batch]);
  });
  const sum = losses.reduce((left, right) => add({ left, right }).result);
  return {
    loss: scale({ values: sum }, { factor: 1 / count }).result,
    errors: (scales: Tensor) =>
      costly.map((state): [PopulationState, PostsynapticError] => {
        const values = rows(penaltySlope({ values: state.rates }, { l1, l2 }).result);
        const { result } = scaleRows({ values, scales }, { factor: 1 / count });
        return [state, { kind: "own", delta: reshape(result, state.rates.shape) }];
      }),
  };
}
