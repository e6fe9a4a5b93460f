import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork, buildObjective, buildOptimiser, buildRule } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { stimuliName } from "../../src/circuits/network.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { randomStream } from "../../src/compute/random.ts";
import type { Shape } from "../../src/compute/shape.ts";
import type { Part } from "../../src/kinds/kind.ts";
import { gradient } from "../../src/plasticity/gradient.ts";
import { learningProgram, startValues, traceError } from "../../src/plasticity/learning-program.ts";
import { metricValue } from "../../src/plasticity/objectives/metric.ts";
import type { JudgedBatch } from "../../src/plasticity/objectives/objective.ts";
import { labelsName, targetWeightsName, valuesName } from "../../src/plasticity/objectives/target-inputs.ts";
import { outputVerdict } from "../../src/plasticity/presentation.ts";
import type { TargetShape } from "../../src/tasks/targets.ts";
import { tallyOf } from "../../src/training/tally.ts";
import { drawValues } from "../arbitraries/circuit-cases.ts";
import { expectClose, expectSameGradient, largestRate } from "../arbitraries/circuit-close.ts";
import { type ObjectiveCase, objectiveCases } from "../arbitraries/objective-cases.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";
import { type Asked, objectiveLoss, saidAt } from "../oracles/objective-losses.ts";
import { respondInTime } from "../oracles/recurrent-response.ts";

/** What a plan gives of a batch: the verdict, and the gradient of the weighted sum of losses. */
async function measure({ network, objective, shapes, batch, values, feeds }: ObjectiveCase) {
  const residents = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, shape]));
  const judged = buildObjective(objective);
  const plan = tracePlan("measure", residents, (trace) => {
    const { circuit, presentation } = traceError(trace, network, judged, batch, shapes);
    outputVerdict(trace, presentation.judgement);
    for (const { population, step, rates } of circuit.activity.states)
      trace.output(`rates ${population.name}@${step}`, rates);
    for (const [name, update] of gradient(circuit)) trace.output(`gradient ${name}`, update);
  });
  const session = await interpreter.load({ residents, plans: { measure: plan } });
  for (const [name, value] of values) await session.write(name, value);
  const [results] = await session.run("measure", [
    Object.fromEntries(Object.entries(feeds).filter(([name]) => plan.inputs.has(name))),
  ]);
  const sums = Object.keys(results!).filter((name) => !/^(rates|gradient) |^(loss|asked)$/.test(name));
  const rates = new Map(Object.entries(results!).filter(([name]) => name.startsWith("rates ")));
  return { judged, results: results!, rates, tally: tallyOf(results!, sums, batch) };
}

/** Losses of all samples and how much is asked of each, by the oracle. */
const answersOf = (
  { network: { description }, objective, feeds, batch, asked }: ObjectiveCase,
  values: ReadonlyMap<string, ArrayLike<number>>,
) =>
  Array.from({ length: batch }, (_, sample) =>
    objectiveLoss(
      objective,
      description,
      respondInTime(description, values, withoutLabels(feeds), sample).rates,
      asked(sample),
    ),
  );

/** The oracle of responses names a class too, which is of no interest here. */
const withoutLabels = (feeds: ObjectiveCase["feeds"]) => ({
  ...feeds,
  labels: new Float32Array(9),
  "labels/1": new Float32Array(9),
});

const meanOf = (answers: readonly { asked: number; loss: number }[]) => {
  const asked = answers.reduce((sum, each) => sum + each.asked, 0);
  return asked > 0 ? answers.reduce((sum, each) => sum + each.asked * each.loss, 0) / asked : 0;
};

/** What is asked of a batch as an objective sees it before a device does. */
function judgedBatch({ shapes, feeds, batch }: ObjectiveCase): JudgedBatch {
  const columns = (count: number, nameOf: (step?: number) => string) =>
    count === 1 ? [feeds[nameOf()]!] : Array.from({ length: count }, (_, step) => feeds[nameOf(step)]!);
  const targets = shapes.map(({ kind, steps, weights }, index) => ({
    values: columns(steps, (step) => (kind === "class" ? labelsName(index, step) : valuesName(index, step))),
    ...(weights && { weights: columns(weights.steps, (step) => targetWeightsName(index, step)) }),
  }));
  return { targets, context: {}, count: batch };
}

describe("every objective", () => {
  it("tells from a batch alone whether it asks nothing of any sample", async () => {
    let idle = 0;
    await fc.assert(
      fc.asyncProperty(objectiveCases(), fc.boolean(), async (drawn, silent) => {
        const feeds = Object.fromEntries(
          Object.entries(drawn.feeds).map(([name, values]) => [
            name,
            silent && name.startsWith("targetWeights") ? values.map(() => 0) : values,
          ]),
        );
        const { judged, tally } = await measure({ ...drawn, feeds });
        const asksNothing = judged.idle!(judgedBatch({ ...drawn, feeds }), 0, drawn.network);
        expect(asksNothing).toBe(tally.asked === 0);
        if (asksNothing) idle++;
      }),
      { numRuns: 60 },
    );
    expect(idle).toBeGreaterThan(3);
  });

  it("gives each sample the loss of its equation, and the mean over what is asked", async () => {
    await fc.assert(
      fc.asyncProperty(objectiveCases(), async (drawn) => {
        const { results, tally } = await measure(drawn);
        const answers = answersOf(drawn, drawn.values);
        expectClose(
          results.loss!,
          answers.map(({ loss }) => loss),
          "loss",
        );
        expectClose(
          results.asked ?? answers.map(() => 1),
          answers.map(({ asked }) => asked),
          "asked",
        );
        if (tally.asked > 0) expect(tally.loss / tally.asked).toBeCloseTo(meanOf(answers), 3);
        expect(tally.count).toBe(answers.filter(({ asked }) => asked > 0).length);
      }),
      { numRuns: 60 },
    );
  });

  it("gives errors whose back-propagation is the numerical gradient of the mean loss, for every parameter", async () => {
    const step = 1e-5;
    await fc.assert(
      fc.asyncProperty(objectiveCases(), async (drawn) => {
        const { results, rates } = await measure(drawn);
        const shifted = new Map([...drawn.values].map(([name, array]) => [name, Float64Array.from(array)]));
        for (const { name } of drawn.network.parameters) {
          const array = shifted.get(name)!;
          const slopes = Array.from(array, (value, at) => {
            const [above, below] = [value + step, value - step].map((moved) => {
              array[at] = moved;
              return meanOf(answersOf(drawn, shifted));
            });
            array[at] = value;
            return (above! - below!) / (2 * step);
          });
          expectSameGradient(results[`gradient ${name}`], slopes, largestRate(rates), name);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Answers of all samples with what was said, question by question. */
function questionsOf({ network, shapes, feeds, values, batch, objective, asked }: ObjectiveCase) {
  const { description } = network;
  const overTime = objective.kind === "classification-over-time" || objective.time === "steps";
  const times = overTime ? Array.from({ length: description.steps }, (_, step) => step) : [description.steps - 1];
  return Array.from({ length: batch }, (_, sample) => {
    const { rates } = respondInTime(description, values, withoutLabels(feeds), sample);
    const of: Asked = asked(sample);
    return shapes.map((_, report) =>
      times.map((step) => ({
        said: saidAt(rates, `report-${report}`, step, network.reports[report]!.units),
        value: (unit: number) => of.value(report, overTime ? step : 0, unit),
        weight: (unit: number) => of.weight(report, overTime ? step : 0, unit),
      })),
    );
  });
}

const sum = (all: readonly number[]) => all.reduce((total, each) => total + each, 0);
const mean = (all: readonly number[]) => sum(all) / all.length;
const isWrong = ({ said, value }: { said: number[]; value(unit: number): number }) =>
  Number(said.indexOf(Math.max(...said)) !== value(0));

describe("metrics", () => {
  const values = fc.constantFrom<Part>(
    { kind: "squared-error", time: "decision" },
    { kind: "squared-error", time: "steps" },
  );
  const alone = (among: fc.Arbitrary<Part>) =>
    objectiveCases(among).filter(({ objective }) => objective.kind !== "several" && objective.kind !== "penalised");
  const metricsOf = async (drawn: ObjectiveCase) => {
    const { judged, tally } = await measure(drawn);
    return Object.fromEntries(
      Object.entries(judged.metrics).map(([name, metric]) => [name, metricValue(name, metric, tally)]),
    );
  };

  it("of values are the mean absolute error and the share of variance that is explained", async () => {
    await fc.assert(
      fc.asyncProperty(alone(values), async (drawn) => {
        const found = await metricsOf(drawn);
        const samples = questionsOf(drawn);
        const asked = sum(samples.flat(2).map(({ said, weight }) => mean(said.map((_, unit) => weight(unit)))));
        if (asked === 0) {
          expect(found).toEqual({ r2: null, absoluteError: null });
          return;
        }
        const absolute = samples
          .flat(2)
          .map(({ said, value, weight }) => mean(said.map((y, unit) => weight(unit) * Math.abs(y - value(unit)))));
        expect(found.absoluteError).toBeCloseTo(sum(absolute) / asked, 4);
        let [residual, variance, squares] = [0, 0, 0];
        for (const [report, { units }] of drawn.network.reports.entries())
          for (let unit = 0; unit < units; unit++) {
            const all = samples.flatMap((reports) => reports[report]!);
            const weights = all.map(({ weight }) => weight(unit));
            const middle = sum(all.map(({ value }, at) => weights[at]! * value(unit))) / sum(weights);
            residual += sum(all.map(({ said, value }, at) => weights[at]! * (said[unit]! - value(unit)) ** 2));
            squares += sum(all.map(({ value }, at) => weights[at]! * value(unit) ** 2));
            if (sum(weights) > 0)
              variance += sum(all.map(({ value }, at) => weights[at]! * (value(unit) - middle) ** 2));
          }
        // Sums of single precision hold a variance as well as it is large beside the squares; what is below their digits is none.
        const share = variance / squares;
        if (share > 1e-3) expectClose([found.r2!], [1 - residual / variance], "R^2", 1e-3);
        else if (share > 1e-5) expectClose([found.r2!], [1 - residual / variance], "R^2", 0.1);
        else if (share < 1e-7 || squares === 0) expect(found.r2).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  it("of classes over time are shares of trials, by their last step that is asked, and of steps", async () => {
    await fc.assert(
      fc.asyncProperty(alone(fc.constant({ kind: "classification-over-time" })), async (drawn) => {
        const found = await metricsOf(drawn);
        const samples = questionsOf(drawn);
        const all = samples.flat(2).map((each) => ({ wrong: isWrong(each), weight: each.weight(0) }));
        const asked = sum(all.map(({ weight }) => weight));
        if (asked === 0) {
          expect(found).toEqual({ error: null, stepError: null });
          return;
        }
        expect(found.stepError).toBeCloseTo(sum(all.map(({ wrong, weight }) => wrong * weight)) / asked, 5);
        const last = samples.flatMap((reports) =>
          reports.flatMap((steps) => {
            const question = steps.findLast(({ weight }) => weight(0) > 0);
            return question ? [isWrong(question)] : [];
          }),
        );
        expect(found.error).toBeCloseTo(mean(last), 5);
      }),
      { numRuns: 60 },
    );
  });
});

const rules: readonly Part[] = [
  { kind: "bp" },
  { kind: "fa" },
  { kind: "dfa" },
  { kind: "node-perturbation", amplitude: 0.1 },
  { kind: "by-pathway", forward: { kind: "dfa" } },
  { kind: "three-factor" },
];
/** Time steps that a rule can learn over. */
const mostSteps = ({ kind }: Part) => (kind === "three-factor" ? 1 : 4);

/** Updates of a rule by parameter. */
async function updatesOf(
  description: Part,
  { network, objective, shapes, batch, values, feeds }: Omit<ObjectiveCase, "asked">,
): Promise<Readonly<Record<string, Float32Array>>> {
  const rule = buildRule(description);
  const residents: Record<string, Shape> = {};
  for (const { name, shape } of network.parameters) residents[name] = shape;
  for (const [name, { shape }] of Object.entries({ ...rule.fixed?.(network), ...rule.memories?.(network) }))
    residents[name] = shape;
  const plan = tracePlan("updates", residents, (trace) => {
    const { circuit } = traceError(trace, network, buildObjective(objective), batch, shapes);
    for (const [name, update] of rule.updates(circuit)) trace.output(name, update);
  });
  const session = await interpreter.load({ residents, plans: { updates: plan } });
  for (const [name, value] of [...startValues(network, rule, 1), ...values]) await session.write(name, value);
  const taken = Object.fromEntries(Object.entries(feeds).filter(([name]) => plan.inputs.has(name)));
  const [results] = await session.run("updates", [taken]);
  return results!;
}

describe.each(rules)("by $kind", (rule) => {
  it("what is not asked has no influence on any update", async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(objectiveCases(undefined, mostSteps(rule)), async (drawn) => {
        const other: Record<string, Float32Array> = { ...drawn.feeds };
        for (const [index, shape] of drawn.shapes.entries()) {
          const { weights } = shape;
          // Where a target is given once and weighted by the step, a step that is asked needs it.
          if (!weights || weights.steps !== shape.steps) continue;
          for (let step = 0; step < shape.steps; step++) {
            const name = (nameOf: (target: number, step?: number) => string) =>
              nameOf(index, shape.steps === 1 ? undefined : step);
            const given = drawn.feeds[name(targetWeightsName)]!;
            const target = shape.kind === "class" ? name(labelsName) : name(valuesName);
            const each = shape.kind === "class" ? 1 : shape.units;
            other[target] = drawn.feeds[target]!.map((value, at) => {
              const weight = given[Math.floor(at / each) * weights.units + (weights.units > 1 ? at % each : 0)]!;
              if (weight !== 0) return value;
              compared++;
              return shape.kind === "class" ? (value + 1) % shape.classes : 1e30;
            });
          }
        }
        const [usual, changed] = [await updatesOf(rule, drawn), await updatesOf(rule, { ...drawn, feeds: other })];
        expect(changed).toEqual(usual);
      }),
      { numRuns: 25 },
    );
    expect(compared).toBeGreaterThan(10);
  });

  it.each([
    [{ kind: "classification" }, { kind: "classification-over-time" }],
    [
      { kind: "squared-error", time: "decision" },
      { kind: "squared-error", time: "steps" },
    ],
  ] as const)("asking at the last step alone is asking once (%o)", async (once, overTime) => {
    await fc.assert(
      fc.asyncProperty(objectiveCases(fc.constant<Part>(once), mostSteps(rule)), async (drawn) => {
        const { steps } = drawn.network;
        if (drawn.objective.kind !== once.kind) return;
        const plain = drawn.shapes.map(({ weights: _, ...shape }) => shape);
        const shapes = plain.map((shape) => ({ ...shape, weights: { steps, units: 1 } }));
        const feeds: Record<string, Float32Array> = { ...drawn.feeds };
        for (const index of shapes.keys())
          for (let step = 0; step < steps; step++)
            feeds[targetWeightsName(index, steps === 1 ? undefined : step)] = new Float32Array(drawn.batch).fill(
              step === steps - 1 ? 1 : 0,
            );
        const expected = await updatesOf(rule, { ...drawn, shapes: plain });
        const updates = await updatesOf(rule, { ...drawn, shapes, feeds, objective: overTime });
        for (const [name, update] of Object.entries(expected)) expectClose(updates[name]!, update, name, 1e-3);
      }),
      { numRuns: 25 },
    );
  });
});

describe("several objectives", () => {
  it("of which there is one are that one, times its weight", async () => {
    await fc.assert(
      fc.asyncProperty(objectiveCases(), fc.constantFrom(0.5, 2), async (drawn, weight) => {
        const { network, objective } = drawn;
        if (objective.kind !== "squared-error" && !String(objective.kind).startsWith("classification")) return;
        if (network.reports.length > 1) return;
        const one = { kind: "several", of: { only: { objective, weight } } };
        const [alone, combined] = [await measure(drawn), await measure({ ...drawn, objective: one })];
        expectClose(
          combined.results.loss!,
          alone.results.loss!.map((loss) => weight * loss),
          "loss",
        );
        for (const [name, metric] of Object.entries(alone.judged.metrics)) {
          const own = `only${name[0]!.toUpperCase()}${name.slice(1)}`;
          const expected = metricValue(name, metric, alone.tally);
          const found = metricValue(own, combined.judged.metrics[own]!, combined.tally);
          if (expected === null) expect(found).toBeNull();
          else expect(found).toBeCloseTo(expected, 4);
        }
        for (const { name } of network.parameters) {
          const gradient = alone.results[`gradient ${name}`]?.map((value) => weight * value);
          if (gradient) expectClose(combined.results[`gradient ${name}`]!, gradient, name);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("the penalty of weights", () => {
  it("adds its slope to the update of each weight that learns, and of no bias", async () => {
    const network = buildNetwork(
      circuit("small", (c) => {
        const hidden = c.population("hidden", { units: 3, gain: "tanh" });
        c.project(c.input("input", { units: 2 }), hidden);
        c.project(hidden, c.population("report", { units: 2 }));
      }),
    );
    const [rate, l1, l2] = [0.5, 0.25, 0.125];
    const start = drawValues(network, 1);
    const stepped = async (objective: Part) => {
      const program = learningProgram({
        network,
        rule: buildRule("bp"),
        optimiser: buildOptimiser({ kind: "sgd", rate }),
        objective: buildObjective(objective),
        batch: 1,
      });
      const session = await interpreter.load(program);
      for (const [name, value] of start) await session.write(name, value);
      await session.run("train", [
        {
          [stimuliName("input")]: Float32Array.of(1, -0.5),
          labels: Float32Array.of(1),
          weights: Float32Array.of(1),
          schedule: Float32Array.of(rate),
        },
      ]);
      return Object.fromEntries(
        await Promise.all(network.parameters.map(async ({ name }) => [name, await session.read(name)] as const)),
      );
    };
    const [plain, costly] = [
      await stepped({ kind: "classification" }),
      await stepped({ kind: "penalised", weights: { l1, l2 } }),
    ];
    for (const { name } of network.parameters) {
      const slope = (value: number) => (name.endsWith("bias") ? 0 : l1 * Math.sign(value) + 2 * l2 * value);
      const expected = plain[name]!.map((value, at) => value - rate * slope(start.get(name)![at]!));
      expectClose(costly[name]!, expected, name, 1e-5);
    }
  });
});

describe("errors that are broadcast over time", () => {
  const [steps, units, hidden, inputs] = [4, 2, 3, 2];
  const random = randomStream(1, "broadcast");
  const normal = (length: number) => Float32Array.from({ length }, () => random.normal());
  const stimuli = Array.from({ length: steps }, () => normal(inputs));
  const targets = Array.from({ length: steps }, () => normal(units));
  const feeds: Record<string, Float32Array> = { weights: Float32Array.of(1) };
  for (let step = 0; step < steps; step++) {
    feeds[stimuliName("input", step)] = stimuli[step]!;
    feeds[valuesName(0, step)] = targets[step]!;
  }
  /** What is reported is 0, so that the error at step t is -2 target(t) / (steps units). */
  const errorsFrom = (step: number) =>
    Array.from({ length: units }, (_, unit) =>
      sum(targets.slice(step).map((target) => (-2 * target[unit]!) / (steps * units))),
    );
  const update = async (rule: Part, vector: boolean) => {
    const network = buildNetwork(
      circuit("silent", (c) => {
        c.steps(steps);
        const population = c.population("hidden", { units: hidden, ...(vector && { dimension: units }) });
        c.project(c.input("input", { units: inputs, timing: "varying" }), population);
        c.project(population, c.population("report", vector ? { units: 1, dimension: units } : { units }));
      }),
    );
    const values = new Map([...network.initialise(1)].map(([name, value]) => [name, value.fill(0)] as const));
    const shapes: TargetShape[] = [{ kind: "values", name: "course", units, steps }];
    const objective = { kind: "squared-error", time: "steps" };
    return { network, updates: await updatesOf(rule, { network, objective, shapes, batch: 1, values, feeds }) };
  };

  it("reach a unit by direct feedback at each step as the sum of those from then on", async () => {
    const { network, updates } = await update({ kind: "dfa" }, false);
    const feedback = startValues(network, buildRule("dfa"), 1).get("feedback/hidden")!;
    const expected = Array.from({ length: hidden * inputs }, (_, at) => {
      const [unit, input] = [Math.floor(at / inputs), at % inputs];
      return sum(
        stimuli.map((shown, step) =>
          sum(errorsFrom(step).map((error, c) => feedback[c * hidden + unit]! * error * shown[input]!)),
        ),
      );
    });
    expectClose(updates["input->hidden/weight"]!, expected, "update", 1e-5);
  });

  it("reach every unit by the broadcast vector in the same way, and a readout at the step that it reports", async () => {
    const { updates } = await update({ kind: "gevb" }, true);
    const expected = Array.from({ length: units * hidden * inputs }, (_, at) => {
      const [component, input] = [Math.floor(at / (hidden * inputs)), at % inputs];
      return sum(stimuli.map((shown, step) => errorsFrom(step)[component]! * shown[input]!));
    });
    expectClose(updates["input->hidden/weight"]!, expected, "update", 1e-5);
    expectClose(updates["report/bias"]!, errorsFrom(0), "bias of the readout", 1e-5);
  });
});

describe("what a rate costs by itself", () => {
  const feeds = {
    weights: Float32Array.of(0.5, 0.5),
    labels: Float32Array.of(0, 1),
    [stimuliName("input")]: Float32Array.of(1, -0.5, 0.3, 2),
  };
  const shapes: TargetShape[] = [{ kind: "class", name: "class", classes: 2, steps: 1 }];
  const updates = async (rule: Part, vector: boolean) => {
    const network = buildNetwork(
      circuit("one-layer", (c) => {
        const hidden = c.population("hidden", { units: 3, ...(vector ? { dimension: 2 } : { gain: "tanh" }) });
        c.project(c.input("input", { units: 2 }), hidden);
        c.project(hidden, c.population("report", vector ? { units: 1, dimension: 2 } : { units: 2 }));
      }),
    );
    const values = drawValues(network, 1);
    const by = (objective: Part) => updatesOf(rule, { network, objective, shapes, batch: 2, values, feeds });
    const plain = await by({ kind: "classification" });
    const costly = await by({ kind: "penalised", rates: { l1: 0.3, l2: 0.7 } });
    return Object.fromEntries(
      Object.entries(costly).map(([name, update]) => [name, update.map((each, at) => each - plain[name]![at]!)]),
    );
  };

  it.each([
    ["fa", false],
    ["dfa", false],
    ["gevb", true],
  ] as const)("reaches every unit by %s as by the gradient, whatever the channel brings", async (kind, vector) => {
    const [found, expected] = [await updates({ kind }, vector), await updates({ kind: "bp" }, vector)];
    expect(Math.max(...expected["input->hidden/weight"]!.map(Math.abs))).toBeGreaterThan(0.01);
    for (const [name, difference] of Object.entries(expected)) expectClose(found[name]!, difference, name, 1e-4);
  });
});
