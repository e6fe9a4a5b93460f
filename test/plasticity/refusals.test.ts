import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork, buildOptimiser, buildRule } from "../../src/built-in.ts";
import { type CircuitBuilder, circuit } from "../../src/circuits/circuit.ts";
import { components } from "../../src/circuits/topologies/components.ts";
import { oneToOne } from "../../src/circuits/topologies/one-to-one.ts";
import { DescriptionError, UsageError } from "../../src/kinds/errors.ts";
import type { Part } from "../../src/kinds/kind.ts";
import { shown } from "../../src/kinds/shown.ts";
import { gated } from "../../src/neurons/gains/gated.ts";
import { learningProgram } from "../../src/plasticity/learning-program.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { byPathway } from "../../src/plasticity/rules/by-pathway.ts";

const [bp, gevb] = [buildRule({ kind: "bp" }), buildRule({ kind: "gevb" })];
const optimiser = buildOptimiser(adam({ rate: 0.1 }));
const networkOf = (describe: (c: CircuitBuilder) => void) => buildNetwork(circuit("odd", describe));

const scalar = networkOf((c) => {
  const hidden = c.population("hidden", { units: 4, gain: "relu" });
  c.project(c.input("input", { units: 3 }), hidden);
  c.project(hidden, c.population("report", { units: 5 }));
});

describe("gevb", () => {
  it("refuses a readout of scalar units, with the reason", () => {
    expect(() => learningProgram({ network: scalar, rule: gevb, optimiser, batch: 2 })).toThrow(
      new UsageError(
        'rule "gevb" cannot train circuit "odd": the error vector needs a readout of one vector unit, "report" has 5 of dimension 1',
      ),
    );
  });

  it("refuses a hidden population of another dimension, with the reason", () => {
    const network = networkOf((c) => {
      const first = c.population("first", { units: 4, gain: "relu" });
      const second = c.population("second", { units: 4, dimension: 3, gain: gated() });
      c.project(c.input("input", { units: 3 }), first);
      c.project(first, second);
      c.project(second, c.population("report", { units: 1, dimension: 3 }));
    });
    expect(() => learningProgram({ network, rule: gevb, optimiser, batch: 2 })).toThrow(
      new UsageError(
        `rule "gevb" cannot train circuit "odd": every population that learns must have units of the readout's dimension 3, those of "first" have 1`,
      ),
    );
  });

  it("passes over populations that have nothing to learn, such as a scalar gate of the input", () => {
    const gatedBy = (bias: "channel" | "none") =>
      networkOf((c) => {
        const gate = c.population("gate", { units: 3, bias });
        const hidden = c.population("hidden", { units: 4, dimension: 3, gain: gated() });
        c.project(c.input("input", { units: 3 }), gate, { topology: oneToOne() });
        c.project(gate, hidden);
        c.project(hidden, c.population("report", { units: 1, dimension: 3 }));
      });
    const trained = (network: typeof scalar) => () => learningProgram({ network, rule: gevb, optimiser, batch: 2 });
    expect(trained(gatedBy("none"))).not.toThrow();
    expect(trained(gatedBy("channel"))).toThrow('those of "gate" have 1');
  });
});

describe("rules with random feedback", () => {
  const vector = networkOf((c) => {
    const hidden = c.population("hidden", { units: 4, dimension: 3, gain: gated() });
    c.project(c.input("input", { units: 3 }), hidden);
    c.project(hidden, c.population("report", { units: 1, dimension: 3 }));
  });
  it.each(["fa", "dfa"])("refuse vector units, with what to use (%s)", (kind) => {
    const rule = buildRule({ kind });
    expect(() => learningProgram({ network: vector, rule, optimiser, batch: 2 })).toThrow(
      new UsageError(
        `rule "${kind}" cannot train circuit "odd": its random feedback weights are for scalar units, those of "hidden" have dimension 3; use gevb, bp or node-perturbation, or scalar units`,
      ),
    );
    expect(() => learningProgram({ network: scalar, rule, optimiser, batch: 2 })).not.toThrow();
  });
});

describe("a rule by pathway", () => {
  it("refuses a forward rule that is not known, itself, settings that the forward rule does not take, and none at all", () => {
    const built = (forward: unknown) => () => buildRule({ kind: "by-pathway", forward });
    expect(built({ kind: "gvb" })).toThrow(
      new UsageError(
        'learning rule "by-pathway": forward: learning rule "gvb" is not known (did you mean "gevb"?); known: gevb, bp, fa, dfa, node-perturbation, three-factor, by-pathway',
      ),
    );
    expect(built({ kind: "by-pathway", forward: { kind: "bp" } })).toThrow(
      new DescriptionError(
        'learning rule "by-pathway": forward: the forward pathway has no pathways of its own, so "by-pathway" cannot be within itself; use another rule',
      ),
    );
    expect(built({ kind: "fa", rate: 1 })).toThrow('rule "fa": unknown setting "rate"; there are none to give');
    for (const none of [undefined, 3, [], { rate: 1 }])
      expect(built(none)).toThrow(
        /^learning rule "by-pathway": forward: got .*, expected the name of a learning rule, or its settings with that name as kind$/,
      );
    expect(built("fa")().name).toBe("by-pathway");
  });

  it("refuses circuits whose forward pathway the forward rule refuses, with the reason, and no others", () => {
    const trained = (network: typeof scalar) => () =>
      learningProgram({ network, rule: buildRule(byPathway({ forward: "gevb" })), optimiser, batch: 2 });
    expect(trained(scalar)).toThrow(
      new UsageError(
        'rule "by-pathway" cannot train circuit "odd": of its forward pathway, to learn by "gevb": the error vector needs a readout of one vector unit, "report" has 5 of dimension 1',
      ),
    );
    const aside = networkOf((c) => {
      const hidden = c.population("hidden", { units: 4, dimension: 3, gain: gated() });
      c.project(c.input("input", { units: 3 }), hidden);
      const report = c.population("report", { units: 1, dimension: 3 });
      c.project(hidden, report);
      const heard = c.population("heard", { units: 3, gain: "relu" });
      c.project(report, heard, { topology: components() });
      c.readout(report);
    });
    expect(() => learningProgram({ network: aside, rule: gevb, optimiser, batch: 2 })).toThrow(
      'those of "heard" have 1',
    );
    expect(trained(aside)).not.toThrow();
  });
});

describe("buildRule", () => {
  it("names what is known instead of an unknown kind", () => {
    expect(() => buildRule({ kind: "gvb" })).toThrow(
      new UsageError(
        'learning rule "gvb" is not known (did you mean "gevb"?); known: gevb, bp, fa, dfa, node-perturbation, three-factor, by-pathway',
      ),
    );
    expect(() => buildRule({ kind: "toString" })).toThrow(/^learning rule "toString" is not known; known: /);
  });

  it("refuses settings that the rule does not take, naming those it takes", () => {
    expect(() => buildRule({ kind: "node-perturbation", sigma: 1 })).toThrow(
      new DescriptionError('learning rule "node-perturbation": unknown setting "sigma"; known: amplitude'),
    );
    expect(() => buildRule({ kind: "three-factor", rate: 1 })).toThrow(
      new DescriptionError('learning rule "three-factor": unknown setting "rate"; known: amplitude, decay, averaging'),
    );
    for (const kind of ["gevb", "bp", "fa", "dfa"])
      expect(() => buildRule({ kind, amplitude: 1 })).toThrow(
        new DescriptionError(`learning rule "${kind}": unknown setting "amplitude"; there are none to give`),
      );
  });

  it("refuses settings out of range, with what came", () => {
    for (const amplitude of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      for (const kind of ["node-perturbation", "three-factor"]) {
        const refused = () => buildRule({ kind, amplitude });
        expect(refused).toThrow(`rule "${kind}": amplitude: got ${amplitude}, expected a finite number above 0`);
        expect(refused).toThrow(DescriptionError);
      }
    for (const kind of ["node-perturbation", "three-factor"])
      for (const amplitude of [1e39, 1e-46])
        expect(() => buildRule({ kind, amplitude })).toThrow(
          `rule "${kind}": amplitude: got ${amplitude}, expected a number from 1.2e-38 to 3.4e38, as kernels hold it in single precision`,
        );
    for (const amplitude of [1e-20, 1e20])
      expect(() => buildRule({ kind: "three-factor", amplitude })).toThrow(
        `rule "three-factor": amplitude: got ${shown(amplitude)}, expected a number from 5.5e-20 to 9.2e18, by whose square single precision can divide`,
      );
    expect(() => buildRule({ kind: "three-factor", decay: 1.1 })).toThrow(
      'rule "three-factor": decay: got 1.1, expected a number from 0 to 1',
    );
    expect(() => buildRule({ kind: "three-factor", averaging: -0.1 })).toThrow(
      'rule "three-factor": averaging: got -0.1, expected a number from 0 to 1',
    );
    expect(() => buildRule({ kind: "three-factor", decay: "much" })).toThrow(
      'rule "three-factor": decay: got "much", expected',
    );
  });
});

describe("back-propagation", () => {
  it("trains the circuits that gevb refuses", () => {
    expect(() => learningProgram({ network: scalar, rule: bp, optimiser, batch: 2 })).not.toThrow();
  });
});

describe("buildOptimiser", () => {
  const build = (settings: object) => () => buildOptimiser(settings as Part);

  it("names what is known instead of an unknown kind", () => {
    expect(build({ kind: "adamm", rate: 0.1 })).toThrow(
      new UsageError('optimiser "adamm" is not known (did you mean "adam"?); known: sgd, momentum, adam, adamw'),
    );
  });

  it("refuses a rate that is not a number above 0", () => {
    for (const rate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(build({ kind: "sgd", rate })).toThrow(
        new DescriptionError(`optimiser "sgd": rate: got ${rate}, expected a finite number above 0`),
      );
  });

  it("refuses what the formula cannot bear: a moment that forgets nothing, and settings out of range", () => {
    for (const kind of ["adam", "adamw"] as const)
      for (const name of ["beta1", "beta2"] as const) {
        for (const value of [1, 1.5, -0.1, Number.NaN])
          expect(build({ kind, rate: 0.1, [name]: value })).toThrow(
            new DescriptionError(`optimiser "${kind}": ${name}: got ${value}, expected a number from 0 to below 1`),
          );
        expect(build({ kind, rate: 0.1, [name]: 0 })).not.toThrow();
      }
    for (const epsilon of [0, -5])
      expect(build({ kind: "adam", rate: 0.1, epsilon })).toThrow(
        `optimiser "adam": epsilon: got ${epsilon}, expected a finite number above 0`,
      );
    expect(build({ kind: "adamw", rate: 0.1, decay: -1 })).toThrow(
      'optimiser "adamw": decay: got -1, expected a finite number of at least 0',
    );
    expect(build({ kind: "momentum", rate: 0.1, momentum: 5 })).toThrow(
      'optimiser "momentum": momentum: got 5, expected a number from 0 to 1',
    );
  });

  it("refuses what single precision turns into 0, 1 or infinity", () => {
    const held = "expected a number from 1.2e-38 to 3.4e38, as kernels hold it in single precision";
    for (const kind of ["sgd", "momentum", "adam", "adamw"])
      for (const rate of [1e39, 1e-46])
        expect(build({ kind, rate })).toThrow(new DescriptionError(`optimiser "${kind}": rate: got ${rate}, ${held}`));
    expect(build({ kind: "adam", rate: 0.1, epsilon: 1e-46 })).toThrow(`optimiser "adam": epsilon: got 1e-46, ${held}`);
    expect(build({ kind: "adam", rate: 0.1, beta2: 0.99999999 })).toThrow(
      'optimiser "adam": beta2: got 0.99999999, expected a number from 0 to 0.99999994, the largest below 1 in single precision',
    );
    expect(build({ kind: "adam", rate: 3e38 })).toThrow(
      'optimiser "adam": rate: the first step, rate / (1 - beta1), is larger than single precision holds; take a smaller rate',
    );
    expect(build({ kind: "adamw", rate: 1e20, decay: 1e30 })).toThrow(
      'optimiser "adamw": decay: what a step takes away, rate times decay, is larger than single precision holds; take a smaller decay',
    );
  });

  it("gives a schedule of finite numbers at every step, or refuses", () => {
    const size = fc.integer({ min: -420, max: 420 }).map((tenths) => 10 ** (tenths / 10));
    const share = fc.oneof(
      fc.constantFrom(0, 0.9, 1 - 1e-7, 1 - 1e-9, 1),
      fc.integer({ min: 0, max: 99 }).map((n) => n / 100),
    );
    const drawn = fc.record(
      { rate: size, beta1: share, beta2: share, epsilon: size, decay: size },
      { requiredKeys: ["rate"] },
    );
    let built = 0;
    fc.assert(
      fc.property(drawn, fc.constantFrom(1, 2, 1000, 1e9), ({ decay, ...settings }, step) => {
        for (const described of [
          { kind: "adam", ...settings },
          { kind: "adamw", ...settings, decay: decay ?? 0 },
        ]) {
          try {
            const [rate, scale, ...kept] = buildOptimiser(described).schedule(step) as unknown as number[];
            expect([rate, scale, ...kept].every(Number.isFinite), JSON.stringify(described)).toBe(true);
            expect(rate).toBeGreaterThan(0);
            expect(scale).toBeGreaterThanOrEqual(1);
            built++;
          } catch (error) {
            expect(error).toBeInstanceOf(DescriptionError);
          }
        }
      }),
    );
    expect(built).toBeGreaterThan(10);
  });

  it("refuses settings that the optimiser does not take, naming those it takes", () => {
    expect(build({ kind: "sgd", rate: 0.1, momentum: 0.9 })).toThrow(
      new DescriptionError('optimiser "sgd": unknown setting "momentum"; known: rate'),
    );
    expect(build({ kind: "momentum", rate: 0.1, beta1: 0.9 })).toThrow(
      new DescriptionError('optimiser "momentum": unknown setting "beta1"; known: rate, momentum'),
    );
    expect(build({ kind: "adam", rate: 0.1, decay: 0.01 })).toThrow(
      new DescriptionError('optimiser "adam": unknown setting "decay"; known: rate, beta1, beta2, epsilon'),
    );
    expect(build({ kind: "adamw", rate: 0.1, nesterov: true })).toThrow(
      new DescriptionError('optimiser "adamw": unknown setting "nesterov"; known: rate, beta1, beta2, epsilon, decay'),
    );
  });

  it("takes settings that are left undefined", () => {
    expect(build({ kind: "sgd", rate: 0.1, decay: undefined })).not.toThrow();
  });
});
