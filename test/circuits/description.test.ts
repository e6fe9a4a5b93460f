import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { circuit, parseCircuit } from "../../src/circuits/circuit.ts";
import { he } from "../../src/circuits/initialisers/he.ts";
import { onOff } from "../../src/circuits/initialisers/on-off.ts";
import { dense } from "../../src/circuits/topologies/dense.ts";
import { DescriptionError } from "../../src/kinds/errors.ts";
import { gated } from "../../src/neurons/gains/gated.ts";
import { circuitCases } from "../arbitraries/circuit-cases.ts";

const example = () =>
  circuit("vector-digits", (c) => {
    const pixels = c.input("pixels", { units: 12 });
    const v1 = c.population("v1", { units: 8, dimension: 4, gain: gated() });
    const report = c.population("report", { units: 1, dimension: 4 });
    c.project(pixels, v1, { topology: dense(), sign: "mixed", initial: onOff() });
    c.project(v1, report, { topology: dense(), sign: "excitatory", initial: he() });
  });

const populationDefaults = {
  bias: "channel",
  gates: "channel",
  leak: 1,
  noise: 0,
  inhibitoryFraction: 0,
};
const projectionDefaults = {
  topology: { kind: "dense" },
  delay: 0,
  from: 0,
  transmission: { kind: "graded" },
  effect: "driving",
};

describe("a circuit description", () => {
  it("is plain data with every default filled in", () => {
    expect(example()).toEqual({
      name: "vector-digits",
      inputs: [{ name: "pixels", units: 12, timing: "constant" }],
      populations: [
        { name: "v1", units: 8, dimension: 4, gain: "gated", ...populationDefaults },
        { name: "report", units: 1, dimension: 4, gain: "linear", ...populationDefaults },
      ],
      projections: [
        { pre: "pixels", post: "v1", sign: "mixed", initial: { kind: "on-off" }, ...projectionDefaults },
        { pre: "v1", post: "report", sign: "excitatory", initial: { kind: "he" }, ...projectionDefaults },
      ],
      readouts: ["report"],
      steps: 1,
      decision: { time: "last", module: "max" },
    });
  });

  it("reads out the populations that are named, else the last", () => {
    const named = (...readouts: string[]) =>
      circuit("named readouts", (c) => {
        const input = c.input("input", { units: 2 });
        const reports = ["left", "right", "bystander"].map((name) => c.population(name, { units: 3 }));
        for (const report of reports) c.project(input, report);
        for (const name of readouts) c.readout({ name });
      }).readouts;
    expect(named("left")).toEqual(["left"]);
    expect(named("right", "left")).toEqual(["right", "left"]);
    expect(named()).toEqual(["bystander"]);
  });

  it("keeps several inputs, time steps and the decision as they are told", () => {
    const told = circuit("in time", (c) => {
      c.project(c.input("left", { units: 2 }), c.population("report", { units: 3 }));
      c.input("right", { units: 4, timing: "varying" });
      c.steps(3);
      c.decision({ time: { step: 1 }, module: "sum" });
    });
    expect(told.inputs).toEqual([
      { name: "left", units: 2, timing: "constant" },
      { name: "right", units: 4, timing: "varying" },
    ]);
    expect(told.steps).toBe(3);
    expect(told.decision).toEqual({ time: { step: 1 }, module: "sum" });
  });

  it("comes back the same through JSON", () => {
    const cases = circuitCases({ units: "both", wiring: "branching", signs: ["excitatory", "inhibitory", "mixed"] });
    fc.assert(
      fc.property(cases, ({ network: { description } }) => {
        expect(parseCircuit(JSON.parse(JSON.stringify(description)))).toEqual(description);
      }),
    );
  });

  it("fills defaults of data that leaves them out", () => {
    const parsed = parseCircuit({
      name: "short",
      inputs: [{ name: "input", units: 2 }],
      populations: [{ name: "report", units: 3 }],
      projections: [{ pre: "input", post: "report" }],
      readouts: ["report"],
    });
    expect(parsed.populations[0]).toEqual({
      name: "report",
      units: 3,
      dimension: 1,
      gain: "linear",
      ...populationDefaults,
    });
    expect(parsed.projections[0]).toEqual({
      pre: "input",
      post: "report",
      sign: "mixed",
      initial: { kind: "he" },
      ...projectionDefaults,
    });
    expect(parsed.inputs[0]!.timing).toBe("constant");
    expect(parsed.steps).toBe(1);
    expect(parsed.decision).toEqual({ time: "last", module: "max" });
  });
});

/** The example with a change at a path. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const data = JSON.parse(JSON.stringify(example())) as Record<string | number, unknown>;
  let at = data;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path.at(-1)!] = value;
  return data;
}

describe("a description that is refused", () => {
  const unknownKeys: readonly (readonly [readonly (string | number)[], string])[] = [
    [
      ["depth"],
      'circuit "vector-digits": unknown setting "depth"; known: name, inputs, populations, projections, readouts, steps, decision',
    ],
    [
      ["inputs", 0, "noise"],
      'circuit "vector-digits": unknown setting "inputs.0.noise"; known: name, units, map, timing',
    ],
    [
      ["populations", 0, "unit"],
      'circuit "vector-digits": unknown setting "populations.0.unit" (did you mean "units"?); known: name, units, map, dimension, gain, bias, frozen, gates, leak, noise, inhibitoryFraction, inhibitionOfReturn',
    ],
    [
      ["projections", 1, "weight"],
      'circuit "vector-digits": unknown setting "projections.1.weight"; known: pre, post, name, topology, sign, initial, frozen, delay, from, transmission, effect, strength',
    ],
  ];
  for (const [path, text] of unknownKeys)
    it(`has the unknown key ${path.join(".")}`, () => {
      expect(() => parseCircuit(changed(path, 3))).toThrow(new DescriptionError(text));
    });

  const badValues: readonly (readonly [readonly (string | number)[], unknown, RegExp])[] = [
    [
      ["inputs", 0, "units"],
      0,
      /^circuit "vector-digits": inputs\.0\.units: got 0, expected a whole number of at least 1$/,
    ],
    [
      ["populations", 0, "units"],
      2.5,
      /^circuit "vector-digits": populations\.0\.units: got 2\.5, expected a whole number/,
    ],
    [
      ["populations", 1, "dimension"],
      -1,
      /^circuit "vector-digits": populations\.1\.dimension: got -1, expected a whole number of at least 1/,
    ],
    [
      ["populations", 0, "name"],
      "1st",
      /populations\.0\.name: got "1st", expected a name that starts with a letter and goes on with letters/,
    ],
    [["populations"], [], /^circuit "vector-digits": populations: got \[\], expected a non-empty list/],
    [["inputs"], [], /^circuit "vector-digits": inputs: got \[\], expected a non-empty list/],
    [["readouts"], [], /^circuit "vector-digits": readouts: got \[\], expected a non-empty list/],
    [["projections"], [], /^circuit "vector-digits": projections: got \[\], expected a non-empty list/],
    [
      ["projections", 0, "sign"],
      3,
      /projections\.0\.sign: got 3, expected the name of a sign constraint, or its settings with that name as kind/,
    ],
    [
      ["projections", 0, "initial"],
      3,
      /projections\.0\.initial: got 3, expected the name of an initialiser, or its settings with that name as kind/,
    ],
    [["readouts", 0], "", /^circuit "vector-digits": readouts\.0: got "", expected a name that starts with a letter/],
    [["name"], "", /^circuit "": name: got "", expected non-empty text/],
  ];
  for (const [path, value, text] of badValues)
    it(`has ${JSON.stringify(value)} as ${path.join(".")}`, () => {
      expect(() => parseCircuit(changed(path, value))).toThrow(text);
      expect(() => parseCircuit(changed(path, value))).toThrow(DescriptionError);
    });

  it("is no object", () => {
    expect(() => parseCircuit(null)).toThrow(
      /^circuit: got nothing, expected settings \(name, inputs, populations, projections, readouts, steps, decision\)$/,
    );
  });

  it("has no input, or no population", () => {
    expect(() => circuit("blind", (c) => void c.population("report", { units: 2 }))).toThrow(
      /^circuit "blind": inputs: got \[\], expected a non-empty list/,
    );
    expect(() => circuit("empty", (c) => void c.input("input", { units: 2 }))).toThrow(
      /^circuit "empty": populations: got \[\], expected a non-empty list/,
    );
  });

  it("refuses numbers that kernels turn into 0 or infinity", () => {
    const held = "a number from 1.2e-38 to 3.4e38, as kernels hold it in single precision";
    const { populations, projections, ...rest } = example();
    const [v1, ...others] = populations;
    const [first, ...later] = projections;
    const population = (settings: object) => ({
      ...rest,
      projections,
      populations: [{ ...v1, ...settings }, ...others],
    });
    const projection = (settings: object) => ({
      ...rest,
      populations,
      projections: [{ ...first, ...settings }, ...later],
    });
    const cases: [object, string][] = [
      [population({ noise: 1e39 }), `populations.0.noise: got 1e+39, expected 0 or ${held}`],
      [projection({ strength: 1e-46 }), `projections.0.strength: got 1e-46, expected 0 or ${held}`],
      [
        projection({ transmission: { kind: "binary", sharpness: 1e39 } }),
        `projections.0.transmission.sharpness: got 1e+39, expected ${held}`,
      ],
    ];
    for (const [data, message] of cases) expect(() => parseCircuit(data as never)).toThrow(message);
  });
});
