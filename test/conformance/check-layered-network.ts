import { buildOptimiser, buildRule } from "../../src/built-in.ts";
import type { Network } from "../../src/circuits/network.ts";
import type { Executor } from "../../src/compute/executor.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import type { Shape } from "../../src/compute/shape.ts";
import { learningProgram, traceError } from "../../src/plasticity/learning-program.ts";
import { namingClasses } from "../../src/plasticity/objectives/classification.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import type { LearningRule } from "../../src/plasticity/rules/rule.ts";
import { channelsLast } from "./case-order.ts";
import type { Compared, Quantities } from "./comparison.ts";
import {
  batchOf,
  inOrder,
  type LayeredCase,
  type LayerParts,
  networkOf,
  partsOf,
  populationOf,
  startValues,
} from "./layered-circuit.ts";
import type { ConventionalNetworkCase, VectorizedNetworkCase } from "./layered-network.ts";
import { type Parameters, placesOf } from "./layers.ts";

/** The settings that the cases were made with. */
const optimiser = buildOptimiser(adam({ rate: 3e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }));
const bp = buildRule({ kind: "bp" });

interface Outcome {
  readonly output: { readonly data: number[] };
  readonly loss: number;
  readonly error: { readonly data: number[] };
}

/** Builds a vectorized network, runs it on a device, and sets what came out beside what the case expects. */
export async function checkVectorizedNetwork(
  reference: VectorizedNetworkCase,
  executor: Executor,
): Promise<Quantities> {
  const { expect, vectorDim, layers, input } = reference;
  const gevb = buildRule({ kind: "gevb" });
  const measured = await runCase(reference, vectorDim, executor, gevb, new Map());
  const places = placesOf(layers, input);
  const outputs = layers.map(({ type }, index): [string, Compared] => {
    const weighted = type === "dense" || type === "conv" || type === "local";
    const source = type === "gate" || type === "flatten" ? sourceOf(reference, index) : index;
    const got = measured.results[`${weighted ? "drive" : "rates"} ${populationOf(source)}`]!;
    // A flattened map is in the circuit's order already where a case flattens channels last.
    return [
      `layerOutputs ${index}`,
      { got, expected: channelsLast(expect.layerOutputs[index]!, places[index]!.behind) },
    ];
  });
  return {
    ...outcomeOf(measured, expect),
    ...Object.fromEntries(outputs),
    ...compared(measured.parts, "gevb", expect.gevb, (name) => measured.results[`gevb ${name}`]!),
    ...compared(measured.parts, "bp", expect.bp, (name) => measured.results[`bp ${name}`]!),
    ...compared(measured.parts, "adam", expect.afterThreeAdamStepsGevb, (name) => measured.trained[name]!),
  };
}

/** The same for a network of scalar units and DFA. */
export async function checkConventionalNetwork(
  reference: ConventionalNetworkCase,
  executor: Executor,
): Promise<Quantities> {
  const { expect, feedback } = reference;
  const dfa = buildRule({ kind: "dfa" });
  const [classes, columns] = feedback.shape as [number, number];
  const network = networkOf(reference, 1);
  const matrices = partsOf(reference, network, 1).map(({ population, behind }): [string, Float32Array] => {
    const rows = Array.from({ length: classes }, (_, c) =>
      feedback.data.slice(c * columns, c * columns + population.units),
    );
    const { channels, height, width, map } = behind;
    const shape = map ? [classes, channels, height, width] : [classes, channels];
    return [`feedback/${population.name}`, channelsLast({ shape, data: rows.flat() }, behind)];
  });
  const kept = Object.keys(dfa.fixed!(network));
  const measured = await runCase(
    reference,
    1,
    executor,
    dfa,
    new Map(matrices.filter(([name]) => kept.includes(name))),
  );
  return {
    ...outcomeOf(measured, expect),
    ...compared(measured.parts, "bp", expect.bp, (name) => measured.results[`bp ${name}`]!),
    ...compared(measured.parts, "dfa", expect.dfa, (name) => measured.results[`dfa ${name}`]!),
  };
}

interface Measured {
  readonly parts: readonly LayerParts[];
  readonly results: Readonly<Record<string, Float32Array>>;
  /** Parameters after three training steps. */
  readonly trained: Readonly<Record<string, Float32Array>>;
}

async function runCase(
  reference: LayeredCase,
  dimension: number,
  executor: Executor,
  rule: LearningRule,
  kept: ReadonlyMap<string, Float32Array>,
): Promise<Measured> {
  const network = networkOf(reference, dimension);
  const parts = partsOf(reference, network, dimension);
  const { batch, feeds, ones } = batchOf(reference);
  const learning = learningProgram({ network, rule, optimiser, batch });
  const measure = measurePlan(network, batch, rule, learning.residents);
  const session = await executor.load({ residents: learning.residents, plans: { ...learning.plans, measure } });
  try {
    for (const [name, values] of [...startValues(reference, parts), ...kept]) await session.write(name, values);
    const [first] = await session.run("measure", [{ ...feeds, ones }]);
    const results = Object.fromEntries(Object.entries(first!).map(([name, values]) => [name, values.slice()]));
    for (const step of [1, 2, 3]) await session.run("train", [{ ...feeds, schedule: optimiser.schedule(step) }]);
    const trained: Record<string, Float32Array> = {};
    for (const { name, plastic } of network.parameters) if (plastic) trained[name] = await session.read(name);
    return { parts, results, trained };
  } finally {
    await session.dispose();
  }
}

/** Everything that a case expects before training. */
function measurePlan(network: Network, batch: number, rule: LearningRule, residents: Readonly<Record<string, Shape>>) {
  return tracePlan("measure", residents, (trace) => {
    const { circuit, presentation } = traceError(trace, network, namingClasses, batch);
    const scores = presentation.judgement.outputs.scores!;
    trace.output("output", scores);
    trace.output("loss", circuit.loss);
    // The case's error is not weighted: each sample counts 1.
    trace.output("error", presentation.judgement.error(trace.input("ones", [batch])).vectors[0]!.error);
    for (const { population, drive, rates } of circuit.activity.states) {
      trace.output(`drive ${population.name}`, drive);
      trace.output(`rates ${population.name}`, rates);
    }
    for (const each of [rule, bp])
      for (const [name, update] of each.updates(circuit)) trace.output(`${each.name} ${name}`, update);
  });
}

/** The layer whose population a gate or flatten layer belongs to. */
function sourceOf({ layers }: LayeredCase, index: number): number {
  let source = index;
  while (["gate", "alternating-relu", "flatten"].includes(layers[source]!.type)) source--;
  return source;
}

function outcomeOf({ results }: Measured, expect: Outcome): Record<string, Compared> {
  const losses = results.loss!;
  return {
    output: { got: results.output!, expected: expect.output.data },
    loss: { got: [losses.reduce((sum, loss) => sum + loss, 0) / losses.length], expected: [expect.loss] },
    error: { got: results.error!, expected: expect.error.data },
  };
}

/** Weights and biases of every layer, got under the names of residents. */
function compared(
  parts: readonly LayerParts[],
  name: string,
  expected: readonly Parameters[],
  got: (resident: string) => Float32Array,
): Record<string, Compared> {
  return Object.fromEntries(
    parts.flatMap((part, index) =>
      Object.entries(inOrder(part, expected[index]!)).map(([resident, values]): [string, Compared] => [
        `${name} ${resident === part.projection.weight ? "weight" : "bias"} ${index}`,
        { got: got(resident), expected: values },
      ]),
    ),
  );
}
