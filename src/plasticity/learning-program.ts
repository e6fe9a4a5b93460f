import { lastHiddenPopulation } from "../circuits/last-hidden.ts";
import type { Network } from "../circuits/network.ts";
import { weightBounds } from "../circuits/sign.ts";
import { UsageError } from "../compute/errors.ts";
import { crossEntropy, softmaxError, wrongDecision } from "../compute/kernels/decision.ts";
import { type Plan, type Program, tracePlan } from "../compute/plan.ts";
import { type Shape, sizeOf } from "../compute/shape.ts";
import { reshape, type Trace } from "../compute/trace.ts";
import { traceAlignment } from "./alignment.ts";
import type { Optimiser } from "./optimisers/optimiser.ts";
import { plasticCircuit } from "./plastic-circuit.ts";
import type { LearningRule } from "./rules/rule.ts";

export interface LearningOptions {
  readonly network: Network;
  readonly rule: LearningRule;
  readonly optimiser: Optimiser;
  /** Stimuli in a batch; a short batch is padded, with weight 0. */
  readonly batch: number;
}

/** Name of the resident that holds an optimiser's memory of a parameter. */
export const memoryName = (parameter: string, memory: string) => `${parameter}/${memory}`;

/**
 * Network, rule and optimiser as one program of plans that share weights:
 * - train: stimuli [batch, units], labels [batch], weights [batch] (1/n for real samples, 0 for padding), schedule ->
 *   loss [batch], wrong [batch]; changes every plastic parameter;
 * - evaluate: stimuli, labels -> loss, wrong, scores [batch, classes]; changes nothing;
 * - align: stimuli, labels, weights -> sums from which `readAlignment` gives angles; changes nothing;
 * - represent: stimuli -> rates [batch, dimension * units] of the last hidden population, component by component; changes
 *   nothing. Left out where only the input projects to the readout.
 *
 * @throws UsageError when the rule makes no sense in the network, with the reason
 */
export function learningProgram(options: LearningOptions): Program {
  const { network, rule, optimiser, batch } = options;
  checkRule(rule, network);
  const residents = residentShapes(network, optimiser);
  const plan = (name: string, orchestrate: (trace: Trace) => void): Plan => tracePlan(name, residents, orchestrate);
  const stimuliOf = (trace: Trace) => trace.input("stimuli", [batch, network.description.input.units]);
  const lastHidden = lastHiddenPopulation(network);

  return {
    residents,
    plans: {
      train: plan("train", (trace) => {
        const { circuit, scores, labels } = traceError(trace, network, batch);
        const schedule = trace.input("schedule", [optimiser.scheduleSize]);
        const updates = rule.updates(circuit);
        for (const { name, sign, plastic } of network.parameters) {
          const update = updates.get(name);
          if (!plastic || !update) continue;
          const stepped = optimiser.step(
            trace.resident(name),
            update,
            Object.fromEntries(optimiser.memories.map((memory) => [memory, trace.resident(memoryName(name, memory))])),
            schedule,
            { ...weightBounds[sign], decays: network.projections.some(({ weight }) => weight === name) },
          );
          trace.assign(name, stepped.parameter);
          for (const [memory, value] of Object.entries(stepped.memories)) trace.assign(memoryName(name, memory), value);
        }
        trace.output("loss", crossEntropy({ scores, labels }).loss);
        trace.output("wrong", wrongDecision({ scores, labels }).wrong);
      }),
      evaluate: plan("evaluate", (trace) => {
        const { scores } = network.propagate(trace, stimuliOf(trace));
        const labels = trace.input("labels", [batch]);
        trace.output("loss", crossEntropy({ scores, labels }).loss);
        trace.output("wrong", wrongDecision({ scores, labels }).wrong);
        trace.output("scores", scores);
      }),
      align: plan("align", (trace) => traceAlignmentOf(trace, options)),
      ...(lastHidden && {
        represent: plan("represent", (trace) => {
          const rates = network.propagate(trace, stimuliOf(trace)).rates.get(lastHidden.name)!;
          trace.output("rates", reshape(rates, [batch, sizeOf(rates.shape) / batch]));
        }),
      }),
    },
  };
}

/**
 * The plan "align" of `learningProgram` alone, for a network that will not learn: nothing is kept but its parameters, so that
 * wide networks fit into memory.
 *
 * @throws UsageError when the rule makes no sense in the network, with the reason
 */
export function alignmentProgram(options: Omit<LearningOptions, "optimiser">): Program {
  const { network, rule } = options;
  checkRule(rule, network);
  const residents = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, shape]));
  return { residents, plans: { align: tracePlan("align", residents, (trace) => traceAlignmentOf(trace, options)) } };
}

function traceAlignmentOf(trace: Trace, { network, rule, batch }: Omit<LearningOptions, "optimiser">): void {
  const { circuit } = traceError(trace, network, batch);
  traceAlignment(trace, network, circuit, rule);
}

function checkRule(rule: LearningRule, network: Network): void {
  const refusal = rule.refuse(network);
  if (refusal)
    throw new UsageError(`rule "${rule.name}" cannot train circuit "${network.description.name}": ${refusal}`);
}

/** Forward pass and readout error of a batch, ready for a rule. */
export function traceError(trace: Trace, network: Network, batch: number) {
  const stimuli = trace.input("stimuli", [batch, network.description.input.units]);
  const labels = trace.input("labels", [batch]);
  const weights = trace.input("weights", [batch]);
  const activity = network.propagate(trace, stimuli);
  const { error } = softmaxError({ scores: activity.scores, labels, weights });
  return { circuit: plasticCircuit(trace, network, activity, error), scores: activity.scores, labels, activity, error };
}

/** Shapes of everything a program keeps: the network's parameters and the optimiser's memories of the plastic ones. */
export function residentShapes(network: Network, optimiser: Optimiser): Record<string, Shape> {
  const shapes: Record<string, Shape> = {};
  for (const { name, shape, plastic } of network.parameters) {
    shapes[name] = shape;
    if (plastic) for (const memory of optimiser.memories) shapes[memoryName(name, memory)] = shape;
  }
  return shapes;
}
