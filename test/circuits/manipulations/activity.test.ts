import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDrive, clamp, lesion } from "../../../src/circuits/manipulations/description.ts";
import { manipulate } from "../../../src/circuits/manipulations/manipulate.ts";
import { expectClose } from "../../arbitraries/circuit-close.ts";
import { manipulatedCases, underManipulations, unitsIn } from "../../arbitraries/manipulation-cases.ts";
import { recurrentCases } from "../../arbitraries/recurrent-cases.ts";
import { interferenceOf } from "../../oracles/interference.ts";
import { respondInTime } from "../../oracles/recurrent-response.ts";
import { measureInTime } from "../../oracles/recurrent-updates.ts";

/** Samples nearer than this to a change of mind are left out: float32 may decide otherwise. */
const safeMargin = 1e-3;
const cases = recurrentCases({ changing: true, binary: true });

/** One population or input of a case, and some of its units. */
const withUnits = cases.chain((drawn) =>
  fc
    .constantFrom(...drawn.network.inputs, ...drawn.network.populations)
    .chain(({ name, units }) =>
      fc.uniqueArray(fc.nat(units - 1), { minLength: 1 }).map((chosen) => ({ drawn, name, chosen })),
    ),
);

describe("a circuit that is manipulated", () => {
  it("does what plain loops from the manipulations' words do", async () => {
    let samples = 0;
    await fc.assert(
      fc.asyncProperty(
        manipulatedCases({ changing: true, binary: true }),
        async ({ manipulated, manipulations, intact }) => {
          const { network, values, feeds, batch } = manipulated;
          const { rates } = await measureInTime(manipulated);
          const interference = interferenceOf(manipulations, unitsIn(intact));
          for (let sample = 0; sample < batch; sample++) {
            const expected = respondInTime(network.description, values, feeds, sample, interference);
            if (expected.margin < safeMargin) continue;
            samples++;
            for (const [state, wanted] of expected.rates) {
              const all = rates.get(state);
              if (!all) continue; // an input
              expectClose(
                all.subarray((sample * all.length) / batch, ((sample + 1) * all.length) / batch),
                wanted.flat(),
                state,
              );
            }
          }
        },
      ),
      { numRuns: 80 },
    );
    expect(samples).toBeGreaterThan(60);
  });

  it("is the same circuit, plan and all, where nothing is done to it", () => {
    fc.assert(
      fc.property(cases, ({ network }) => {
        expect(manipulate(network, [])).toBe(network);
      }),
      { numRuns: 5 },
    );
  });

  it("is silent where everything is lesioned", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const everything = drawn.network.populations.map(({ name }) => lesion(name));
        const { rates } = await measureInTime(underManipulations(drawn, everything));
        for (const [state, values] of rates) expect(values, state).toEqual(new Float32Array(values.length));
      }),
      { numRuns: 15 },
    );
  });

  it("does without a lesioned unit what it does without the unit's outgoing weights", async () => {
    await fc.assert(
      fc.asyncProperty(withUnits, async ({ drawn, name, chosen }) => {
        const values = new Map(drawn.values);
        for (const { pre, weight, weights } of drawn.network.projections)
          if (pre === name)
            values.set(
              weight!,
              values.get(weight!)!.map((value, at) => (chosen.includes(at % weights!.pre) ? 0 : value)),
            );
        const severed = await measureInTime({ ...drawn, values });
        const lesioned = await measureInTime(underManipulations(drawn, [lesion(name, { units: chosen })]));
        for (const [state, rates] of severed.rates) {
          const units = unitsIn(drawn)(state.split("@")[0]!);
          const wanted = rates.map((rate, at) =>
            state.startsWith(`${name}@`) && chosen.includes(at % units) ? 0 : rate,
          );
          expectClose(lesioned.rates.get(state)!, wanted, state);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("does without a projection what it does with weights of 0", async () => {
    await fc.assert(
      fc.asyncProperty(
        cases.chain((drawn) =>
          fc.constantFrom(...drawn.network.projections).map((projection) => ({ drawn, projection })),
        ),
        async ({ drawn, projection: { name, weight } }) => {
          const values = new Map(drawn.values).set(weight!, new Float32Array(drawn.values.get(weight!)!.length));
          const without = await measureInTime({ ...drawn, values });
          const cut = await measureInTime(underManipulations(drawn, [lesion(name)]));
          for (const [state, rates] of without.rates) expectClose(cut.rates.get(state)!, rates, state);
          expect(cut.gradient.has(weight!)).toBe(false);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("does not notice that units are clamped to the rates that they have", async () => {
    await fc.assert(
      fc.asyncProperty(
        cases
          .filter(({ batch }) => batch === 1)
          .chain((drawn) => fc.constantFrom(...drawn.network.populations).map((population) => ({ drawn, population }))),
        async ({ drawn, population: { name } }) => {
          const { rates } = await measureInTime(drawn);
          const clamps = Array.from({ length: drawn.network.steps }, (_, step) => step).flatMap((step) => {
            const found = rates.get(`${name}@${step}`);
            return found ? [clamp(name, [...found], { steps: [step] })] : [];
          });
          const clamped = await measureInTime(underManipulations(drawn, clamps));
          for (const [state, values] of rates) expect(clamped.rates.get(state), state).toEqual(values);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("does not notice an added drive of 0", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const { rates, gradient } = await measureInTime(drawn);
        const added = drawn.network.populations.map(({ name }) => addDrive(name, 0));
        const same = await measureInTime(underManipulations(drawn, added));
        for (const [state, values] of rates) expect(same.rates.get(state), state).toEqual(values);
        for (const [name, values] of gradient) expect(same.gradient.get(name), name).toEqual(values);
      }),
      { numRuns: 15 },
    );
  });
});
