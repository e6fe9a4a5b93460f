import { describe, expect, it } from "vitest";
import { buildNetwork } from "../../../src/built-in.ts";
import { attentionCircuit } from "../../../src/circuits/ready-made/attention/attention-circuit.ts";
import type { AttentionOptions } from "../../../src/circuits/ready-made/attention/attention-options.ts";
import { digitAttention, sceneAttention } from "../../../src/circuits/ready-made/attention/named-circuits.ts";

describe("the circuits of the attention paper", () => {
  const sizesOf = (description: ReturnType<typeof digitAttention>, names: readonly string[]) => {
    const { populations } = buildNetwork(description);
    return names.map((wanted) => {
      const { height, width, channels } = populations.find(({ name }) => name === wanted)!.map;
      return [height, width, channels];
    });
  };

  it("have the sizes that it says: two digits", () => {
    const names = ["gated-1", "v1", "gated-2", "v2", "feedback-top", "attention-2", "attention-1"];
    expect(sizesOf(digitAttention(), names)).toEqual([
      [28, 42, 1],
      [25, 39, 20],
      [12, 19, 20],
      [9, 16, 50],
      [4, 8, 50],
      [12, 19, 20],
      [28, 42, 1],
    ]);
    expect(digitAttention().steps).toBe(5);
  });

  it("grow by 14 columns for each digit more", () => {
    expect(sizesOf(digitAttention(3), ["gated-1", "pooled-2"])).toEqual([
      [28, 56, 1],
      [4, 11, 50],
    ]);
  });

  it("have four stages for photographs, the deepest two with leaky rates, and bicubic ways back", () => {
    const description = sceneAttention({ strength: 0.3 });
    expect(sizesOf(description, ["gated-1", "pooled-1", "pooled-2", "pooled-3", "pooled-4", "attention-4"])).toEqual([
      [100, 100, 3],
      [48, 48, 30],
      [22, 22, 60],
      [9, 9, 100],
      [3, 3, 20],
      [9, 9, 100],
    ]);
    const gains = ["v1", "v2", "v3", "v4"].map(
      (name) => description.populations.find((population) => population.name === name)!.gain,
    );
    expect(gains).toEqual(["relu", "relu", "leaky-relu", "leaky-relu"]);
    const ups = description.projections.filter(({ topology }) => topology.kind === "upsample");
    expect(ups).toHaveLength(8);
    expect(ups.every(({ topology }) => topology.mode === "bicubic")).toBe(true);
    expect(description.projections.filter(({ effect }) => effect === "modulatory")).toHaveLength(4);
    expect(description.projections.find(({ effect }) => effect === "modulatory")!.strength).toBe(0.3);
  });

  it("lose the parts that are left out, and no other", () => {
    const namesOf = (changes: Partial<AttentionOptions>) =>
      digitAttention(2, changes).populations.map(({ name }) => name.replace(/-[12]$/, ""));
    const all = new Set(namesOf({}));
    const without = (changes: Partial<AttentionOptions>) => {
      const left = new Set(namesOf(changes));
      return [...all].filter((name) => !left.has(name)).sort();
    };
    expect(without({ feedback: false })).toEqual(["descending", "feedback-top"]);
    expect(without({ lateral: false })).toEqual(["lateral"]);
    expect(without({ feedback: false, lateral: false })).toEqual(
      ["attention", "descending", "feedback", "feedback-top", "lateral"].sort(),
    );
    expect(without({ gating: false })).toEqual([]);
    const gates = (changes: Partial<AttentionOptions>) =>
      digitAttention(2, changes).projections.filter(({ effect }) => effect === "modulatory").length;
    expect([gates({}), gates({ gating: false }), gates({ iterations: 1 })]).toEqual([2, 0, 0]);
    const remembers = (changes: Partial<AttentionOptions>) =>
      digitAttention(2, changes).populations.filter(({ inhibitionOfReturn }) => inhibitionOfReturn).length;
    expect([remembers({}), remembers({ inhibitionOfReturn: false })]).toEqual([2, 0]);
  });
});

describe("attention circuits of vector units", () => {
  const described = digitAttention(2, { units: "vector" });
  const network = buildNetwork(described);
  const forward = ["gated-2", "v1", "v2", "pooled-1", "pooled-2", "report"];

  it("have vectors of the classes' dimension from the first stage to the report, and a scalar way back", () => {
    for (const { name, dimension } of network.populations)
      expect([name, dimension]).toEqual([name, forward.includes(name) ? 10 : 1]);
    expect(network.readouts.map(({ units, dimension }) => [units, dimension])).toEqual([[1, 10]]);
    expect(described.populations.filter(({ gain }) => gain === "gated").map(({ name }) => name)).toEqual(["v1", "v2"]);
    const heard = described.projections.filter(({ topology }) => /^component/.test(topology.kind));
    expect(heard.map(({ pre, post }) => `${pre}->${post}`)).toEqual([
      "report->report-components",
      "pooled-2->averaged-2",
      "pooled-1->averaged-1",
    ]);
    expect(described.projections.filter(({ topology }) => topology.kind === "max-pool")).toEqual([]);
  });

  it("have excitatory weights beyond the first stage alone, or mixed ones where asked for", () => {
    const excitatory = (changes: Partial<AttentionOptions>) =>
      digitAttention(2, { units: "vector", ...changes })
        .projections.filter(({ sign }) => sign === "excitatory")
        .map(({ pre, post }) => `${pre}->${post}`);
    expect(excitatory({})).toEqual(["gated-2->v2", "pooled-2->report"]);
    expect(excitatory({ sign: "mixed" })).toEqual([]);
    const start = network.initialise(1);
    expect(start.get("gated-2->v2/weight")!.every((weight) => weight >= 0)).toBe(true);
    expect(start.get("gated-1->v1/weight")!.some((weight) => weight < 0)).toBe(true);
  });

  it("are gated in photographs too, where conventional units leak", () => {
    const gains = sceneAttention({ units: "vector" }).populations.filter(({ name }) => /^v\d$/.test(name));
    expect(gains.map(({ gain }) => gain)).toEqual(["gated", "gated", "gated", "gated"]);
  });
});

describe("an attention circuit that cannot be", () => {
  const options: AttentionOptions = {
    image: { height: 8, width: 12, channels: 1 },
    stages: [{ channels: 2 }, { channels: 2 }],
    classes: 2,
    strength: 0.2,
  };
  const refusals: readonly (readonly [Partial<Record<keyof AttentionOptions, unknown>>, string])[] = [
    [
      {},
      "attention circuit, stages.1: filters of 4 x 4 and a pool of 2 x 2 do not fit into a map of 2 x 4 x 2; use a larger image, a smaller kernel or fewer stages",
    ],
    [
      { stages: [] },
      "attention circuit: stages: got [], expected a non-empty list of settings (channels, kernel, gain)",
    ],
    [{ strength: -0.1 }, "attention circuit: strength: got -0.1, expected a finite number of at least 0"],
    [
      { image: { height: 20, width: 20, channels: 1 }, sign: "excitatory" },
      'attention circuit: sign is "excitatory" and units are "conventional", which the circuit has with mixed weights alone; leave sign out, or use units "vector"',
    ],
    [{ upsampling: "linear" }, 'attention circuit: upsampling: got "linear", expected one of nearest, bicubic'],
  ];
  for (const [changes, text] of refusals)
    it(`is refused: ${text}`, () => {
      expect(() => attentionCircuit({ ...options, ...changes } as AttentionOptions)).toThrow(text);
    });
});
