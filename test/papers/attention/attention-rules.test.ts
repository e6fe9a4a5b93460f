import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/kinds/errors.ts";
import { builtIn } from "../../../src/library.ts";
import { attentionCircuitOf, attentionCollection } from "../../../src/papers/attention/attention.ts";
import { AttentionConfig } from "../../../src/papers/attention/settings.ts";
import { TaskShelf } from "../../../src/runs/execution/task-shelf.ts";

const collect = (settings: Readonly<Record<string, unknown>>) =>
  attentionCollection("attention", AttentionConfig.parse(settings), new TaskShelf(builtIn));

describe("rules of the attention experiment", () => {
  it("train the units that they are for, unless settings say otherwise", () => {
    const image = { height: 28, width: 42, channels: 1 };
    const dimensionOf = (rule: string, units?: "vector") => {
      const config = { ...AttentionConfig.parse({}), rule, seed: 1, units };
      return attentionCircuitOf(config, image, 10).populations.find(({ name }) => name === "v1")!.dimension;
    };
    expect([dimensionOf("bp"), dimensionOf("fa"), dimensionOf("gevb"), dimensionOf("bp", "vector")]).toEqual([
      1, 1, 10, 10,
    ]);
  });

  it("are refused with units that they cannot train, and where there is none of the name, before scenes are loaded", async () => {
    await expect(collect({ rule: "bp,gevb", units: "conventional" })).rejects.toThrow(
      new UsageError(
        'attention: rule "gevb" cannot train units "conventional": the error vector needs a readout of one vector unit, "report" has 2 of dimension 1; use units vector, or rule bp, fa, dfa, node-perturbation, three-factor',
      ),
    );
    await expect(collect({ rule: "fa", units: "vector" })).rejects.toThrow(
      'attention: rule "fa" cannot train units "vector": its random feedback weights are for scalar units',
    );
    await expect(collect({ rule: "bpp" })).rejects.toThrow(
      'attention: learning rule "bpp" is not known (did you mean "bp"?); known: gevb, bp',
    );
  });
});
