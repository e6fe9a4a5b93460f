import { lastHiddenPopulation } from "../circuits/last-hidden.ts";
import type { Network } from "../circuits/network.ts";
import { weightBounds } from "../circuits/sign.ts";
import { UsageError } from "../compute/errors.ts";
import { crossEntropy, softmaxError, wrongDecision } from "../compute/kernels/decision.ts";
import { type Plan, type Program, tracePlan } from "../compute/plan.ts";
import { randomStream } from "../compute/random.ts";
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
 * - train: stimuli [batch, units], labels [batch], weights [batch] (1/n for real samples, 0 for padding), schedule, and of
 *   a noisy rule the noise of every population -> loss [batch], wrong [batch]; changes every plastic parameter;
 * - evaluate: stimuli, labels -> loss, wrong, scores [batch, classes]; changes nothing;
 * - align: stimuli, labels, weights, noise -> sums from which `readAlignment` gives angles; changes nothing;
 * - represent: stimuli -> rates [batch, dimension * units] of the last hidden population, component by component; changes
 *   nothing. Left out where only the input projects to the readout.
 *
 * Labels are whole numbers from 0 to classes - 1, also where the weight is 0, and all else is finite: a session refuses
 * others with a DataError before it runs, since one of them would spread to every weight.
 *
 * @throws UsageError when the rule makes no sense in the network, with the reason
 */
export function learningProgram(options: LearningOptions): Program {
  const { network, rule, optimiser, batch } = options;
  checkRule(rule, network);
  const residents = residentShapes(network, rule, optimiser);
  const plan = (name: string, orchestrate: (trace: Trace) => void): Plan => tracePlan(name, residents, orchestrate);
  const stimuliOf = (trace: Trace) => trace.input("stimuli", [batch, network.input.units], "finite");
  const lastHidden = lastHiddenPopulation(network);

  return {
    residents,
    plans: {
      train: plan("train", (trace) => {
        const { circuit, scores, labels } = traceError(trace, network, batch);
        const schedule = trace.input("schedule", [optimiser.scheduleSize], "finite");
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
        for (const [memory, value] of rule.remember?.(circuit) ?? []) trace.assign(memory, value);
        trace.output("loss", crossEntropy({ scores, labels }).loss);
        trace.output("wrong", wrongDecision({ scores, labels }).wrong);
      }),
      evaluate: plan("evaluate", (trace) => {
        const { scores } = network.propagate(trace, stimuliOf(trace));
        const labels = trace.input("labels", [batch], { below: network.classes });
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
 * The plan "align" of `learningProgram` alone, for a network that will not learn: nothing of an optimiser is kept, so that
 * wide networks fit into memory. `startValues` gives what is kept its values.
 *
 * @throws UsageError when the rule makes no sense in the network, with the reason
 */
export function alignmentProgram(options: Omit<LearningOptions, "optimiser">): Program {
  const { network, rule } = options;
  checkRule(rule, network);
  const residents = residentShapes(network, rule);
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
  const stimuli = trace.input("stimuli", [batch, network.input.units], "finite");
  const labels = trace.input("labels", [batch], { below: network.classes });
  const weights = trace.input("weights", [batch], "finite");
  const activity = network.propagate(trace, stimuli);
  const { error } = softmaxError({ scores: activity.scores, labels, weights });
  const circuit = plasticCircuit(trace, network, { stimuli, labels, weights, activity, error });
  return { circuit, scores: activity.scores, labels, activity, error };
}

/**
 * Shapes of everything a program keeps: the network's parameters, what the rule keeps, and the optimiser's memories of
 * plastic parameters where there is one.
 */
function residentShapes(network: Network, rule: LearningRule, optimiser?: Optimiser): Record<string, Shape> {
  const shapes: Record<string, Shape> = {};
  for (const kept of [rule.fixed?.(network), rule.memories?.(network)])
    for (const [name, { shape }] of Object.entries(kept ?? {})) shapes[name] = shape;
  for (const { name, shape, plastic } of network.parameters) {
    shapes[name] = shape;
    if (plastic) for (const memory of optimiser?.memories ?? []) shapes[memoryName(name, memory)] = shape;
  }
  return shapes;
}

/** Values of all residents that do not start at 0: parameters, fixed values and memories of the rule. */
export function startValues(network: Network, rule: LearningRule, seed: number): Map<string, Float32Array> {
  const values = network.initialise(seed);
  for (const [name, { stream, draw }] of Object.entries(rule.fixed?.(network) ?? {}))
    values.set(name, draw(randomStream(seed, stream)));
  for (const [name, { shape, initial }] of Object.entries(rule.memories?.(network) ?? {}))
    values.set(name, new Float32Array(sizeOf(shape)).fill(initial));
  return values;
}
