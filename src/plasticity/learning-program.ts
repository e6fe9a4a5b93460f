import { inhibitionShapes } from "../circuits/inhibition-of-return.ts";
import { lastHiddenPopulation } from "../circuits/last-hidden.ts";
import { type Network, stimuliInputs } from "../circuits/network.ts";
import { penaltySlope } from "../compute/kernels/penalty.ts";
import { add } from "../compute/kernels/pointwise.ts";
import { type Plan, type Program, tracePlan } from "../compute/plan.ts";
import { randomStream } from "../compute/random.ts";
import { type Shape, sizeOf } from "../compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../compute/trace.ts";
import { UsageError } from "../kinds/errors.ts";
import type { TargetShape } from "../tasks/targets.ts";
import { traceAlignment } from "./alignment.ts";
import type { Updates } from "./local-updates.ts";
import { namingClasses } from "./objectives/classification.ts";
import type { Objective } from "./objectives/objective.ts";
import type { Optimiser } from "./optimisers/optimiser.ts";
import { memoryName, traceStep } from "./optimisers/trace-step.ts";
import { plasticCircuit } from "./plastic-circuit.ts";
import { outputVerdict, tracePresentation } from "./presentation.ts";
import type { LearningRule } from "./rules/rule.ts";
import { updatesOf } from "./updates-of.ts";

interface LearningOptions {
  readonly network: Network;
  readonly rule: LearningRule;
  readonly optimiser: Optimiser;
  /** What the circuit is to achieve; default: classification. */
  readonly objective?: Objective;
  /** Targets as the task gives them; default: as the objective asks for them, without weights. */
  readonly targets?: readonly TargetShape[] | undefined;
  /** Stimuli in a batch; a short batch is padded, with weight 0. */
  readonly batch: number;
}

/**
 * Network, objective, rule and optimiser as one program of plans that share weights. Plans are fed the stimuli of each input
 * (`stimuliName`), what the objective asks for (`labelsName`, `valuesName`, `targetWeightsName`), weights [batch] (1/n for
 * real samples, 0 for padding) where they learn, and noise where there is any (`explorationName`, `fluctuationName`):
 * - train: also the optimiser's schedule -> loss [batch], what metrics are made of (`Judgement.sums`; of a classification
 *   wrong [batch]) and, where the objective does not ask the same of every sample, asked [batch]; changes every plastic
 *   parameter;
 * - evaluate: -> the same, and what the objective gives besides, such as scores [batch, classes];
 * - align: -> sums from which `readAlignment` gives angles; changes nothing;
 * - represent: stimuli -> rates [batch, dimension * units] of the last hidden population at the last time step, component by
 *   component; changes nothing. Left out where only inputs project to the readouts.
 *
 * Where network or objective remember something from one presentation of a batch to the next (inhibition of return), train
 * and evaluate keep it, and `continuesName` says whether a presentation is one.
 *
 * Labels are whole numbers from 0 to classes - 1, also where the weight is 0, and all else is finite: a session refuses
 * others with a DataError before it runs, since one of them would spread to every weight.
 *
 * @throws UsageError when rule or objective make no sense in the network, with the reason
 */
export function learningProgram(options: LearningOptions): Program {
  const { network, rule, optimiser, objective = namingClasses, batch, targets } = options;
  checkFit(network, rule, objective);
  const residents = residentShapes({ ...options, objective });
  const plan = (name: string, orchestrate: (trace: Trace) => void): Plan => tracePlan(name, residents, orchestrate);
  const lastHidden = lastHiddenPopulation(network);
  const remember = (trace: Trace, memories: ReadonlyMap<string, Tensor>) => {
    for (const [name, value] of memories) trace.assign(name, value);
  };

  return {
    residents,
    plans: {
      train: plan("train", (trace) => {
        const { circuit, presentation } = traceError(trace, network, objective, batch, targets);
        const schedule = trace.input("schedule", [optimiser.scheduleSize], "finite");
        const updates = withPenalty(trace, network, updatesOf(rule, network, circuit), objective.weightPenalty);
        for (const parameter of network.parameters) {
          const update = updates.get(parameter.name);
          if (parameter.plastic && update) traceStep(trace, parameter, update, optimiser, schedule);
        }
        for (const [memory, value] of rule.remember?.(circuit) ?? []) trace.assign(memory, value);
        remember(trace, presentation.memories);
        outputVerdict(trace, presentation.judgement);
      }),
      evaluate: plan("evaluate", (trace) => {
        const { judgement, memories } = tracePresentation(trace, network, objective, batch, { targets });
        remember(trace, memories);
        outputVerdict(trace, judgement);
        for (const [name, value] of Object.entries(judgement.outputs)) trace.output(name, value);
      }),
      align: plan("align", (trace) => traceAlignmentOf(trace, { ...options, objective })),
      ...(lastHidden && {
        represent: plan("represent", (trace) => {
          const activity = network.propagate(trace, { stimuli: stimuliInputs(trace, network, batch) });
          const { rates } = activity.state(lastHidden.name, network.steps - 1)!;
          trace.output("rates", reshape(rates, [batch, sizeOf(rates.shape) / batch]));
        }),
      }),
    },
  };
}

/**
 * The plan "align" of `learningProgram` alone, for a network that will not learn: nothing of an optimiser is kept, so that
 * wide networks fit into memory. `startValues` gives what is kept its values.
 *
 * @throws UsageError when rule or objective make no sense in the network, with the reason
 */
export function alignmentProgram(options: Omit<LearningOptions, "optimiser">): Program {
  const { network, rule, objective = namingClasses } = options;
  checkFit(network, rule, objective);
  const residents = residentShapes({ ...options, objective });
  return {
    residents,
    plans: { align: tracePlan("align", residents, (trace) => traceAlignmentOf(trace, { ...options, objective })) },
  };
}

type Judged = Omit<LearningOptions, "optimiser" | "objective"> & { readonly objective: Objective };

function traceAlignmentOf(trace: Trace, { network, rule, objective, batch, targets }: Judged): void {
  const { circuit } = traceError(trace, network, objective, batch, targets);
  traceAlignment(trace, network, circuit, rule);
}

function checkFit(network: Network, rule: LearningRule, objective: Objective): void {
  const { name } = network.description;
  const misfit = objective.refuse(network);
  if (misfit) throw new UsageError(`objective "${objective.name}" does not fit circuit "${name}": ${misfit}`);
  const refusal = rule.refuse(network);
  if (refusal) throw new UsageError(`rule "${rule.name}" cannot train circuit "${name}": ${refusal}`);
}

/** Presentation of a batch with its errors, ready for a rule. */
export function traceError(
  trace: Trace,
  network: Network,
  objective: Objective,
  batch: number,
  targets?: readonly TargetShape[],
) {
  const presentation = tracePresentation(trace, network, objective, batch, { targets });
  const weights = trace.input("weights", [batch], "finite");
  return { presentation, circuit: plasticCircuit(trace, network, { ...presentation, weights }) };
}

/** Updates with the slope of what weights cost, for those that a rule teaches; biases cost nothing. */
function withPenalty(
  trace: Trace,
  { parameters }: Network,
  updates: Updates,
  cost: Objective["weightPenalty"],
): Updates {
  if (cost === undefined || (cost.l1 === 0 && cost.l2 === 0)) return updates;
  const decaying = new Set(parameters.filter(({ decays }) => decays).map(({ name }) => name));
  return new Map(
    [...updates].map(([name, update]) => {
      if (!decaying.has(name)) return [name, update];
      const { result: slope } = penaltySlope({ values: trace.resident(name) }, cost);
      return [name, add({ left: update, right: reshape(slope, update.shape) }).result];
    }),
  );
}

/**
 * Shapes of everything a program keeps: the network's parameters, what the rule keeps, the optimiser's memories of plastic
 * parameters where there is one, and what stays from one presentation of a batch to the next.
 */
function residentShapes({
  network,
  rule,
  optimiser,
  objective,
  batch,
}: Judged & { readonly optimiser?: Optimiser }): Record<string, Shape> {
  const shapes: Record<string, Shape> = {};
  for (const kept of [rule.fixed?.(network), rule.memories?.(network)])
    for (const [name, { shape }] of Object.entries(kept ?? {})) shapes[name] = shape;
  for (const { name, shape, plastic } of network.parameters) {
    shapes[name] = shape;
    if (plastic) for (const memory of optimiser?.memories ?? []) shapes[memoryName(name, memory)] = shape;
  }
  return { ...shapes, ...inhibitionShapes(network, batch), ...objective.memories(network, batch) };
}

/** Values of all residents that do not start at 0: parameters, fixed values and memories of the rule. */
export function startValues(
  network: Network,
  rule: LearningRule,
  seed: number,
  given?: ReadonlyMap<string, Float32Array>,
): Map<string, Float32Array> {
  const values = network.initialise(seed, given);
  for (const [name, { stream, draw }] of Object.entries(rule.fixed?.(network) ?? {}))
    values.set(name, draw(randomStream(seed, stream)));
  for (const [name, { shape, initial }] of Object.entries(rule.memories?.(network) ?? {}))
    values.set(
      name,
      typeof initial === "number"
        ? new Float32Array(sizeOf(shape)).fill(initial)
        : initial.draw(randomStream(seed, initial.stream)),
    );
  return values;
}
