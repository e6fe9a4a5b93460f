import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import type { WeightsToDraw } from "../../src/circuits/initialisers/initialiser.ts";
import { onOff } from "../../src/circuits/initialisers/on-off.ts";
import { convolutional, local } from "../../src/circuits/topologies/windowed.ts";
import type { MapSize } from "../../src/compute/kernels/window.ts";
import { type RandomStream, randomStream } from "../../src/compute/random.ts";
import { DescriptionError } from "../../src/kinds/errors.ts";
import { builtIn } from "../../src/library.ts";
import { gated } from "../../src/neurons/gains/gated.ts";
import { constraintOf, type PlainSign, signAllows } from "../arbitraries/signs.ts";

function layout(sign: PlainSign, post: number, pre: number, more: Partial<WeightsToDraw> = {}): WeightsToDraw {
  return {
    shape: [post, pre],
    axes: ["post", "pre"],
    post,
    pre,
    copies: 1,
    postChannels: post,
    preChannels: pre,
    fromInput: false,
    constraint: constraintOf(sign, pre),
    ...more,
  };
}

/** Weights of a layout by an initialiser. */
const drawn = (kind: string) => (weights: WeightsToDraw, random: RandomStream) =>
  builtIn.build("initialiser", kind, weights, 'projection "v1->v2": ')(random);
const [heWeights, onOffWeights] = [drawn("he"), drawn("on-off")];

const stream = (seed = 1) => randomStream(seed, "initial/v1->v2");

/** Mean and variance of the values times n_in, both within five standard errors of a normal sample. */
function expectNormal(values: readonly number[], variance: number): void {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(variance / count));
  expect(Math.abs(spread / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
}

const pairs = fc.integer({ min: 1, max: 6 }).map((half) => 2 * half);

describe("ON/OFF weights under a sign constraint", () => {
  it("are equal along and across each pair of pairs, and of the two values one is 0", () => {
    fc.assert(
      fc.property(pairs, pairs, fc.nat(), (post, pre, seed) => {
        const weights = onOffWeights(layout("excitatory", post, pre), stream(seed));
        const at = (i: number, j: number) => weights[i * pre + j]!;
        for (let i = 0; i < post; i += 2)
          for (let j = 0; j < pre; j += 2) {
            expect(at(i, j)).toBe(at(i + 1, j + 1));
            expect(at(i, j + 1)).toBe(at(i + 1, j));
            expect(Math.min(at(i, j), at(i, j + 1))).toBe(0);
            expect(Math.max(at(i, j), at(i, j + 1))).toBeGreaterThan(0);
          }
      }),
    );
  });

  it("differ, ON from OFF, by a normal value of variance 4 / n_in", () => {
    const [post, pre] = [256, 128];
    const weights = onOffWeights(layout("excitatory", post, pre), stream());
    const differences: number[] = [];
    for (let i = 0; i < post; i += 2)
      for (let j = 0; j < pre; j += 2) differences.push(weights[i * pre + j]! - weights[i * pre + j + 1]!);
    expectNormal(differences, 4 / pre);
  });

  it("of a single postsynaptic unit are the even row", () => {
    const single = onOffWeights(layout("excitatory", 1, 8), stream());
    expect(single).toEqual(onOffWeights(layout("excitatory", 2, 8), stream()).slice(0, 8));
  });

  it("are the negative where inhibitory", () => {
    const excitatory = onOffWeights(layout("excitatory", 6, 8), stream());
    const inhibitory = onOffWeights(layout("inhibitory", 6, 8), stream());
    inhibitory.forEach((weight, at) => {
      expect(weight + excitatory[at]!).toBe(0);
      expect(weight).toBeLessThanOrEqual(0);
    });
  });

  it("are refused for odd numbers of units, with what to do", () => {
    const refused = (refusedLayout: WeightsToDraw) => () => onOffWeights(refusedLayout, stream());
    expect(refused(layout("excitatory", 5, 8))).toThrow(
      new DescriptionError(
        'projection "v1->v2": initialiser "on-off": ON/OFF weights need pairs of units, the postsynaptic population has 5 (of a map: channels); use 6, or initial "he"',
      ),
    );
    expect(refused(layout("inhibitory", 4, 7))).toThrow(
      new DescriptionError(
        'projection "v1->v2": initialiser "on-off": ON/OFF weights need pairs of units, the presynaptic population has 7 (of a map: channels); use 8, or initial "he"',
      ),
    );
    expect(refused(layout("mixed", 3, 7))).toThrow(
      /the postsynaptic population has 3 \(of a map: channels\); use 4, or/,
    );
    expect(refused(layout("mixed", 1, 8))).toThrow(
      /the postsynaptic population has 1 \(of a map: channels\); use 2, or/,
    );
    expect(refused(layout("mixed", 2, 7))).not.toThrow();
  });
});

describe("ON/OFF weights from the input", () => {
  it("are opposite in each pair of units, in every component, with variance 1 / n_in", () => {
    const { network, weights } = firstLayer(64, 50, 10);
    expect(network.projections[0]!.weights!.shape).toEqual([10, 64, 50]);
    const even: number[] = [];
    weights.forEach((weight, at) => {
      if (Math.floor(at / 50) % 2 === 0) {
        even.push(weight);
        expect(weights[at + 50]).toBe(-weight);
      }
    });
    expectNormal(even, 1 / 50);
  });

  it("are independent between the components of a vector unit", () => {
    const { weights } = firstLayer(64, 50, 2);
    const half = weights.length / 2;
    const correlation = weights.slice(0, half).reduce((sum, weight, at) => sum + 50 * weight * weights[half + at]!, 0);
    // Half of the products repeat the other half.
    expect(Math.abs(correlation / half)).toBeLessThan(5 / Math.sqrt(half / 2));
  });
});

/** The first projection of a built network and its weights. */
function firstLayer(units: number, inputs: number, dimension: number) {
  const network = buildNetwork(
    circuit("first layer", (c) => {
      const input = c.input("input", { units: inputs });
      const v1 = c.population("v1", { units, dimension, gain: gated() });
      const report = c.population("report", { units: 1, dimension });
      c.project(input, v1, { initial: onOff() });
      c.project(v1, report, { sign: "excitatory", initial: onOff() });
    }),
  );
  return { network, weights: network.initialise(3).get("input->v1/weight")! };
}

describe.each([
  ["convolutional", convolutional],
  ["local", local],
])("ON/OFF weights of %s projections", (_kind, topology) => {
  /** A mixed and an excitatory projection with windows of 3 x 3, between maps of these channels. */
  const networkOf = (channels: readonly [number, number, number]) => {
    const [seen, first, second] = channels;
    return buildNetwork(
      circuit("maps", (c) => {
        const input = c.input("input", { map: { height: 8, width: 7, channels: seen } });
        const v1 = c.population("v1", { map: { height: 6, width: 5, channels: first }, dimension: 3, gain: gated() });
        const v2 = c.population("v2", { map: { height: 4, width: 3, channels: second }, dimension: 3, gain: gated() });
        c.project(input, v1, { topology: topology({ kernel: 3 }), initial: onOff() });
        c.project(v1, v2, { topology: topology({ kernel: 3 }), sign: "excitatory", initial: onOff() });
        c.project(v2, c.population("report", { units: 1, dimension: 3 }), { sign: "excitatory" });
      }),
    );
  };
  const network = networkOf([3, 32, 32]);
  const values = network.initialise(4);
  const rowsOf = (index: number) => {
    const { weight, weights } = network.projections[index]!;
    const { copies, post, pre } = weights!;
    const array = values.get(weight!)!;
    return { copies, post, pre, at: (copy: number, i: number, j: number) => array[(copy * post + i) * pre + j]! };
  };

  it("from the input are opposite in each pair of channels, at every position and place, with variance 1 / n_in", () => {
    const { copies, post, pre, at } = rowsOf(0);
    const even: number[] = [];
    for (let copy = 0; copy < copies; copy++)
      for (let i = 0; i < post; i += 2)
        for (let j = 0; j < pre; j++) {
          even.push(at(copy, i, j));
          expect(at(copy, i + 1, j)).toBe(-at(copy, i, j));
        }
    expect(pre).toBe(3 * 3 ** 2);
    expectNormal(even, 1 / pre);
    // Every component and, of a local projection, every position has its own.
    expect(new Set(even).size).toBeGreaterThan(0.99 * even.length);
  });

  it("beyond pair channels with channels at every place of the window, with differences of variance 4 / n_in", () => {
    const { copies, post, pre, at } = rowsOf(1);
    const differences: number[] = [];
    for (let copy = 0; copy < copies; copy++)
      for (let i = 0; i < post; i += 2)
        for (let j = 0; j < pre; j += 2) {
          expect(at(copy, i + 1, j + 1)).toBe(at(copy, i, j));
          expect(at(copy, i + 1, j)).toBe(at(copy, i, j + 1));
          expect(Math.min(at(copy, i, j), at(copy, i, j + 1))).toBe(0);
          differences.push(at(copy, i, j) - at(copy, i, j + 1));
        }
    expect(pre).toBe(32 * 3 ** 2);
    expectNormal(differences, 4 / pre);
    expect(new Set(differences).size).toBeGreaterThan(0.99 * differences.length);
  });

  it("are refused for odd numbers of channels", () => {
    expect(() => networkOf([1, 5, 4])).toThrow(
      new DescriptionError(
        'circuit "maps", projection "input->v1": initialiser "on-off": ON/OFF weights need pairs of units, the postsynaptic population has 5 (of a map: channels); use 6, or initial "he"',
      ),
    );
    expect(() => networkOf([1, 4, 3])).toThrow(
      /^circuit "maps", projection "v1->v2": initialiser "on-off": ON\/OFF weights need pairs of units, the postsynaptic population has 3 \(of a map: channels\); use 4, or/,
    );
  });

  it("are refused where the presynaptic map has an odd number of channels", () => {
    const odd = () =>
      buildNetwork(
        circuit("odd", (c) => {
          const input = c.input("input", { map: { height: 3, width: 3, channels: 1 } });
          const v1 = c.population("v1", { map: { height: 3, width: 3, channels: 3 }, dimension: 2, gain: gated() });
          const v2 = c.population("v2", { map: { height: 1, width: 1, channels: 2 }, dimension: 2, gain: gated() });
          c.project(input, v1, { topology: topology({ kernel: 1 }) });
          c.project(v1, v2, { topology: topology({ kernel: 3 }), sign: "excitatory", initial: onOff() });
          c.project(v2, c.population("report", { units: 1, dimension: 2 }));
        }),
      );
    expect(odd).toThrow(
      new DescriptionError(
        'circuit "odd", projection "v1->v2": initialiser "on-off": ON/OFF weights need pairs of units, the presynaptic population has 3 (of a map: channels); use 4, or initial "he"',
      ),
    );
  });
});

describe("ON/OFF weights of dense projections", () => {
  const networkOf = (pre: MapSize, post: MapSize) =>
    buildNetwork(
      circuit("flat", (c) => {
        const v1 = c.population("v1", { map: pre, dimension: 2, gain: gated() });
        const v2 = c.population("v2", { map: post, dimension: 2, gain: gated() });
        c.project(c.input("input", { units: 2 }), v1);
        c.project(v1, v2, { sign: "excitatory", initial: onOff() });
        c.project(v2, c.population("report", { units: 1, dimension: 2 }));
      }),
    );

  it("are refused where units of a map would pair across positions", () => {
    const words = (side: string) =>
      new DescriptionError(
        `circuit "flat", projection "v1->v2": initialiser "on-off": ON/OFF weights need pairs of units, the ${side} population has 3 (of a map: channels); use 4, or initial "he"`,
      );
    const [odd, even] = [
      { height: 2, width: 1, channels: 3 },
      { height: 1, width: 1, channels: 2 },
    ];
    expect(() => networkOf(odd, even)).toThrow(words("presynaptic"));
    expect(() => networkOf(even, odd)).toThrow(words("postsynaptic"));
    expect(() => networkOf(even, even).initialise(1)).not.toThrow();
  });
});

describe("He weights", () => {
  it("are normal with variance 2 / n_in, from the input 1 / n_in", () => {
    expectNormal([...heWeights(layout("mixed", 100, 80), stream())], 2 / 80);
    expectNormal([...heWeights(layout("mixed", 20, 80, { copies: 5, fromInput: true }), stream())], 1 / 80);
  });

  it("take as n_in what sums up, where not every column of the weights meets a unit", () => {
    expectNormal([...heWeights(layout("mixed", 100, 80, { summed: 20 }), stream())], 2 / 20);
    expect(onOffWeights(layout("mixed", 4, 8, { summed: 2 }), stream())).toEqual(
      onOffWeights(layout("mixed", 4, 8), stream()).map((weight) => 2 * weight),
    );
  });

  it("are the magnitudes of those with the constraint's sign", () => {
    const mixed = heWeights(layout("mixed", 7, 9), stream());
    expect(heWeights(layout("excitatory", 7, 9), stream())).toEqual(mixed.map(Math.abs));
    expect(heWeights(layout("inhibitory", 7, 9), stream())).toEqual(mixed.map((weight) => -Math.abs(weight)));
  });
});

describe("every initialiser", () => {
  it("obeys the sign constraint and fills the layout", () => {
    const signs = fc.constantFrom<PlainSign>("excitatory", "inhibitory", "mixed");
    fc.assert(
      fc.property(signs, pairs, pairs, fc.integer({ min: 1, max: 3 }), fc.nat(), (sign, post, pre, copies, seed) => {
        for (const initialiser of [heWeights, onOffWeights]) {
          const weights = initialiser(layout(sign, post, pre, { copies }), stream(seed));
          expect(weights.length).toBe(copies * post * pre);
          for (const weight of weights) expect(signAllows(sign, weight)).toBe(true);
        }
      }),
    );
  });
});
