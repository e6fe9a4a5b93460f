import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractions } from "../../../src/compute/accelerators/contractions.ts";
import { onnxruntime } from "../../../src/compute/accelerators/onnx/onnxruntime.ts";
import { fusingSimd } from "../../../src/compute/accelerators/simd/simd.ts";
import { planBuffers } from "../../../src/compute/buffers.ts";
import { cpuExecutor } from "../../../src/compute/devices/cpu.ts";
import { pipelineExecutor } from "../../../src/compute/devices/pipeline.ts";
import type { Executor, Feeds } from "../../../src/compute/executor.ts";
import { declaredKernels } from "../../../src/compute/kernel.ts";
import { add, multiply } from "../../../src/compute/kernels/pointwise.ts";
import { upsampleNearest } from "../../../src/compute/kernels/upsample.ts";
import { defineFused } from "../../../src/compute/lowering/fused-kernel.ts";
import type { PlanReader } from "../../../src/compute/lowering/plan-reader.ts";
import { type RewriteRule, rewrite } from "../../../src/compute/lowering/rewrite.ts";
import { nameOf } from "../../../src/compute/lowering/stretch.ts";
import { costOf, type Plan, type Program, recordedSteps, tracePlan } from "../../../src/compute/plan.ts";
import { randomStream } from "../../../src/compute/random.ts";
import { type Shape, sizeOf } from "../../../src/compute/shape.ts";
import { describeStep, type FusedStep, isFused, type PlanStep } from "../../../src/compute/step.ts";
import { traceContestedMap } from "../../arbitraries/fusible/contested-maps.ts";
import { fusiblePrograms } from "../../arbitraries/fusible/plans.ts";
import { drawnSteps, residentsOfSteps, traceSteps } from "../../arbitraries/fusible/steps.ts";
import { definition } from "../accelerated.ts";
import { expectClose } from "../closeness.ts";
import { overwritten } from "../overwritten.ts";

const kinds = [contractions(onnxruntime, { fused: true, chunkBytes: 1024 }), fusingSimd];
const rules = kinds.flatMap((kind) => kind.rules ?? []);
const accelerated = cpuExecutor("onnxruntime", kinds);
const seeds = fc.nat({ max: 1000 });

/**
 * Small multiples of 1/8: most sums and products are exact, and those that decide about a gate are often 0. Second moments are
 * means of squares.
 */
const eighths = (seed: number, name: string, shape: Shape): Float32Array => {
  const stream = randomStream(seed, name);
  return Float32Array.from({ length: sizeOf(shape) }, () => stream.integer(name.startsWith("second") ? 0 : -2, 2) / 8);
};

const feedOf = ({ inputs, shapes }: Plan, seed: number): Feeds =>
  Object.fromEntries([...inputs].map(([name, id]) => [name, eighths(seed, name, shapes[id]!)]));

/** Outputs and residents of each plan of a program, run twice: what the first run leaves behind must not matter. */
async function outcome(executor: Executor, { residents, plans }: Program, seed: number) {
  const session = await executor.load({ residents, plans });
  try {
    const found: Record<string, Float32Array> = {};
    for (const [resident, shape] of Object.entries(residents))
      await session.write(resident, eighths(seed, resident, shape));
    for (const [name, plan] of Object.entries(plans)) {
      const feed = feedOf(plan, seed);
      const [, results] = await session.run(name, [feed, feed]);
      for (const [output, values] of Object.entries(results!)) found[`${name}: ${output}`] = values.slice();
    }
    for (const resident of Object.keys(residents)) found[`resident ${resident}`] = await session.read(resident);
    return found;
  } finally {
    await session.dispose();
  }
}

/** A plan of one step of another. */
function planOf({ shapes }: Plan, step: PlanStep): Plan {
  const { inputs, outputs, outputShapes } = step;
  return {
    name: step.kernel.name,
    steps: [step],
    shapes,
    inputs: new Map(Object.entries(inputs).map(([name, id]) => [`${name} (${id})`, id])),
    ranges: new Map(),
    outputs: new Map(Object.entries(outputs).map(([name, id]) => [name, { id, shape: outputShapes[name]! }])),
    residents: new Map(),
    assignments: new Map(),
  };
}

/** What a fused plan must keep of the one that it was. */
function expectSound(plan: Plan, fused: Plan, remade: readonly string[] = []): void {
  // Every recorded step is there once, by itself or as a part; but for those that fused steps make anew.
  expect(new Set(recordedSteps(fused))).toEqual(new Set(plan.steps));
  expect(recordedSteps(fused)).toHaveLength(plan.steps.length);
  const places = new Map<PlanStep, PlanStep[]>();
  for (const step of fused.steps)
    for (const part of isFused(step) ? step.parts : [step]) places.set(part, [...(places.get(part) ?? []), step]);
  for (const [{ kernel }, steps] of places) if (!remade.includes(kernel.name)) expect(steps).toHaveLength(1);

  for (const steps of [fused.steps, recordedSteps(fused)]) {
    const known = new Set([...plan.inputs.values(), ...plan.residents.values()]);
    for (const { inputs, outputs } of steps) {
      for (const id of Object.values(inputs)) expect(known).toContain(id);
      for (const id of Object.values(outputs)) known.add(id);
    }
    for (const { id } of plan.outputs.values()) expect(known).toContain(id);
    for (const id of plan.assignments.values()) expect(known).toContain(id);
  }
  expect(overwritten(fused, planBuffers(fused))).toEqual([]);
  expect(costOf(fused).flops).toBeGreaterThanOrEqual(costOf(plan).flops);
}

const remade = [upsampleNearest.declaration.name];
const fusedSteps = (plan: Plan): FusedStep[] => plan.steps.filter(isFused);

describe("a plan with its steps fused", () => {
  test("has all that it had, made before it is read, and nothing is written over that is read later", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fusiblePrograms, ({ plans }) => {
        const fused = rewrite(plans.plan!, rules);
        expectSound(plans.plan!, fused, remade);
        for (const { kernel } of fusedSteps(fused)) seen.add(kernel.name);
      }),
      { numRuns: 200 },
    );
    expect([...seen].sort()).toEqual(
      [...kinds.flatMap(({ kernels }) => [...kernels])].filter((name) => !declaredKernels().has(name)).sort(),
    );
  });

  test("is the same in whatever order rules are told", () => {
    const shuffled = fc.shuffledSubarray(rules, { minLength: rules.length });
    fc.assert(
      fc.property(fusiblePrograms, shuffled, ({ plans }, others) => {
        expect(rewrite(plans.plan!, others).steps).toEqual(rewrite(plans.plan!, rules).steps);
      }),
      { numRuns: 50 },
    );
  });

  test.for([
    ["upsampled map", "rectified", "channels", ["upsampled-transport", "relu"]],
    ["upsampled map", "rectified", "units", ["upsampled-transport", "add-bias-relu"]],
    ["two upsampled maps", "gated", "channels", ["upsampled-transport", "gated-map"]],
    ["product", "rectified", "units", ["stretch"]],
    ["product", "gated", "channels", ["matrix-product-right-transposed", "gated-map"]],
    ["input", "rectified", "units", ["add-bias-relu"]],
  ] as const)("gives what two rules would take to the one that goes before: %s, %s, biases of %s", (known) => {
    const [source, result, biases, names] = known;
    const rest = { samples: 2, channels: 3, learned: false, alsoRead: "nothing" } as const;
    const drawn = { ...rest, source, result, ownBias: biases === "units" };
    const plan = tracePlan("map", {}, (trace) => traceContestedMap(trace, drawn));
    expect(rewrite(plan, rules).steps.map(({ kernel }) => kernel.name)).toEqual(names);
  });

  test.for([definition, pipelineExecutor("webasm")])(
    "runs on $device without accelerators, and gives the same bits",
    async (executor) => {
      await fc.assert(
        fc.asyncProperty(fusiblePrograms, seeds, async ({ residents, plans }, seed) => {
          const fused = rewrite(plans.plan!, rules);
          const wanted = await outcome(executor, { residents, plans }, seed);
          expect(await outcome(executor, { residents, plans: { plan: fused } }, seed)).toEqual(wanted);
        }),
        { numRuns: 25 },
      );
    },
  );

  test("equals its parts, step by step", async () => {
    await fc.assert(
      fc.asyncProperty(fusiblePrograms, seeds, async ({ plans }, seed) => {
        const fused = rewrite(plans.plan!, rules);
        const steps = fusedSteps(fused).map((step, index) => [`${step.kernel.name} ${index}`, planOf(fused, step)]);
        const alone: Program = { residents: {}, plans: Object.fromEntries(steps) };
        const wanted = await outcome(definition, alone, seed);
        const largest = Object.values(wanted).reduce(
          (most, each) => each.reduce((m, v) => Math.max(m, Math.abs(v)), most),
          1,
        );
        expectClose(await outcome(accelerated, alone, seed), wanted, 8 * largest);
      }),
      { numRuns: 60 },
    );
  });
});

/** Any group of steps at all, as one; if `forgets` then without one of the values that others need. */
function anyGroup(group: readonly PlanStep[], forgets: boolean): RewriteRule<Boundary> {
  return {
    name: "any-group",
    match: (step, plan) => (step === group.at(-1) ? [plan.boundary(group)] : []),
    replace: ({ inputs, outputs }) => ({
      of: group,
      as: any.step({ inputs: named(inputs), outputs: named(outputs.slice(forgets ? 1 : 0)), constants: {} }),
    }),
  };
}

type Boundary = ReturnType<PlanReader["boundary"]>;
const any = defineFused<object>("any");
const named = (operands: Boundary["inputs"]) => Object.fromEntries(operands.map((each) => [nameOf(each.id), each]));

/** Whether some step beside a group comes too early for it: it reads what the group makes before all is there that the group reads. */
function comesTooEarly({ steps }: Plan, group: ReadonlySet<PlanStep>): boolean {
  const among = (ids: Readonly<Record<string, number>>, others: ReadonlySet<number>) =>
    Object.values(ids).some((id) => others.has(id));
  const [made, read] = (["outputs", "inputs"] as const).map(
    (side) => new Set([...group].flatMap((step) => Object.values(step[side]))),
  ) as [Set<number>, Set<number>];
  const beside = steps.map((step) => (group.has(step) ? undefined : step));
  const firstReader = beside.findIndex((step) => step && among(step.inputs, made));
  const lastMaker = beside.findLastIndex((step) => step && among(step.outputs, read));
  return firstReader >= 0 && firstReader <= lastMaker;
}

describe("whatever a rule asks for", () => {
  const groups = fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 4 });

  test("a plan stays sound and gives the same bits; steps become one wherever the others let them", async () => {
    const outcomes = { fused: 0, early: 0, forgetful: 0 };
    await fc.assert(
      fc.asyncProperty(drawnSteps, groups, fc.boolean(), seeds, async (drawn, chosen, forgets, seed) => {
        const residents = residentsOfSteps(drawn);
        const plan = tracePlan("plan", residents, (trace) => traceSteps(trace, drawn));
        const picked = new Set(chosen.map((pick) => pick % plan.steps.length));
        const group = plan.steps.filter((_, index) => picked.has(index));
        const rewritten = rewrite(plan, [anyGroup(group, forgets)]);
        expectSound(plan, rewritten);
        const early = comesTooEarly(plan, new Set(group));
        expect(fusedSteps(rewritten)).toHaveLength(group.length > 0 && !early && !forgets ? 1 : 0);
        if (group.length > 0) outcomes[early ? "early" : forgets ? "forgetful" : "fused"]++;
        const wanted = await outcome(definition, { residents, plans: { plan } }, seed);
        expect(await outcome(definition, { residents, plans: { plan: rewritten } }, seed)).toEqual(wanted);
      }),
      { numRuns: 150 },
    );
    expect(Math.min(...Object.values(outcomes)), JSON.stringify(outcomes)).toBeGreaterThan(4);
  });

  /** y = (x + x) x, z = y + x. */
  const plan = tracePlan("small", {}, (trace) => {
    const x = trace.input("x", [4]);
    const y = multiply({ left: add({ left: x, right: x }).result, right: x }).result;
    trace.output("z", add({ left: y, right: x }).result);
  });
  const [sum, product, last] = plan.steps as [PlanStep, PlanStep, PlanStep];

  test("a fused step counts its parts' operations, and the bytes that it reads and writes itself", () => {
    const fused = rewrite(plan, [anyGroup([sum, product], false)]);
    expect(costOf(plan)).toEqual({ kernels: { add: 2, multiply: 1 }, flops: 12, bytes: 4 * 4 * 9 });
    expect(costOf(fused)).toEqual({ kernels: { any: 1, add: 1 }, flops: 12, bytes: 4 * 4 * 5 });
    expect(fusedSteps(fused).map(describeStep)).toEqual(["any (add, multiply)"]);
  });

  test("no step becomes part of two", () => {
    const [first, second] = [anyGroup([product, last], false), { ...anyGroup([sum, product], false), name: "other" }];
    expect(fusedSteps(rewrite(plan, [first, second])).map(({ parts }) => parts)).toEqual([[product, last]]);
  });

  test("of several groups the first that can be fused is", () => {
    const either: RewriteRule<Boundary & { readonly group: readonly PlanStep[] }> = {
      name: "either",
      match: (step, reader) =>
        step === last
          ? [
              [sum, last],
              [product, last],
            ].map((group) => ({ group, ...reader.boundary(group) }))
          : [],
      replace: ({ group, ...ends }) => anyGroup(group, false).replace(ends),
    };
    // The product stands between the sums.
    expect(fusedSteps(rewrite(plan, [either])).map(({ parts }) => parts)).toEqual([[product, last]]);
  });

  test("rules that go before each other in a circle are refused, and so is a step that its parts do not define", () => {
    const [first, second] = [anyGroup([], false), anyGroup([], false)];
    expect(() =>
      rewrite(plan, [
        { ...first, name: "first", before: ["second"] },
        { ...second, name: "second", before: ["first"] },
      ]),
    ).toThrow("rules go before each other in a circle: first, second");
    const strange: RewriteRule<Boundary> = {
      ...anyGroup([sum, product], false),
      match: (step, reader) => (step === product ? [reader.boundary([last])] : []),
    };
    expect(() => rewrite(plan, [strange])).toThrow(
      `rule "any-group": "${nameOf(last.inputs.left!)}" of any (add, multiply) is no value of its parts`,
    );
  });
});
