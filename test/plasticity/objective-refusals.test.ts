import { describe, expect, it } from "vitest";
import { buildNetwork, buildObjective, buildOptimiser, buildRule } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { DescriptionError, UsageError } from "../../src/kinds/errors.ts";
import type { Description } from "../../src/kinds/kind.ts";
import { builtIn } from "../../src/library.ts";
import { learningProgram } from "../../src/plasticity/learning-program.ts";
import { namingClasses } from "../../src/plasticity/objectives/classification.ts";
import { defineObjective } from "../../src/plasticity/objectives/objective.ts";

const network = buildNetwork(
  circuit("net", (c) => {
    const area = c.population("area", { units: 4 });
    c.project(c.input("input", { units: 2 }), area);
    for (const name of ["choice", "place"]) {
      const readout = c.population(name, { units: 2 });
      c.project(area, readout);
      c.readout(readout);
    }
    c.decision({ module: "each" });
  }),
);
const learnBy = (objective: Description) => () =>
  learningProgram({
    network,
    objective: buildObjective(objective),
    rule: buildRule("bp"),
    optimiser: buildOptimiser({ kind: "sgd", rate: 0.1 }),
    batch: 2,
  });
const classification = { objective: "classification" };

describe("an objective is refused", () => {
  it.each([
    [
      { kind: "several", of: { choice: classification, place: { objective: "squared-error", report: 2 } } },
      'objective "several" does not fit circuit "net": of, place: there is no report 2, the circuit makes 2; give one from 0 to 1, or let the decision make more',
    ],
    [
      { kind: "several", of: { scene: { objective: "attended-object" } } },
      'objective "several" does not fit circuit "net": of, scene: population "gated-1", which is to show the attended object, does not exist; there are area, choice, place',
    ],
    [
      { kind: "penalised", rates: { l1: 1, populations: ["aera"] } },
      'objective "penalised" does not fit circuit "net": rates, populations: "aera" does not exist (did you mean "area"?); there are area, choice, place',
    ],
  ] as const)("that does not fit the circuit: %#", (objective, message) => {
    expect(learnBy(objective as unknown as Description)).toThrow(new UsageError(message));
  });

  it.each([
    [{ kind: "several", of: {} }, 'objective "several": of: got {}, expected at least one objective'],
    [
      { kind: "several", of: { "Eye position": classification } },
      'objective "several": of: got {"Eye position": {objective: {...}, weight: 1}}, expected names that start with a small letter and go on with letters and digits',
    ],
    [
      { kind: "several", of: { choice: { ...classification, weight: 0 } } },
      'objective "several": of.choice.weight: got 0, expected a finite number above 0',
    ],
    [
      { kind: "several", of: { choice: { objective: { kind: "squared-error", time: "never" } } } },
      'objective "several": of.choice.objective: objective "squared-error": time: got "never", expected one of decision, steps',
    ],
    [
      { kind: "penalised", objective: "clasification" },
      'objective "penalised": objective: objective "clasification" is not known (did you mean "classification"?)',
    ],
  ] as const)("of which a setting is wrong: %#", (objective, message) => {
    expect(() => builtIn.resolve("objective", objective as unknown as Description)).toThrow(message);
  });

  it.each([
    ["step", "would hide another value of the record"],
    ["trainLoss", "would hide another value of the record"],
    ["R2", "is no name that starts with a small letter and goes on with letters and digits"],
  ])("of which a metric is called %s", (name, fault) => {
    const own = defineObjective({
      kind: "own",
      summary: "an objective with a metric of an odd name",
      build: () => ({ ...namingClasses, metrics: { [name]: namingClasses.metrics.error! } }),
    });
    expect(() => own.build({}, undefined, builtIn)).toThrow(
      new UsageError(`objective "own": metric "${name}" ${fault}; give it another name`),
    );
  });
});

it("every default of an objective within another is written out, and stays the same when it is read again", () => {
  const given = { kind: "penalised", objective: { kind: "several", of: { place: { objective: "squared-error" } } } };
  const resolved = builtIn.resolve("objective", given);
  expect(resolved).toEqual({
    kind: "penalised",
    objective: {
      kind: "several",
      of: { place: { objective: { kind: "squared-error", time: "decision" }, weight: 1 } },
    },
    rates: { l1: 0, l2: 0 },
    weights: { l1: 0, l2: 0 },
  });
  expect(builtIn.resolve("objective", resolved)).toEqual(resolved);
  expect(() => buildObjective("penalised")).not.toThrow(DescriptionError);
});
