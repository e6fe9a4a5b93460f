import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildRule } from "../../src/built-in.ts";
import { clamp, lesion } from "../../src/circuits/manipulations/description.ts";
import { manipulate } from "../../src/circuits/manipulations/manipulate.ts";
import { randomStream } from "../../src/compute/random.ts";
import { startValues } from "../../src/plasticity/learning-program.ts";
import { type CircuitCase, circuitCases } from "../arbitraries/circuit-cases.ts";
import { expectSameGradient, largestRate } from "../arbitraries/circuit-close.ts";
import { manipulatedCases, unitsIn } from "../arbitraries/manipulation-cases.ts";
import { updatesBy } from "../oracles/circuit-updates.ts";
import { interferenceOf } from "../oracles/interference.ts";
import { respondInTime } from "../oracles/recurrent-response.ts";
import { measureInTime } from "../oracles/recurrent-updates.ts";

const step = 1e-5;
/** Samples nearer than this to a change of the readout that decides are left out: a step may bring it about. */
const safeMargin = 1e-3;

it("back-propagation in a manipulated circuit is the numerical gradient of the loss, for every parameter that learns", async () => {
  let samples = 0;
  await fc.assert(
    fc.asyncProperty(
      manipulatedCases({ changing: true, binary: false }),
      async ({ manipulated, manipulations, intact }) => {
        const { network, values, feeds, batch } = manipulated;
        const interference = interferenceOf(manipulations, unitsIn(intact));
        const shifted = new Map([...values].map(([name, array]) => [name, Float64Array.from(array)]));
        const respond = (sample: number) => respondInTime(network.description, shifted, feeds, sample, interference);
        const safe = Array.from({ length: batch }, (_, sample) => respond(sample).margin > safeMargin);
        const count = safe.filter(Boolean).length;
        samples += count;
        const weights = Float32Array.from(safe, (chosen) => (chosen ? 1 / count : 0));
        const loss = () =>
          weights.reduce((sum, weight, sample) => (weight === 0 ? sum : sum + weight * respond(sample).loss), 0);
        const { gradient, rates } = await measureInTime(manipulated, weights);
        for (const { name, plastic } of network.parameters) {
          if (!plastic) continue;
          const array = shifted.get(name)!;
          const slopes = Array.from(array, (value, at) => {
            const [above, below] = [value + step, value - step].map((moved) => {
              array[at] = moved;
              return loss();
            });
            array[at] = value;
            return (above! - below!) / (2 * step);
          });
          expectSameGradient(gradient.get(name), slopes, largestRate(rates), name);
        }
      },
    ),
    { numRuns: 25 },
  );
  expect(samples).toBeGreaterThan(15);
});

/** Rules and the circuits that they take. */
const taught = (
  [
    ["bp", "both"],
    ["gevb", "vector"],
    ["fa", "scalar"],
    ["dfa", "scalar"],
    ["node-perturbation", "both"],
    ["three-factor", "both"],
    ["by-pathway", "scalar"],
  ] as const
).map(([kind, units]) => ({
  kind,
  rule: buildRule(kind === "by-pathway" ? { kind, forward: { kind: "fa" } } : { kind }),
  cases: circuitCases({ units, wiring: "branching", signs: ["mixed"], scalarGains: ["tanh", "softplus", "linear"] }),
}));

/** Updates of a rule in a manipulated circuit, with noise of both signs. */
async function updates(
  { rule }: Pick<(typeof taught)[number], "rule">,
  drawn: CircuitCase,
  manipulations: Parameters<typeof manipulate>[1],
): Promise<ReadonlyMap<string, Float32Array>> {
  const network = manipulate(drawn.network, manipulations);
  const start = startValues(network, rule, 1);
  const kept = new Map([...start].filter(([name]) => !drawn.values.has(name)));
  const noise = new Map(
    network.populations.map(({ name, dimension, units }) => [
      name,
      randomStream(2, name).signs(drawn.batch * dimension * units),
    ]),
  );
  const asked = rule.refuse(network) === undefined && ["node-perturbation", "three-factor"].includes(rule.name);
  return updatesBy(rule, { ...drawn, network }, { kept, ...(asked ? { noise } : {}) });
}

describe.each(taught)("$kind", (each) => {
  it("teaches nothing where everything is lesioned", async () => {
    await fc.assert(
      fc.asyncProperty(each.cases, async (drawn) => {
        const everything = drawn.network.populations.map(({ name }) => lesion(name));
        for (const [name, update] of await updates(each, drawn, everything))
          expect(
            update.every((value) => value === 0),
            name,
          ).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it("teaches no weight to or from a lesioned unit, and none to a clamped one", async () => {
    await fc.assert(
      fc.asyncProperty(
        each.cases.chain((drawn) =>
          fc
            .constantFrom(...drawn.network.populations)
            .chain(({ name, units }) =>
              fc
                .record({ chosen: fc.uniqueArray(fc.nat(units - 1), { minLength: 1 }), clamped: fc.boolean() })
                .map((rest) => ({ drawn, name, units, ...rest })),
            ),
        ),
        async ({ drawn, name, units, chosen, clamped }) => {
          const manipulation = clamped ? clamp(name, 0.5, { units: chosen }) : lesion(name, { units: chosen });
          const found = await updates(each, drawn, [manipulation]);
          const still = (update: Float32Array | undefined, unitAt: (at: number) => number) =>
            (update ?? new Float32Array(0)).every((value, at) => !chosen.includes(unitAt(at)) || value === 0);
          for (const { pre, post, weight, weights } of drawn.network.projections) {
            const update = found.get(weight!);
            if (post === name)
              expect(
                still(update, (at) => Math.floor(at / weights!.pre) % units),
                weight,
              ).toBe(true);
            if (pre === name && !clamped)
              expect(
                still(update, (at) => at % weights!.pre),
                weight,
              ).toBe(true);
          }
          expect(
            still(found.get(`${name}/bias`), (at) => at % units),
            "biases",
          ).toBe(true);
        },
      ),
      { numRuns: 15 },
    );
  });

  it("teaches no projection that is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        each.cases.chain((drawn) =>
          fc.constantFrom(...drawn.network.projections).map((projection) => ({ drawn, projection })),
        ),
        async ({ drawn, projection: { name, weight } }) => {
          const found = await updates(each, drawn, [lesion(name)]);
          expect(found.has(weight!)).toBe(false);
        },
      ),
      { numRuns: 10 },
    );
  });
});
