import fc from "fast-check";
import { buildNetwork } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { type Network, stimuliName } from "../../src/circuits/network.ts";
import { randomStream } from "../../src/compute/random.ts";
import type { Part } from "../../src/kinds/kind.ts";
import { labelsName, targetWeightsName, valuesName } from "../../src/plasticity/objectives/target-inputs.ts";
import { explorationName } from "../../src/plasticity/plastic-circuit.ts";
import { fluctuationName } from "../../src/plasticity/presentation.ts";
import type { TargetShape } from "../../src/tasks/targets.ts";
import type { Asked } from "../oracles/objective-losses.ts";
import { drawValues } from "./circuit-cases.ts";

/** A circuit in time with an objective, targets that fit both, and a batch as a plan is fed it. */
export interface ObjectiveCase {
  readonly network: Network;
  readonly objective: Part;
  readonly shapes: readonly TargetShape[];
  readonly batch: number;
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly feeds: Readonly<Record<string, Float32Array>>;
  /** What is asked of a sample. */
  asked(sample: number): Asked;
}

/** Leaves of objectives: what they ask of a report, and when. */
const leaves: readonly Part[] = [
  { kind: "classification" },
  { kind: "classification-over-time" },
  { kind: "squared-error", time: "decision" },
  { kind: "squared-error", time: "steps" },
];
const leaf = fc.constantFrom(...leaves);
const isOfClasses = ({ kind }: Part) => kind.startsWith("classification");
const isOverTime = ({ kind, time }: Part) => kind === "classification-over-time" || time === "steps";

interface Drawn {
  steps: number;
  gain: string;
  leak: number;
  reports: { objective: Part; units: number; over: boolean; weights: "none" | "once" | "steps"; each: boolean }[];
  combine: "alone" | "several" | "penalised" | "both";
  weights: [number, number];
  penalty: { l1: number; l2: number };
  batch: number;
  seed: number;
}

/**
 * One hidden population in time, with a loop onto itself and a leak, that one or two readouts of their own sizes read; an
 * objective for each of them, of its own or the same for both; with targets once or at each step, weighted or not.
 *
 * @param among objectives to draw from; default: all
 * @param most time steps
 */
export const objectiveCases = (among: fc.Arbitrary<Part> = leaf, most = 4): fc.Arbitrary<ObjectiveCase> =>
  fc
    .record<Drawn>({
      steps: fc.integer({ min: 1, max: most }),
      gain: fc.constantFrom("tanh", "softplus", "sigmoid", "linear"),
      leak: fc.constantFrom(1, 0.4),
      reports: fc.array(
        fc.record({
          objective: among,
          units: fc.integer({ min: 2, max: 3 }),
          over: fc.boolean(),
          weights: fc.constantFrom("none", "once", "steps"),
          each: fc.boolean(),
        }),
        { minLength: 1, maxLength: 2 },
      ),
      combine: fc.constantFrom("alone", "several", "penalised", "both"),
      weights: fc.tuple(fc.constantFrom(1, 0.5, 3), fc.constantFrom(1, 2)),
      penalty: fc.record({ l1: fc.constantFrom(0, 0.3), l2: fc.constantFrom(0.2, 1) }),
      batch: fc.integer({ min: 1, max: 3 }),
      seed: fc.nat(2 ** 31 - 1),
    })
    .map(objectiveCase);

function objectiveCase(drawn: Drawn): ObjectiveCase {
  const { steps, gain, leak, batch, seed } = drawn;
  // One objective for all reports asks the same of each.
  const reports =
    drawn.combine === "alone" || drawn.combine === "penalised"
      ? drawn.reports.map((report) => ({ ...report, objective: drawn.reports[0]!.objective }))
      : drawn.reports;
  const network = buildNetwork(
    circuit("objectives", (c) => {
      c.steps(steps);
      const input = c.input("input", { units: 2, timing: "varying" });
      const hidden = c.population("hidden", { units: 3, gain, leak });
      c.project(input, hidden);
      if (steps > 1) c.project(hidden, hidden, { delay: 1 });
      for (const [index, { units }] of reports.entries()) {
        const readout = c.population(`report-${index}`, { units });
        // A second readout speaks a step later, so that it has nothing to say at first.
        c.project(hidden, readout, { delay: index > 0 && steps > 1 ? 1 : 0 });
        c.readout(readout);
      }
      c.decision({ module: "each" });
    }),
  );
  const random = randomStream(seed, "targets");
  const feeds: Record<string, Float32Array> = { weights: new Float32Array(batch).fill(1 / batch) };
  const draw = (name: string, length: number, value: () => number) => {
    feeds[name] = Float32Array.from({ length }, value);
  };
  const names = (count: number, nameOf: (step?: number) => string) =>
    count === 1 ? [nameOf()] : Array.from({ length: count }, (_, step) => nameOf(step));
  for (const name of names(steps, (step) => stimuliName("input", step))) draw(name, batch * 2, () => random.normal());
  for (const { name, units } of network.populations)
    for (let step = 0; step < steps; step++) {
      draw(fluctuationName(name, step), batch * units, () => 0);
      draw(explorationName(name, step), batch * units, () => (random.uniform() < 0.5 ? -1 : 1));
    }
  const shapes = reports.map(({ objective, units, over, weights, each }, index): TargetShape => {
    const times = isOverTime(objective) ? steps : 1;
    const counted = weights === "steps" ? times : 1;
    const shape = {
      name: `target ${index}`,
      steps: over ? times : 1,
      ...(weights !== "none" && { weights: { steps: counted, units: each && !isOfClasses(objective) ? units : 1 } }),
    };
    return isOfClasses(objective) ? { kind: "class", classes: units, ...shape } : { kind: "values", units, ...shape };
  });
  for (const [index, shape] of shapes.entries()) {
    for (const name of names(shape.steps, (step) =>
      shape.kind === "class" ? labelsName(index, step) : valuesName(index, step),
    ))
      if (shape.kind === "class") draw(name, batch, () => random.integer(0, shape.classes - 1));
      else draw(name, batch * shape.units, () => random.normal());
    if (!shape.weights) continue;
    for (const name of names(shape.weights.steps, (step) => targetWeightsName(index, step)))
      draw(name, batch * shape.weights.units, () => [0, 0, 0.5, 1, 2][random.integer(0, 4)]!);
  }
  return {
    network,
    objective: described(drawn, reports),
    shapes,
    batch,
    values: drawValues(network, seed),
    feeds,
    asked: (sample) => askedOf(shapes, feeds, sample),
    [fc.toStringMethod]: () => JSON.stringify({ ...drawn, shapes }),
  } as ObjectiveCase;
}

function described({ combine, weights, penalty }: Drawn, reports: Drawn["reports"]): Part {
  const several = {
    kind: "several",
    of: Object.fromEntries(
      reports.map(({ objective }, index) => [
        `part${index}`,
        { objective, report: index, weight: weights[index === 0 ? 0 : 1] },
      ]),
    ),
  };
  const inner = combine === "several" || combine === "both" ? several : reports[0]!.objective;
  return combine === "penalised" || combine === "both"
    ? { kind: "penalised", objective: inner, rates: penalty }
    : inner;
}

function askedOf(shapes: readonly TargetShape[], feeds: Readonly<Record<string, Float32Array>>, sample: number): Asked {
  const at = (name: (step?: number) => string, steps: number, units: number, step: number, unit: number) =>
    feeds[name(steps === 1 ? undefined : step)]![sample * units + Math.min(unit, units - 1)]!;
  return {
    shapes,
    value(target, step, unit) {
      const shape = shapes[target]!;
      return shape.kind === "class"
        ? at((each) => labelsName(target, each), shape.steps, 1, step, 0)
        : at((each) => valuesName(target, each), shape.steps, shape.units, step, unit);
    },
    weight(target, step, unit) {
      const { weights } = shapes[target]!;
      return weights ? at((each) => targetWeightsName(target, each), weights.steps, weights.units, step, unit) : 1;
    },
  };
}
