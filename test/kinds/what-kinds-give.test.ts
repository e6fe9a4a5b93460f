import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildNetwork } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { allowing, defineConstraint } from "../../src/circuits/constraints/constraint.ts";
import { defineInitialiser } from "../../src/circuits/initialisers/initialiser.ts";
import { masked } from "../../src/circuits/topologies/masked.ts";
import { defineTopology } from "../../src/circuits/topologies/topology.ts";
import type { Tensor } from "../../src/compute/trace.ts";
import { DescriptionError, type SulcusError, UsageError } from "../../src/kinds/errors.ts";
import { definePlugin } from "../../src/kinds/plugin.ts";
import { builtIn } from "../../src/library.ts";
import { elementwiseGain } from "../../src/neurons/elementwise-gain.ts";
import { defineNeuron } from "../../src/neurons/neuron.ts";
import { learningProgram } from "../../src/plasticity/learning-program.ts";
import type { Updates } from "../../src/plasticity/local-updates.ts";
import { defineObjective } from "../../src/plasticity/objectives/objective.ts";
import { unitLoss } from "../../src/plasticity/objectives/unit-loss.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { defineOptimiser } from "../../src/plasticity/optimisers/optimiser.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { defineRule } from "../../src/plasticity/rules/rule.ts";

/** What a module in JavaScript may give, whatever the types say. */
const anything = (given: unknown) => given as never;

const describeCircuit = (units = 3) =>
  circuit("small", (c) => {
    c.project(c.input("image", { units: 4 }), c.population("report", { units }));
  });

describe("what a kind says of itself", () => {
  test.each([
    [
      {},
      "learning rule: kind is nothing, expected a name that starts with a letter and goes on with letters, digits, - or _",
    ],
    [{ kind: "x" }, 'learning rule "x": summary is nothing, expected a text'],
    [{ kind: "x", summary: "of mine", build: 3 }, 'optimiser "x": build is 3, expected a function'],
  ])("%j", (definition, message) => {
    const define = message.startsWith("learning") ? defineRule : defineOptimiser;
    expect(() => define(anything(definition))).toThrow(new UsageError(message));
  });
});

describe("what a build gives", () => {
  const about = { kind: "mine", summary: "of mine" };
  test.each([
    [
      defineRule,
      undefined,
      'learning rule "mine": build gives an object whose "updates" is nothing, expected a function',
    ],
    [
      defineOptimiser,
      { step() {} },
      'optimiser "mine": build gives an object whose "schedule" is nothing, expected a function',
    ],
    [
      defineNeuron,
      { activate: 2 },
      'gain function "mine": build gives an object whose "activate" is 2, expected a function',
    ],
    [
      defineTopology,
      { drive() {} },
      'topology "mine": build gives an object whose "transport" is nothing, expected a function',
    ],
    [
      defineConstraint,
      {},
      'sign constraint "mine": build gives an object whose "signFrom" is nothing, expected a function',
    ],
    [defineInitialiser, [1], 'initialiser "mine": build gives [1], expected a function'],
    [
      defineObjective,
      { metrics: {} },
      'objective "mine": build gives an object whose "asks" is nothing, expected a function',
    ],
    [
      defineObjective,
      {},
      'objective "mine": build gives metrics nothing, expected a record of metrics, or {} for none',
    ],
  ] as const)("%#", (define, given, message) => {
    const kind = define(anything({ ...about, build: () => given }));
    const library = builtIn.with(definePlugin({ name: "mine", parts: [kind] }));
    expect(() => library.build(kind.family, "mine", anything(undefined))).toThrow(message);
  });
});

describe("weights that an initialiser draws", () => {
  /** The parameters of a circuit whose weights a function gives. */
  function startOf(values: unknown, sign: "mixed" | "excitatory" = "mixed") {
    const mine = defineInitialiser({ kind: "mine", summary: "of mine", build: () => () => anything(values) });
    const net = circuit("small", (c) => {
      c.project(c.input("image", { units: 4 }), c.population("report", { units: 3 }), { sign, initial: mine() });
    });
    return buildNetwork(net, builtIn.with(definePlugin({ name: "mine", parts: [mine] }))).initialise(1);
  }
  const owner = 'circuit "small", projection "image->report": initialiser "mine" ';

  test("start a circuit as they are where they are allowed", () => {
    const weights = fc.float32Array({ minLength: 12, maxLength: 12, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(weights, (drawn) => {
        expect(startOf(drawn).get("image->report/weight")).toEqual(drawn);
      }),
      { numRuns: 10 },
    );
  });

  test.each([
    [[1, 2], "mixed", "gives [1, 2], expected a Float32Array"],
    [new Float32Array(11), "mixed", "gives 11 values, expected 12 for weights of shape [3, 4]"],
    [
      new Float32Array(12).fill(Number.NaN, 6),
      "mixed",
      "gives NaN at [1, 2], the first of 6 such values; expected finite numbers",
    ],
    [
      new Float32Array(12).fill(-1, 11),
      "excitatory",
      'gives weights that are not allowed: it holds -1 at [2, 3], against the projection\'s sign "excitatory"; allowed: weights >= 0; give such weights, or give the projection the sign "mixed"',
    ],
  ] as const)("%#", (values, sign, message) => {
    expect(() => startOf(values, sign)).toThrow(new DescriptionError(owner + message));
  });

  test("are held to bounds as single numbers, to which an optimiser's step clamps them", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (bound) => {
        const constraint = { signFrom: () => 0 as const, bounds: { minimum: -bound, maximum: bound }, allowed: "" };
        const edge = Math.fround(bound);
        expect([edge, -edge].map((weight) => allowing(constraint, 1)(weight, 0))).toEqual([true, true]);
        expect([1.001 * edge, -1.001 * edge].map((weight) => allowing(constraint, 1)(weight, 0))).toEqual([
          false,
          false,
        ]);
      }),
    );
  });
});

describe("the mask that a topology draws", () => {
  const startOf = (mask: unknown) => {
    const mine = defineTopology({
      kind: "mine",
      summary: "of mine",
      build: (_settings, layout, library) => masked(library.build("topology", "dense", layout), () => anything(mask)),
    });
    const net = circuit("small", (c) => {
      c.project(c.input("image", { units: 4 }), c.population("report", { units: 3 }), { topology: mine() });
    });
    return buildNetwork(net, builtIn.with(definePlugin({ name: "mine", parts: [mine] }))).initialise(1);
  };

  test("of 0 and 1 tells which weights there are", () => {
    const masks = fc.array(fc.constantFrom(0, 1), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(masks, (mask) => {
        const weights = startOf(Float32Array.from(mask)).get("image->report/weight")!;
        expect([...weights].map((weight) => Math.abs(Math.sign(weight)))).toEqual(mask);
      }),
      { numRuns: 10 },
    );
  });

  test.each([
    [undefined, "gives the mask nothing, expected a Float32Array"],
    [new Float32Array(5), "gives a mask of 5 values, expected 12 for weights of shape [3, 4]"],
    [
      new Float32Array(12).fill(0.5, 11),
      "gives a mask that holds 0.5 at [2, 3]; allowed: 1 where two units are connected, else 0",
    ],
  ])("%#", (mask, told) => {
    expect(() => startOf(mask)).toThrow(new DescriptionError(`projection "image->report": its topology ${told}`));
  });
});

test("a loss of values says where all outputs of a kernel came instead of its result", () => {
  const mine = defineObjective({
    kind: "mine",
    summary: "of mine",
    build: () =>
      unitLoss({
        time: "decision",
        lossUnit: "mine",
        loss: () => anything({ result: 1 }),
        slope: () => anything(undefined),
      }),
  });
  const options = {
    network: buildNetwork(describeCircuit()),
    rule: builtIn.build("rule", "bp", undefined),
    optimiser: builtIn.build("optimiser", adam({ rate: 0.1 }), undefined),
    objective: mine.build({}, undefined, builtIn),
    batch: 2,
  };
  expect(() => learningProgram(options)).toThrow(
    new DescriptionError("unitLoss: loss gives no tensor; return kernel({ values, target }).result"),
  );
});

describe("updates that a rule gives", () => {
  const gradient = bp.build({}, undefined, builtIn);
  function programOf(change: (updates: Updates) => unknown) {
    const mine = defineRule({
      kind: "mine",
      summary: "of mine",
      build: () => ({ updates: (plastic) => anything(change(gradient.updates(plastic))) }),
    });
    return learningProgram({
      network: buildNetwork(describeCircuit()),
      rule: mine.build({}, undefined, builtIn),
      optimiser: builtIn.build("optimiser", adam({ rate: 0.1 }), undefined),
      batch: 2,
    });
  }
  const renamed = (updates: Updates) =>
    [...updates].map(([name, update]) => [name.replace("weight", "weigth"), update]);
  const exchanged = (updates: Updates) => {
    const [[weight, ofWeight], [bias, ofBias]] = [...updates] as [[string, Tensor], [string, Tensor]];
    return new Map([
      [weight, ofBias],
      [bias, ofWeight],
    ]);
  };

  test("may leave parameters as they are", () => {
    expect(Object.keys(programOf((updates) => new Map([...updates].slice(1))).plans)).toContain("train");
  });

  test.each<[change: (updates: Updates) => unknown, message: string]>([
    [() => ({}), 'rule "mine": updates gives {}, expected a Map from names of parameters to tensors'],
    [
      (updates) => new Map(renamed(updates) as [string, Tensor][]),
      'rule "mine" updates what is no parameter: "image->report/weigth" is not known (did you mean "image->report/weight"?); known: image->report/weight, report/bias',
    ],
    [
      (updates) => new Map([...updates].map(([name, update]) => [name, { result: update }])),
      'rule "mine": the update of "image->report/weight" is no tensor; give what a kernel\'s output holds, such as scale({ values }).result',
    ],
    [
      exchanged,
      'rule "mine": the update of "image->report/weight" has shape [1, 3], expected [3, 4] as the parameter has',
    ],
  ])("%#", (change, message) => {
    expect(() => programOf(change)).toThrow(new UsageError(message));
  });
});

test("an element-wise gain says where a kernel's result alone came instead of its outputs", () => {
  const population = { units: 3, dimension: 1, channels: 3, period: 3 };
  const asked = (given: unknown) => () =>
    elementwiseGain(
      population,
      () => anything(given),
      () => anything(given),
    ).activate({ id: 0, shape: [2, 1, 3], trace: anything({}) }, {});
  const message = (told: string) =>
    `elementwiseGain: the kernel of rates gives ${told}, expected its outputs, { result }; return kernel(inputs) without .result`;
  expect(asked({ id: 1, shape: [2, 3], trace: {} })).toThrow(
    new DescriptionError(message("a tensor")) satisfies SulcusError,
  );
  expect(asked(undefined)).toThrow(new DescriptionError(message("nothing")));
});
