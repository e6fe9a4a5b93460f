import { describe, expect, it } from "vitest";
import { componentMean, components } from "../../src/circuits/topologies/components.ts";
import { oneToOne } from "../../src/circuits/topologies/one-to-one.ts";
import { sparse } from "../../src/circuits/topologies/sparse.ts";
import { transposedConvolutional } from "../../src/circuits/topologies/transposed.ts";
import { upsample } from "../../src/circuits/topologies/upsample.ts";
import { convolutional } from "../../src/circuits/topologies/windowed.ts";
import type { MapSize } from "../../src/compute/kernels/window.ts";
import { DescriptionError } from "../../src/kinds/errors.ts";
import type { Part } from "../../src/kinds/kind.ts";
import { builtIn } from "../../src/library.ts";
import { layoutWith } from "../arbitraries/projection-cases.ts";

const map = (height: number, width: number, channels: number): MapSize => ({ height, width, channels });

/** What a topology says to two maps, in words; or "wired". */
function said(
  described: Part,
  [pre, from]: readonly [MapSize, number],
  [post, to]: readonly [MapSize, number],
): string {
  const layout = { pre: layoutWith(pre, from), post: layoutWith(post, to) };
  const reason = builtIn.refuse("topology", described, layout);
  if (reason === undefined) builtIn.build("topology", described, layout);
  return reason ?? "wired";
}

describe("two populations that a topology cannot connect", () => {
  it("one to one: other sizes or dimensions", () => {
    expect(said(oneToOne(), [map(2, 2, 3), 1], [map(1, 1, 12), 1])).toBe("wired");
    expect(said(oneToOne(), [map(2, 2, 3), 1], [map(2, 2, 2), 1])).toBe(
      "it takes two populations of one size, here 12 and 8 units; give both the same",
    );
    expect(said(oneToOne(), [map(2, 2, 3), 1], [map(2, 2, 3), 5])).toBe(
      "it keeps the dimension of units, here 1 and 5; give both the same",
    );
  });

  it("by components: several vector units, or other scalar units than components", () => {
    const report = [map(1, 1, 1), 4] as const;
    expect(said(components(), report, [map(1, 1, 4), 1])).toBe("wired");
    expect(said(components(), report, [map(2, 2, 1), 1])).toBe("wired");
    const leads = "it leads from one vector unit to a scalar unit for each of its components";
    const give = "give one unit of dimension K and K units of dimension 1";
    expect(said(components(), report, [map(1, 1, 3), 1])).toBe(
      `${leads}, here from 1 unit of dimension 4 to 3 units of dimension 1; ${give}`,
    );
    expect(said(components(), [map(1, 1, 2), 4], [map(1, 1, 8), 1])).toBe(
      `${leads}, here from 2 units of dimension 4 to 8 units of dimension 1; ${give}`,
    );
    expect(said(components(), report, [map(1, 1, 4), 4])).toBe(
      `${leads}, here from 1 unit of dimension 4 to 4 units of dimension 4; ${give}`,
    );
  });

  it("by the mean of components: other sizes, or vector units", () => {
    const leads = "it leads to a scalar unit for each presynaptic one";
    const give = "give both the same number of units, and the postsynaptic ones dimension 1";
    expect(said(componentMean(), [map(2, 2, 3), 4], [map(2, 2, 3), 1])).toBe("wired");
    expect(said(componentMean(), [map(2, 2, 3), 4], [map(2, 2, 2), 1])).toBe(
      `${leads}, here from 12 units of dimension 4 to 8 units of dimension 1; ${give}`,
    );
    expect(said(componentMean(), [map(2, 2, 3), 4], [map(2, 2, 3), 4])).toBe(
      `${leads}, here from 12 units of dimension 4 to 12 units of dimension 4; ${give}`,
    );
  });

  it("sparsely: other dimensions, more connections than pairs, two settings or none", () => {
    const ends = [
      [map(1, 1, 3), 1],
      [map(1, 1, 4), 1],
    ] as const;
    for (const part of [{ density: 0 }, { density: 1 }, { connections: 0 }, { connections: 12 }])
      expect(said(sparse(part), ...ends)).toBe("wired");
    expect(said(sparse({ connections: 13 }), ...ends)).toBe(
      "it cannot have 13 connections between 3 and 4 units; use at most 12",
    );
    const either = "it takes either density (0 to 1) or connections (a number of them)";
    for (const part of [{}, { density: 0.5, connections: 3 }])
      expect(() => sparse(part)).toThrow(new DescriptionError(`topology "sparse": ${either}`));
    expect(() => sparse({ density: 1.5 })).toThrow(
      new DescriptionError('topology "sparse": density: got 1.5, expected a number from 0 to 1'),
    );
    expect(() => sparse({ connections: 0.5 })).toThrow(
      new DescriptionError('topology "sparse": connections: got 0.5, expected a whole number of at least 0'),
    );
    expect(said(sparse({ density: 0.5 }), [map(1, 1, 3), 1], [map(1, 1, 4), 2])).toBe(
      "it connects units of one dimension, here 1 and 2; give both the same",
    );
  });

  it("by a transposed convolution: a map that it does not lead to, with the sizes it leads to", () => {
    const small = [map(3, 4, 2), 1] as const;
    const window = { kernel: 4, stride: 2, padding: 1, outputPadding: 1 };
    expect(said(transposedConvolutional(window), small, [map(7, 9, 5), 1])).toBe("wired");
    expect(said(transposedConvolutional({ kernel: 4 }), small, [map(6, 7, 5), 1])).toBe("wired");
    expect(said(transposedConvolutional(window), small, [map(6, 9, 5), 1])).toBe(
      "windows of 4 x 4, stride 2, padding 1, outputPadding 1 lead from a map of 3 x 4 x 2 to one of 7 x 9, the postsynaptic map is 6 x 9 x 5; give it height 7 and width 9",
    );
    expect(said(transposedConvolutional({ kernel: 2, padding: 2 }), small, [map(1, 1, 5), 1])).toBe(
      "windows of 2 x 2, stride 1, padding 2 would send nothing from the border; use a padding below 2",
    );
    expect(said(transposedConvolutional({ ...window, outputPadding: 2 }), small, [map(8, 10, 5), 1])).toBe(
      "outputPadding 2 would add units that no window reaches; use less than the stride, 2",
    );
    expect(said(transposedConvolutional({ kernel: 3, padding: 2 }), [map(1, 1, 2), 1], [map(1, 1, 2), 1])).toBe(
      "windows of 3 x 3, stride 1, padding 2 lead from a map of 1 x 1 x 2 to no unit at all; use less padding",
    );
    expect(said(transposedConvolutional({ kernel: 4 }), [map(3, 4, 2), 2], [map(6, 7, 5), 3])).toBe(
      "a transposed convolution keeps the dimension of units, here 2 and 3; give both the same",
    );
  });

  it("by a transposed convolution where a convolution leads the other way", () => {
    const [large, small] = [map(9, 7, 2), map(4, 3, 3)];
    const window = { kernel: 3, stride: 2 };
    expect(said(convolutional(window), [large, 1], [small, 1])).toBe("wired");
    expect(said(transposedConvolutional(window), [small, 1], [large, 1])).toBe("wired");
  });

  it("by upsampling: other channels or dimensions, or a smaller map", () => {
    const small = [map(3, 4, 2), 1] as const;
    expect(said(upsample(), small, [map(3, 9, 2), 1])).toBe("wired");
    expect(said(upsample({ mode: "bicubic" }), small, [map(7, 4, 2), 1])).toBe("wired");
    expect(said(upsample(), small, [map(6, 8, 1), 1])).toBe(
      "it keeps channels apart, here 2 and 1; give both maps the same",
    );
    expect(said(upsample(), small, [map(6, 8, 2), 2])).toBe(
      "it keeps the dimension of units, here 1 and 2; give both the same",
    );
    expect(said(upsample(), small, [map(2, 8, 2), 1])).toBe(
      "it leads to a larger map, here from 3 x 4 x 2 to 2 x 8 x 2; for a smaller one use a pool",
    );
    expect(() => upsample({ mode: "linear" as "nearest" })).toThrow(
      new DescriptionError('topology "upsample": mode: got "linear", expected one of nearest, bicubic'),
    );
  });
});
