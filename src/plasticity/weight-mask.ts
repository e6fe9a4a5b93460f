import { isWeighted, type Network, type Projection, type WeightedProjection } from "../circuits/network.ts";
import { parameterShapes } from "../circuits/observation.ts";
import { multiply } from "../compute/kernels/pointwise.ts";
import { keepAbove } from "../compute/kernels/threshold.ts";
import { type Program, tracePlan } from "../compute/plan.ts";
import type { Tensor, Trace } from "../compute/trace.ts";
import { gradient } from "./gradient.ts";
import type { Objective } from "./objectives/objective.ts";
import type { Optimiser } from "./optimisers/optimiser.ts";
import { memoryName, traceStep } from "./optimisers/trace-step.ts";
import { plasticCircuit } from "./plastic-circuit.ts";
import { outputVerdict, tracePresentation } from "./presentation.ts";

/** Name of the resident that holds the scores of a projection's weights. */
export const scoreName = (projection: string): string => `score/${projection}`;
/** Name of the plan input below which scores drop their weight, [1]. */
export const thresholdName = "threshold";

/**
 * A program that learns which weights of a frozen network suffice for an objective: a weight takes part where its score
 * reaches the threshold, w' = w [score >= threshold], and scores descend along d loss / d w' times w, as if the threshold
 * passed errors on unchanged (straight through). The threshold is for the caller to set, so that a chosen share stays.
 * Plans "train" and "evaluate" are fed as those of `learningProgram`, with the threshold besides.
 * Sources: Ramanujan et al. 2020; Bena & Goodman 2021, section 3.
 *
 * @param chosen projections whose weights have scores; all others take part whole
 */
export function weightMaskProgram({
  network,
  objective,
  optimiser,
  batch,
  chosen,
}: {
  readonly network: Network;
  readonly objective: Objective;
  readonly optimiser: Optimiser;
  readonly batch: number;
  readonly chosen: readonly WeightedProjection[];
}): Program {
  const scored = new Set<Projection>(chosen);
  const residents = parameterShapes(network);
  for (const { name, weights } of chosen) {
    residents[scoreName(name)] = weights.shape;
    for (const memory of optimiser.memories) residents[memoryName(scoreName(name), memory)] = weights.shape;
  }
  /** Weights as they take part, and the presentation through them. */
  const present = (trace: Trace) => {
    const threshold = trace.input(thresholdName, [1]);
    const kept = (projection: Projection): Tensor | undefined => {
      if (!isWeighted(projection)) return undefined;
      const values = trace.resident(projection.weight);
      if (!scored.has(projection)) return values;
      return keepAbove({ values, scores: trace.resident(scoreName(projection.name)), threshold }).result;
    };
    return tracePresentation(trace, network, objective, batch, { weight: kept });
  };
  return {
    residents,
    plans: {
      train: tracePlan("train", residents, (trace) => {
        const presentation = present(trace);
        const weights = trace.input("weights", [batch], "finite");
        const schedule = trace.input("schedule", [optimiser.scheduleSize], "finite");
        const updates = gradient(plasticCircuit(trace, network, { ...presentation, weights }));
        for (const { name, weight } of chosen) {
          const score = scoreName(name);
          const update = updates.get(weight);
          if (!update) continue;
          const left = multiply({ left: update, right: trace.resident(weight) }).result;
          traceStep(trace, { name: score, decays: true }, left, optimiser, schedule);
        }
        outputVerdict(trace, presentation.judgement);
      }),
      evaluate: tracePlan("evaluate", residents, (trace) => {
        const { judgement } = present(trace);
        outputVerdict(trace, judgement);
      }),
    },
  };
}
