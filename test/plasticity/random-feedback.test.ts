import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork, buildRule } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { onOff } from "../../src/circuits/initialisers/on-off.ts";
import { isPlastic, isWeighted, type Network } from "../../src/circuits/network.ts";
import { dense } from "../../src/circuits/topologies/dense.ts";
import { convolutional } from "../../src/circuits/topologies/windowed.ts";
import { sizeOf } from "../../src/compute/shape.ts";
import { startValues } from "../../src/plasticity/learning-program.ts";
import { type CircuitCase, type CircuitFamily, circuitCases } from "../arbitraries/circuit-cases.ts";
import { expectClose } from "../arbitraries/circuit-close.ts";
import { mapCases } from "../arbitraries/map-cases.ts";
import { type PlainSign, signAllows } from "../arbitraries/signs.ts";
import { measure, updatesBy } from "../oracles/circuit-updates.ts";

const [fa, dfa] = [buildRule({ kind: "fa" }), buildRule({ kind: "dfa" })];
const signs = ["excitatory", "inhibitory", "mixed"] as const;
const family: CircuitFamily = { units: "scalar", wiring: "branching", signs };
const drawings = { populations: circuitCases, maps: mapCases };
const seeds = fc.nat();

/** Projections that lead from one population to another through weights. */
const between = ({ projections, inputs }: Network) =>
  projections.filter(isWeighted).filter(({ pre }) => pre !== inputs[0]!.name);

async function expectGradient(got: ReadonlyMap<string, Float32Array>, drawn: CircuitCase): Promise<void> {
  const { bp } = await measure(drawn);
  for (const [name, gradient] of bp) expectClose(got.get(name)!, gradient, name);
}

describe.each(Object.entries(drawings))("in circuits of %s", (_what, draw) => {
  it("feedback alignment through the forward weights themselves is back-propagation", async () => {
    await fc.assert(
      fc.asyncProperty(draw(family), async (drawn) => {
        const kept = new Map(
          between(drawn.network).map(({ name, weight }) => [`feedback/${name}`, drawn.values.get(weight)!]),
        );
        await expectGradient(await updatesBy(fa, drawn, { kept }), drawn);
      }),
      { numRuns: 40 },
    );
  });

  it("feedback alignment carries errors back through what it keeps, step by step down a chain", async () => {
    await fc.assert(
      fc.asyncProperty(
        draw({ ...family, wiring: "chain" }),
        fc.array(fc.constantFrom(-2, 0.5, 4), { minLength: 4, maxLength: 4 }),
        async (drawn, factors) => {
          const { populations, parameters } = drawn.network;
          const scaled = new Map<string, number>();
          const kept = new Map<string, Float32Array>();
          let factor = 1;
          // From the readout down: what lies below a projection hears its factor times the gradient.
          for (const [at, { bias, incoming }] of [...populations].reverse().entries()) {
            for (const { name, weight } of incoming) {
              if (bias) scaled.set(bias, factor);
              if (!weight) continue;
              scaled.set(weight, factor);
              const feedback = `feedback/${name}`;
              if (at === populations.length - 1) continue;
              kept.set(
                feedback,
                drawn.values.get(weight)!.map((value) => value * factors[at]!),
              );
              factor *= factors[at]!;
            }
          }
          const { bp } = await measure(drawn);
          const updates = await updatesBy(fa, drawn, { kept });
          expect(updates.size).toBe(parameters.filter(({ plastic }) => plastic).length);
          for (const [name, update] of updates)
            expectClose(
              update,
              bp.get(name)!.map((value) => value * scaled.get(name)!),
              name,
            );
        },
      ),
      { numRuns: 30 },
    );
  });

  it("feedback alignment and direct feedback are one where there is one hidden layer, whatever the weights", async () => {
    await fc.assert(
      fc.asyncProperty(draw({ ...family, wiring: "chain", depth: 1 }), seeds, async (drawn, seed) => {
        const { network } = drawn;
        const { name } = network.populations[0]!;
        fc.pre(isPlastic(network.populations[0]!));
        const feedback = startValues(network, dfa, seed).get(`feedback/${name}`)!;
        const direct = await updatesBy(dfa, drawn, { kept: new Map([[`feedback/${name}`, feedback]]) });
        const layered = await updatesBy(fa, drawn, {
          kept: new Map([[`feedback/${network.readouts[0]!.incoming[0]!.name}`, feedback]]),
        });
        for (const [parameter, update] of direct) expectClose(layered.get(parameter)!, update, parameter);
      }),
      { numRuns: 30 },
    );
  });

  it("direct feedback of one hidden layer through the readout's weights is back-propagation", async () => {
    await fc.assert(
      fc.asyncProperty(draw({ ...family, wiring: "chain", depth: 1 }), async (drawn) => {
        const { populations, readouts } = drawn.network;
        fc.pre(isPlastic(populations[0]!));
        // B [classes, units] as the weights lie, [post, pre].
        const kept = new Map([
          [`feedback/${populations[0]!.name}`, drawn.values.get(readouts[0]!.incoming[0]!.weight!)!],
        ]);
        await expectGradient(await updatesBy(dfa, drawn, { kept }), drawn);
      }),
      { numRuns: 40 },
    );
  });

  it("feedback alignment keeps weights of the forward ones' shape and sign, but others", () => {
    fc.assert(
      fc.property(draw(family), seeds, ({ network }, seed) => {
        const values = startValues(network, fa, seed);
        const kept = [...values.keys()].filter((name) => name.startsWith("feedback/"));
        expect(kept.sort()).toEqual(
          between(network)
            .map(({ name }) => `feedback/${name}`)
            .sort(),
        );
        for (const { name, weight, weights, sign } of between(network)) {
          const feedback = values.get(`feedback/${name}`)!;
          expect(feedback.length).toBe(sizeOf(weights.shape));
          expect(feedback.every((value) => signAllows(sign, value))).toBe(true);
          expect(feedback).not.toEqual(values.get(weight));
        }
        expect(startValues(network, fa, seed)).toEqual(values);
      }),
    );
  });

  it("direct feedback is one matrix, of which each hidden population takes the first columns", () => {
    fc.assert(
      fc.property(draw(family), seeds, ({ network }, seed) => {
        const values = startValues(network, dfa, seed);
        // Pools have nothing to learn.
        const hidden = network.populations.filter(
          (population) => population !== network.readouts[0] && isPlastic(population),
        );
        fc.pre(hidden.length > 0);
        const kept = [...values.keys()].filter((name) => name.startsWith("feedback/"));
        expect(kept.sort()).toEqual(hidden.map(({ name }) => `feedback/${name}`).sort());
        const widest = hidden.reduce((one, other) => (other.units > one.units ? other : one));
        const whole = values.get(`feedback/${widest.name}`)!;
        for (const { name, units } of hidden) {
          const own = values.get(`feedback/${name}`)!;
          expect(own.length).toBe(network.reports[0]!.units * units);
          own.forEach((value, at) => {
            expect(value).toBe(whole[Math.floor(at / units) * widest.units + (at % units)]);
          });
        }
        expect(startValues(network, dfa, seed)).toEqual(values);
      }),
    );
  });
});

describe("direct feedback weights", () => {
  /** The feedback of a population of 2000 units for 5 classes, with this sign beyond the input. */
  const feedbackOf = (sign: PlainSign, seed = 1) => {
    const network = buildNetwork(
      circuit("wide", (c) => {
        const hidden = c.population("hidden", { units: 2000 });
        c.project(c.input("input", { units: 2 }), hidden, { sign: "mixed" });
        c.project(hidden, c.population("report", { units: 5 }), { topology: dense(), sign });
      }),
    );
    return startValues(network, dfa, seed).get("feedback/hidden")!;
  };
  const moments = (values: Float32Array) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
  };

  it("are uniform in [0, 1] where all weights beyond the input are excitatory", () => {
    const values = feedbackOf("excitatory");
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
    const { mean, variance } = moments(values);
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.005);
  });

  it.each(["mixed", "inhibitory"] as const)("are uniform in [-1, 1] in a circuit with %s weights", (sign) => {
    const values = feedbackOf(sign);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
    const { mean, variance } = moments(values);
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1 / 3)).toBeLessThan(0.02);
  });

  it("are others for another seed", () => {
    expect(feedbackOf("mixed", 2)).not.toEqual(feedbackOf("mixed", 1));
  });
});

describe("feedback weights of feedback alignment", () => {
  it("are drawn as the forward ones were: ON/OFF pairs of channels where those have them", () => {
    const network = buildNetwork(
      circuit("pairs", (c) => {
        const map = { height: 3, width: 3, channels: 4 };
        const first = c.population("first", { map, gain: "alternating-relu" });
        const second = c.population("second", { map, gain: "alternating-relu" });
        const window = { topology: convolutional({ kernel: 3, padding: 1 }), initial: onOff() };
        c.project(c.input("input", { map: { ...map, channels: 1 } }), first, window);
        c.project(first, second, { ...window, sign: "excitatory" });
        c.project(second, c.population("report", { units: 2 }), { sign: "excitatory" });
      }),
    );
    const feedback = startValues(network, fa, 1).get("feedback/first->second")!;
    const row = feedback.length / 4;
    for (let even = 0; even < 4; even += 2)
      for (let j = 0; j < row; j += 2) {
        const at = even * row + j;
        expect(feedback[at]).toBe(feedback[at + row + 1]);
        expect(feedback[at + 1]).toBe(feedback[at + row]);
        expect(Math.min(feedback[at]!, feedback[at + 1]!)).toBe(0);
      }
  });
});
