import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { circuit, dense, gated, he, onOff, parseCircuit } from "../../src/circuits/circuit.ts";
import { DescriptionError } from "../../src/compute/errors.ts";
import { circuitCases } from "../arbitraries/circuit-cases.ts";

const example = () =>
  circuit("vector-digits", (c) => {
    const pixels = c.input("pixels", { units: 12 });
    const v1 = c.population("v1", { units: 8, dimension: 4, gain: gated() });
    const report = c.population("report", { units: 1, dimension: 4 });
    c.project(pixels, v1, { topology: dense(), sign: "mixed", initial: onOff() });
    c.project(v1, report, { topology: dense(), sign: "excitatory", initial: he() });
  });

describe("a circuit description", () => {
  it("is plain data with every default filled in", () => {
    expect(example()).toEqual({
      name: "vector-digits",
      input: { name: "pixels", units: 12 },
      populations: [
        { name: "v1", units: 8, dimension: 4, gain: "gated", bias: "channel", gates: "channel" },
        { name: "report", units: 1, dimension: 4, gain: "linear", bias: "channel", gates: "channel" },
      ],
      projections: [
        { pre: "pixels", post: "v1", topology: { kind: "dense" }, sign: "mixed", initial: { kind: "on-off" } },
        { pre: "v1", post: "report", topology: { kind: "dense" }, sign: "excitatory", initial: { kind: "he" } },
      ],
      readout: "report",
    });
  });

  it("reads out the population that is named, else the last", () => {
    const named = circuit("named readout", (c) => {
      const input = c.input("input", { units: 2 });
      const report = c.population("report", { units: 3 });
      c.project(input, report);
      c.project(input, c.population("bystander", { units: 3 }));
      c.readout(report);
    });
    expect(named.readout).toBe("report");
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
      input: { name: "input", units: 2 },
      populations: [{ name: "report", units: 3 }],
      projections: [{ pre: "input", post: "report" }],
      readout: "report",
    });
    expect(parsed.populations[0]).toEqual({
      name: "report",
      units: 3,
      dimension: 1,
      gain: "linear",
      bias: "channel",
      gates: "channel",
    });
    expect(parsed.projections[0]).toMatchObject({
      topology: { kind: "dense" },
      sign: "mixed",
      initial: { kind: "he" },
    });
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
      'circuit "vector-digits": unknown setting "depth"; known: name, input, populations, projections, readout',
    ],
    [["input", "noise"], 'circuit "vector-digits": unknown setting "input.noise"; known: name, units, map'],
    [
      ["populations", 0, "unit"],
      'circuit "vector-digits": unknown setting "populations.0.unit" (did you mean "units"?); known: name, units, map, dimension, gain, bias, gates',
    ],
    [
      ["projections", 1, "weight"],
      'circuit "vector-digits": unknown setting "projections.1.weight"; known: pre, post, topology, sign, initial',
    ],
  ];
  for (const [path, text] of unknownKeys)
    it(`has the unknown key ${path.join(".")}`, () => {
      expect(() => parseCircuit(changed(path, 3))).toThrow(new DescriptionError(text));
    });

  const badValues: readonly (readonly [readonly (string | number)[], unknown, RegExp])[] = [
    [["input", "units"], 0, /^circuit "vector-digits": input\.units: got 0, expected a whole number of at least 1$/],
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
    [["projections"], [], /^circuit "vector-digits": projections: got \[\], expected a non-empty list/],
    [
      ["projections", 0, "sign"],
      "positive",
      /projections\.0\.sign: got "positive", expected one of excitatory, inhibitory, mixed/,
    ],
    [["readout"], "", /^circuit "vector-digits": readout: got "", expected a name that starts with a letter/],
    [["name"], "", /^circuit "": name: got "", expected non-empty text/],
  ];
  for (const [path, value, text] of badValues)
    it(`has ${JSON.stringify(value)} as ${path.join(".")}`, () => {
      expect(() => parseCircuit(changed(path, value))).toThrow(text);
      expect(() => parseCircuit(changed(path, value))).toThrow(DescriptionError);
    });

  it("is no object", () => {
    expect(() => parseCircuit(null)).toThrow(
      /^circuit: got nothing, expected settings \(name, input, populations, projections, readout\)$/,
    );
  });

  it("has no input, or two", () => {
    expect(() => circuit("blind", (c) => void c.population("report", { units: 2 }))).toThrow(
      new DescriptionError('circuit "blind" has 0 inputs, expected exactly one'),
    );
    const twoEyed = () =>
      circuit("two-eyed", (c) => {
        c.input("left", { units: 2 });
        c.input("right", { units: 2 });
      });
    expect(twoEyed).toThrow(new DescriptionError('circuit "two-eyed" has 2 inputs, expected exactly one'));
  });
});
