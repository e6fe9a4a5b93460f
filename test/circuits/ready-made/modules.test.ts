import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modularityOfModules } from "../../../src/analysis/modularity.ts";
import { buildNetwork } from "../../../src/built-in.ts";
import { isWeighted, stimuliName } from "../../../src/circuits/network.ts";
import { modularCircuit, moduleInput, moduleName, uniformWiring } from "../../../src/circuits/ready-made/modules.ts";
import { DescriptionError } from "../../../src/kinds/errors.ts";
import { structureOf } from "../../../src/papers/modules/measure/measure-specialization.ts";
import { labelsName } from "../../../src/plasticity/objectives/target-inputs.ts";
import { fluctuationName } from "../../../src/plasticity/presentation.ts";
import { expectClose } from "../../arbitraries/circuit-close.ts";
import {
  chosenModule,
  feedsFor,
  type ModulesCase,
  modulesCase,
  modulesCases,
  rowsOf,
} from "../../arbitraries/modules-cases.ts";
import { signAllows } from "../../arbitraries/signs.ts";
import { decisionOf, meanCrossEntropy, modulesForward } from "../../oracles/modules-forward.ts";
import { measureModules } from "../../oracles/modules-measured.ts";

const flat = (rows: readonly (readonly number[])[]) => rows.flat();

/** The case in plain arrays, with other values of its parameters if given. */
function inPlainArrays(drawn: ModulesCase, parameters: ReadonlyMap<string, ArrayLike<number>> = drawn.values) {
  const { options, batch, network, feeds } = drawn;
  const { stimuli, noise } = rowsOf(drawn);
  const done = modulesForward(options, batch, (name) => parameters.get(name), stimuli, noise);
  const modules = options.wiring.length;
  const reports = decisionOf(done, options.decision ?? { time: "last", module: "max" }, (sample) =>
    chosenModule(modules, sample),
  );
  const labels = reports.map((_, target) => feeds[labelsName(target)]!);
  return { ...done, reports, loss: meanCrossEntropy(reports, labels), network };
}

describe("modules of any number, wiring and kind", () => {
  it("do at every time step what plain arrays do, and report what the decision says", async () => {
    await fc.assert(
      fc.asyncProperty(modulesCases(), async (drawn) => {
        const measured = await measureModules(drawn);
        const { states, outputs, reports, loss } = inPlainArrays(drawn);
        for (const [step, modules] of states.entries())
          for (const [module, rows] of modules.entries()) {
            expectClose(measured.state(module, step), flat(rows), `module ${module + 1} at step ${step}`);
            expectClose(
              measured.output(module, step),
              flat(outputs[step]![module]!),
              `report ${module + 1} at ${step}`,
            );
          }
        expect(measured.reports).toHaveLength(reports.length);
        for (const [target, rows] of reports.entries())
          expectClose(measured.reports[target]!, flat(rows), `target ${target}`);
        expectClose([measured.loss.reduce((sum, each) => sum + each, 0) / drawn.batch], [loss], "loss");
      }),
      { numRuns: 60 },
    );
  });

  it("have the gradient that small changes of existing weights tell", async () => {
    const smooth = modulesCases({ gain: "tanh", transmission: { kind: "graded" } });
    await fc.assert(
      fc.asyncProperty(smooth, fc.nat(100), async (drawn, seed) => {
        const direction = (at: number) => Math.cos(at + seed);
        const { gradients } = await measureModules(drawn);
        const { network, values } = drawn;
        const learns = new Set(network.parameters.filter(({ plastic }) => plastic).map(({ name }) => name));
        const size = 1e-4;
        const moved = (by: number) =>
          new Map(
            [...values].map(([name, value]): [string, Float64Array] => [
              name,
              Float64Array.from(value, (each, at) => each + (learns.has(name) && each !== 0 ? by * direction(at) : 0)),
            ]),
          );
        const slope = (inPlainArrays(drawn, moved(size)).loss - inPlainArrays(drawn, moved(-size)).loss) / (2 * size);
        const told = [...gradients].reduce(
          (sum, [name, array]) =>
            sum + array.reduce((part, each, at) => part + (values.get(name)![at] === 0 ? 0 : each * direction(at)), 0),
          0,
        );
        expectClose([told], [slope], "slope", 1e-3);
      }),
      { numRuns: 40 },
    );
  });
});

describe("modules without connections between them", () => {
  it("know nothing of each other's stimuli, forwards and backwards", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 4 }),
        fc.constantFrom<0 | { connections: number }>(0, { connections: 0 }),
        fc.nat(1000),
        async (modules, between, seed) => {
          const decision = { time: "last" as const, module: "each" as const };
          const drawn = modulesCase({ modules, wiring: uniformWiring(modules, between), decision }, { seed });
          const other = feedsFor(drawn.network, drawn.batch, seed + 1);
          const changed = stimuliName(moduleInput(0));
          const [first, second] = await Promise.all([
            measureModules(drawn),
            measureModules({ ...drawn, feeds: { ...drawn.feeds, [changed]: other[changed]! } }),
          ]);
          expect(second.reports[0]).not.toEqual(first.reports[0]);
          for (let module = 1; module < modules; module++)
            expect(second.reports[module]).toEqual(first.reports[module]);
          for (const [name, gradient] of first.gradients) {
            const own = name.includes(moduleName(0)) || name.startsWith("report-1/");
            const existing = drawn.network.projections.every(({ weight, mask }) => weight !== name || !mask);
            if (existing) expect([name, second.gradients.get(name)!.join() === gradient.join()]).toEqual([name, !own]);
            else expect(gradient.every((each) => each === 0)).toBe(true);
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe("connections between modules", () => {
  it("are exactly as many as asked for: floor(p H^2), or a number; all others are 0", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 100 }),
        fc.boolean(),
        fc.nat(1000),
        (modules, units, percent, counted, seed) => {
          const expected = Math.floor((percent / 100) * units ** 2);
          const between = counted ? { connections: expected } : percent / 100;
          const { network, values } = modulesCase(
            { modules, units, wiring: uniformWiring(modules, between) },
            { seed },
          );
          for (const { pre, post, weight, mask, maskName } of network.projections.filter(isWeighted)) {
            if (!pre.startsWith("module") || !post.startsWith("module") || pre === post) continue;
            if (percent === 100 && !counted) {
              expect(mask).toBeUndefined();
              continue;
            }
            const exists = values.get(maskName!)!;
            expect(exists.every((each) => each === 0 || each === 1)).toBe(true);
            expect(exists.reduce((sum, each) => sum + each, 0)).toBe(expected);
            for (const [at, value] of values.get(weight)!.entries()) if (exists[at] === 0) expect(value).toBe(0);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("are drawn anew for every ordered pair of modules and every seed, and again the same for the same", () => {
    const masks = (seed: number) =>
      [...modulesCase({ units: 20, modules: 3, wiring: uniformWiring(3, 0.2) }, { seed }).values]
        .filter(([name]) => name.endsWith("/mask"))
        .map(([, mask]) => mask.join(""));
    expect(masks(1)).toHaveLength(6);
    expect(new Set([...masks(1), ...masks(2)]).size).toBe(12);
    expect(masks(1)).toEqual(masks(1));
  });

  it("give the modularity that the formula gives for their density", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 1, max: 10 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (modules, units, density) => {
          const { network, values } = modulesCase({ modules, units, wiring: uniformWiring(modules, density) });
          const names = Array.from({ length: modules }, (_, module) => moduleName(module));
          const structure = structureOf(network, names, Object.fromEntries(values));
          const existing = density === 1 ? units ** 2 : Math.floor(density * units ** 2);
          expect(structure.modularity).toBeCloseTo(modularityOfModules(modules, existing / units ** 2), 9);
          for (const [to, row] of structure.connections.entries())
            for (const [from, count] of row.entries()) expect(count).toBe(to === from ? units ** 2 : existing);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("arrive from a given time step on: before it modules are as without any", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 2, max: 4 })
          .chain((steps) => fc.tuple(fc.constant(steps), fc.integer({ min: 1, max: steps - 1 }))),
        fc.constantFrom(2, 3),
        fc.nat(1000),
        async ([steps, from], modules, seed) => {
          const shared = { modules, steps };
          const joined = modulesCase({ ...shared, wiring: uniformWiring(modules, 1), from }, { seed });
          const apart = modulesCase({ ...shared, wiring: uniformWiring(modules, 0) }, { seed });
          // The same weights where both have them.
          const [together, alone] = await Promise.all([
            measureModules(joined),
            measureModules({
              ...apart,
              values: new Map([...apart.values.keys()].map((name) => [name, joined.values.get(name)!])),
            }),
          ]);
          for (let step = 0; step < steps; step++) {
            const same = together.output(0, step).join() === alone.output(0, step).join();
            expect([step, same]).toEqual([step, step < from]);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it("may differ from pair to pair, as a matrix [post][pre] says", () => {
    const wiring = [
      [1, { connections: 3 }, 0],
      [0.5, 0, { connections: 0 }],
      [1, 0.25, 0.9],
    ];
    const { network, values } = modulesCase({ modules: 3, wiring });
    const names = [0, 1, 2].map(moduleName);
    expect(structureOf(network, names, Object.fromEntries(values)).connections).toEqual([
      [16, 3, 0],
      [8, 0, 0],
      [16, 4, 14],
    ]);
  });
});

describe("signs", () => {
  it("within and between modules hold at the start, Dale's law by presynaptic unit", () => {
    fc.assert(
      fc.property(modulesCases(), ({ options, network, values }) => {
        for (const { pre, post, weight, sign } of network.projections.filter(isWeighted)) {
          if (!pre.startsWith("module") || !post.startsWith("module")) continue;
          expect(sign).toBe(pre === post ? options.signs!.within : options.signs!.between);
          const inhibitory = Math.round(options.inhibitoryFraction! * options.units);
          for (const [at, value] of values.get(weight)!.entries()) {
            const inhibits = at % options.units >= options.units - inhibitory;
            const expected = sign === "dale" ? (inhibits ? "inhibitory" : "excitatory") : sign;
            expect(signAllows(expected, value), `${weight}[${at}] ${value} ${expected}`).toBe(true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("binary transmission", () => {
  const threshold = 0.1;
  const sharpness = 5;
  const transmission = { kind: "binary" as const, threshold, sharpness };

  it("tells no more of a rate than whether it exceeds the threshold", async () => {
    const drawn = modulesCase({ transmission, steps: 2 });
    const { pre, post, weight } = drawn.network.projections.find(
      ({ pre, post }) => pre === "module-2" && post === "module-1",
    )!;
    expect([pre, post]).toEqual(["module-2", "module-1"]);
    const graded = await measureModules(drawn);
    const rates = graded.state(1, 0);
    // Units of module 2 that change their rates but stay on their side of the threshold change nothing in module 1.
    const pushed = new Map(drawn.values);
    for (const name of ["digit-2->module-2/weight", "module-2/bias"])
      pushed.set(
        name,
        drawn.values.get(name)!.map((value) => value * 1.01),
      );
    const moved = await measureModules({ ...drawn, values: pushed });
    const sides = (array: Float32Array) => [...array].map((rate) => rate > threshold);
    expect(moved.state(1, 0)).not.toEqual(rates);
    expect(sides(moved.state(1, 0))).toEqual(sides(rates));
    expect(moved.state(0, 1)).toEqual(graded.state(0, 1));
    expect(drawn.values.get(weight!)!.some((value) => value !== 0)).toBe(true);
  });

  it("lets errors return with the surrogate slope 1 / (1 + sharpness |rate - threshold|)^2", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), async (seed) => {
        // One sample, no recurrence: the gradient of a bias is the error at the drive.
        const wiring = [
          [0, 1],
          [0, 0],
        ];
        const decision = { time: "last" as const, module: { readout: "report-1" } };
        const drawn = modulesCase({ wiring, steps: 2, transmission, decision }, { batch: 1, seed });
        const { gradients, state } = await measureModules(drawn);
        const delta = gradients.get("module-1/bias")!;
        const weights = drawn.values.get("module-2->module-1/weight")!;
        const expected = [...state(1, 0)].map((rate, unit) => {
          const returned = delta.reduce((sum, error, post) => sum + error * weights[post * 4 + unit]!, 0);
          return (returned * (1 - rate ** 2)) / (1 + sharpness * Math.abs(rate - threshold)) ** 2;
        });
        expectClose(gradients.get("module-2/bias")!, expected, "bias of module 2");
        expect(expected.some((each) => each !== 0)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});

describe("a leak", () => {
  it("of 1 is none, and a small one slows: rates move by at most that share of what they could", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(0.01, 0.1, 0.5), fc.nat(1000), async (leak, seed) => {
        const [none, whole, slow] = await Promise.all([
          measureModules(modulesCase({}, { seed })),
          measureModules(modulesCase({ leak: 1 }, { seed })),
          measureModules(modulesCase({ leak }, { seed })),
        ]);
        for (const module of [0, 1])
          for (const step of [0, 1, 2]) {
            expect(whole.state(module, step)).toEqual(none.state(module, step));
            for (const [unit, rate] of slow.state(module, step).entries()) {
              const before = step === 0 ? 0 : slow.state(module, step - 1)[unit]!;
              // A rate of tanh lies within +-1.
              expect(Math.abs(rate - before)).toBeLessThanOrEqual(leak * (1 + Math.abs(before)) + 1e-6);
            }
          }
        expect(slow.state(0, 2)).not.toEqual(none.state(0, 2));
      }),
      { numRuns: 15 },
    );
  });
});

describe("noise on the drives", () => {
  it("is asked for at every module and time step, and only there", () => {
    const { network } = modulesCase({ noise: 0.5 });
    expect(network.populations.filter(({ noise }) => noise > 0).map(({ name }) => name)).toEqual([
      "module-1",
      "module-2",
    ]);
  });

  it("changes what follows it, not what came before", async () => {
    const drawn = modulesCase({ noise: 0.5 });
    const name = fluctuationName("module-1", 1);
    const quiet = { ...drawn.feeds, [name]: drawn.feeds[name]!.map(() => 0) };
    const [first, second] = await Promise.all([measureModules(drawn), measureModules({ ...drawn, feeds: quiet })]);
    expect(second.state(0, 0)).toEqual(first.state(0, 0));
    expect(second.state(1, 1)).toEqual(first.state(1, 1));
    expect(second.state(0, 1)).not.toEqual(first.state(0, 1));
    expect(second.state(1, 2)).not.toEqual(first.state(1, 2));
  });
});

describe("modules that make no sense are refused:", () => {
  const options = modulesCase().options;
  const build = (change: object) => () => buildNetwork(modularCircuit({ ...options, ...change }));

  it("a wiring that is no square, or of other modules than there are inputs", () => {
    expect(build({ wiring: [[1, 0], [1]] })).toThrow(
      new DescriptionError("modules, wiring: row 2 has 1 entries, expected 2: one for each presynaptic module"),
    );
    expect(build({ wiring: uniformWiring(3, 0) })).toThrow(
      new DescriptionError("modules, inputs: got 2, expected 1 that all 3 modules see, or one for each"),
    );
  });

  it("more connections than there are pairs, and connections from a time step that never comes", () => {
    expect(build({ wiring: uniformWiring(2, { connections: 17 }) })).toThrow(
      'circuit "modules-2x4", projection "module-2->module-1": topology "sparse": it cannot have 17 connections between 4 and 4 units; use at most 16',
    );
    expect(build({ from: 3 })).toThrow(
      'circuit "modules-2x4", projection "module-2->module-1": signals arrive from time step 3 on, and the circuit has steps 0 to 2; give fewer, or more steps',
    );
  });
});
