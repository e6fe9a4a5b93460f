import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork } from "../../../src/built-in.ts";
import { circuit } from "../../../src/circuits/circuit.ts";
import { addDrive, clamp, lesion } from "../../../src/circuits/manipulations/description.ts";
import { manipulate } from "../../../src/circuits/manipulations/manipulate.ts";
import { DescriptionError } from "../../../src/kinds/errors.ts";

const networkOf = (units: number) =>
  buildNetwork(
    circuit("small", (c) => {
      const image = c.input("image", { units: 2 });
      const v1 = c.population("v1", { units });
      const report = c.population("report", { units: 2 });
      c.project(image, v1);
      c.project(v1, report);
    }),
  );

/** Units that a lesion of a share takes, by the seed. */
function lesioned(units: number, share: number, seed: number): number[] {
  const held = manipulate(networkOf(units), [lesion("v1", { share })])
    .initialise(seed)
    .get("v1/held")!;
  return [...held.keys()].filter((unit) => held[unit] === 1);
}

describe("a share of the units", () => {
  const drawn = fc.record({ units: fc.integer({ min: 2, max: 40 }), seed: fc.nat(1000) });

  it("is rounded to whole units, and the same for the same seed", () => {
    fc.assert(
      fc.property(drawn, fc.integer({ min: 1, max: 8 }), ({ units, seed }, eighths) => {
        const share = eighths / 8;
        fc.pre(Math.round(share * units) > 0);
        const taken = lesioned(units, share, seed);
        expect(taken.length).toBe(Math.round(share * units));
        expect(lesioned(units, share, seed)).toEqual(taken);
      }),
    );
  });

  it("is part of a larger share", () => {
    fc.assert(
      fc.property(drawn, ({ units, seed }) => {
        expect(lesioned(units, 0.8, seed)).toEqual(expect.arrayContaining(lesioned(units, 0.5, seed)));
      }),
    );
  });

  it("is another one for another seed", () => {
    expect(new Set([1, 2, 3, 4, 5].map((seed) => lesioned(40, 0.5, seed).join()))).toHaveProperty("size", 5);
  });

  it("leaves the other parameters as they are", () => {
    const network = networkOf(8);
    const values = manipulate(network, [lesion("v1", { share: 0.5 })]).initialise(3);
    for (const [name, intact] of network.initialise(3)) expect(values.get(name), name).toEqual(intact);
  });
});

describe("manipulations of one population", () => {
  const valuesOf = (...manipulations: Parameters<typeof manipulate>[1]) =>
    manipulate(networkOf(4), manipulations).initialise(1);

  it("go one over the other, and lesions over clamps", () => {
    const values = valuesOf(
      lesion("v1", { units: [0] }),
      clamp("v1", 0.5, { units: [0, 1, 2] }),
      clamp("v1", [2, 3], { units: [3, 2] }),
    );
    expect([...values.get("v1/held")!]).toEqual([1, 1, 1, 1]);
    expect([...values.get("v1/held-rates")!]).toEqual([0, 0.5, 3, 2]);
  });

  it("add up what is added to a drive", () => {
    const values = valuesOf(addDrive("v1", 0.5), addDrive("v1", [1, 2], { units: [3, 0] }));
    expect([...values.get("v1/added-drive")!]).toEqual([2.5, 0.5, 0.5, 1.5]);
    expect(values.has("v1/held")).toBe(false);
  });
});

describe("a manipulation that makes no sense is refused", () => {
  const inTime = buildNetwork(
    circuit("small", (c) => {
      c.steps(4);
      const image = c.input("image", { units: 2 });
      const v1 = c.population("v1", { units: 4, dimension: 2 });
      const report = c.population("report", { units: 2 });
      c.project(image, v1);
      c.project(image, report);
    }),
  );
  const small = 'circuit "small", ';
  it.each([
    [
      lesion("v2"),
      `${small}lesion of "v2": there is nothing of that name (did you mean "v1"?); there are image, v1, report, image->v1, image->report`,
    ],
    [clamp("image->v1", 1), `${small}clamp of "image->v1": it is a projection, and has no units; name "image" or "v1"`],
    [addDrive("image", 1), `${small}drive added to "image": it is an input, which has no drive; clamp it instead`],
    [
      addDrive("v", 1),
      `${small}drive added to "v": there is nothing of that name (did you mean "v1"?); there are v1, report`,
    ],
    [
      lesion("image->v1", { share: 0.5 }),
      `${small}lesion of "image->v1": a projection is cut as a whole; leave share out, or lesion "image" or "v1"`,
    ],
    [lesion("v1", { units: [1, 4] }), `${small}lesion of "v1": units: got 4, expected units from 0 to 3`],
    [lesion("v1", { units: [1, 1] }), `${small}lesion of "v1": units: unit 1 is named twice; name each once`],
    [lesion("v1", { units: [1], share: 0.5 }), `${small}lesion of "v1": got both units and share; give one of them`],
    [
      lesion("v1", { share: 0.1 }),
      `${small}lesion of "v1": share: got 0.1, which is none of its 4 units; expected at least 0.125`,
    ],
    [
      clamp("v1", [1, 2, 3]),
      `${small}clamp of "v1": rate: got 3 values for 4 units of dimension 2; expected 4 or 8, or one number for all`,
    ],
    [
      addDrive("report", [1], { units: [0, 1] }),
      `${small}drive added to "report": amount: got 1 values for 2 units; expected 2, or one number for all`,
    ],
    [
      clamp("v1", [1, 2], { share: 0.5 }),
      `${small}clamp of "v1": rate: got a list, and share draws the units; give one number for all`,
    ],
    [
      lesion("v1", { steps: [0, 4] }),
      `${small}lesion of "v1": steps: got 4, expected time steps from 0 to 3, which are all that the circuit has`,
    ],
    [
      lesion("v1", { steps: { from: 3, to: 1 } }),
      `${small}lesion of "v1": steps: got from 3 to 1, expected a last step that is not before the first`,
    ],
  ])("%j", (manipulation, complaint) => {
    expect(() => manipulate(inTime, [manipulation])).toThrow(new DescriptionError(complaint));
  });

  it("as it is described", () => {
    expect(() => lesion("v1", { share: 2 })).toThrow(
      new DescriptionError("manipulation: share: got 2, expected a number above 0 and at most 1"),
    );
    expect(() => clamp("v1", Number.NaN)).toThrow(/^manipulation: rate: got NaN, expected a number, or a list of one/);
    expect(() => lesion("v1", { unit: [1] } as object)).toThrow(
      /^manipulation: unknown setting "unit" \(did you mean "units"\?\)/,
    );
  });
});
