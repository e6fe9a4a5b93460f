import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork } from "../../src/built-in.ts";
import { circuit, parseCircuit } from "../../src/circuits/circuit.ts";
import type { ProjectionDescription } from "../../src/circuits/description.ts";
import { he } from "../../src/circuits/initialisers/he.ts";
import { onOff } from "../../src/circuits/initialisers/on-off.ts";
import { averagePool, maxPool } from "../../src/circuits/topologies/pooling.ts";
import { convolutional, local } from "../../src/circuits/topologies/windowed.ts";
import type { MapSize } from "../../src/compute/kernels/window.ts";
import { DescriptionError } from "../../src/kinds/errors.ts";
import { smallMaps } from "../arbitraries/projection-cases.ts";

const map = (height: number, width: number, channels: number): MapSize => ({ height, width, channels });

/** A circuit of one projection from map to map, and a readout. */
const build =
  (
    pre: MapSize,
    post: MapSize,
    projection: Partial<Pick<ProjectionDescription, "topology" | "sign" | "initial">>,
    dimension = 1,
  ) =>
  () =>
    buildNetwork(
      circuit("odd", (c) => {
        const v1 = c.population("v1", { map: post, dimension });
        c.project(c.input("input", { map: pre }), v1, projection);
        c.project(v1, c.population("report", dimension > 1 ? { units: 1, dimension } : { units: 2 }));
      }),
    );
const refusal = (topology: string, text: string) =>
  new DescriptionError(`circuit "odd", projection "input->v1": topology "${topology}": ${text}`);

describe("a window", () => {
  for (const [kind, topology] of Object.entries({ convolutional, local }))
    it(`that does not fit is refused (${kind})`, () => {
      expect(build(map(4, 6, 1), map(1, 2, 3), { topology: topology({ kernel: 5 }) })).toThrow(
        refusal(
          kind,
          "windows of 5 x 5, stride 1, padding 0 do not fit into a map of 4 x 6 x 1; use a smaller kernel or more padding",
        ),
      );
      expect(build(map(4, 6, 1), map(2, 4, 3), { topology: topology({ kernel: 5, padding: 1 }) })).not.toThrow();
    });

  it("that would see nothing at the border is refused", () => {
    expect(build(map(4, 4, 1), map(6, 6, 3), { topology: convolutional({ kernel: 2, padding: 2 }) })).toThrow(
      refusal(
        "convolutional",
        "windows of 2 x 2, stride 1, padding 2 would see nothing at the border; use a padding below 2",
      ),
    );
  });

  it("that leads to another map than the postsynaptic one is refused, with the sizes that it leads to", () => {
    expect(build(map(5, 7, 2), map(3, 3, 4), { topology: local({ kernel: 3, stride: 2, padding: 1 }) })).toThrow(
      refusal(
        "local",
        "windows of 3 x 3, stride 2, padding 1 on a map of 5 x 7 x 2 have 3 x 4 positions, the postsynaptic map is 3 x 3 x 4; give it height 3 and width 4",
      ),
    );
  });

  it("on any map is taken at the sizes that the refusal asks for", () => {
    const window = fc.integer({ min: 1, max: 3 }).chain((kernel) =>
      fc.record({
        kernel: fc.constant(kernel),
        stride: fc.integer({ min: 1, max: 3 }),
        padding: fc.nat(kernel - 1),
      }),
    );
    fc.assert(
      fc.property(smallMaps, window, fc.constantFrom(convolutional, local), (pre, settings, topology) => {
        const described = { topology: topology(settings) };
        try {
          build(pre, map(99, 99, 2), described)();
          expect.unreachable();
        } catch (error) {
          const [, height, width] = /give it height (\d+) and width (\d+)$/.exec((error as Error).message) ?? [];
          if (height === undefined)
            expect((error as Error).message).toMatch(/do not fit into a map of .*; use a smaller/);
          else expect(build(pre, map(Number(height), Number(width), 2), described)).not.toThrow();
        }
      }),
    );
  });
});

describe("a pool", () => {
  for (const [kind, topology] of Object.entries({ "average-pool": averagePool, "max-pool": maxPool })) {
    it(`of other channels is refused (${kind})`, () => {
      expect(build(map(4, 4, 2), map(2, 2, 4), { topology: topology({ size: 2 }) })).toThrow(
        refusal(kind, "pooling keeps channels apart, here 2 and 4; give both maps the same"),
      );
    });

    it(`of another dimension is refused (${kind})`, () => {
      expect(build(map(4, 4, 2), map(2, 2, 2), { topology: topology({ size: 2 }) }, 3)).toThrow(
        refusal(kind, "pooling keeps the dimension of units, here 1 and 3; give both the same"),
      );
    });

    it(`that leads to another map is refused (${kind})`, () => {
      expect(build(map(5, 5, 2), map(3, 3, 2), { topology: topology({ size: 2 }) })).toThrow(
        refusal(
          kind,
          "windows of 2 x 2, stride 2, padding 0 on a map of 5 x 5 x 2 have 2 x 2 positions, the postsynaptic map is 3 x 3 x 2; give it height 2 and width 2",
        ),
      );
    });

    it(`takes neither sign nor initial weights (${kind})`, () => {
      const described = { topology: topology({ size: 2 }) };
      const words = (sign: string, initial: string) =>
        new DescriptionError(
          `circuit "odd", projection "input->v1": topology "${kind}" has no weights, so it takes neither sign "${sign}" nor initial "${initial}"; leave them out`,
        );
      expect(build(map(4, 4, 2), map(2, 2, 2), { ...described, sign: "excitatory" })).toThrow(
        words("excitatory", "he"),
      );
      expect(build(map(4, 4, 2), map(2, 2, 2), { ...described, initial: onOff() })).toThrow(words("mixed", "on-off"));
      expect(build(map(4, 4, 2), map(2, 2, 2), { ...described, sign: "mixed", initial: he() })).not.toThrow();
    });
  }
});

describe("settings of a topology", () => {
  const settled = (topology: { kind: string }) => build(map(4, 4, 1), map(2, 2, 1), { topology });

  it("that it does not know are refused, naming those it takes", () => {
    expect(settled({ kind: "convolutional", kernel: 3, dilation: 2 } as { kind: string })).toThrow(
      refusal("convolutional", 'unknown setting "dilation"; known: kernel, stride, padding'),
    );
    expect(settled({ kind: "local", kernel: 3, size: 2 } as { kind: string })).toThrow(
      refusal("local", 'unknown setting "size" (did you mean "stride"?); known: kernel, stride, padding'),
    );
    expect(settled({ kind: "max-pool", size: 2, padding: 1 } as { kind: string })).toThrow(
      refusal("max-pool", 'unknown setting "padding"; known: size, stride'),
    );
  });

  it("that are missing or out of range are refused, with what came", () => {
    const refused = (topology: { kind: string } & Record<string, unknown>, text: string) =>
      expect(settled(topology)).toThrow(refusal(topology.kind, text));
    const positive = "expected a whole number of at least 1";
    refused({ kind: "convolutional" }, `kernel: got nothing, ${positive}`);
    refused({ kind: "local", kernel: 0 }, `kernel: got 0, ${positive}`);
    refused({ kind: "local", kernel: 2.5 }, `kernel: got 2.5, ${positive}`);
    refused({ kind: "local", kernel: "3" }, `kernel: got "3", ${positive}`);
    refused({ kind: "convolutional", kernel: 3, stride: 0 }, `stride: got 0, ${positive}`);
    refused(
      { kind: "convolutional", kernel: 3, padding: -1 },
      "padding: got -1, expected a whole number of at least 0",
    );
    refused({ kind: "average-pool" }, `size: got nothing, ${positive}`);
  });
});

describe("how units are laid out", () => {
  const described = (input: object, v1: object) => () =>
    parseCircuit({
      name: "odd",
      inputs: [{ name: "input", ...input }],
      populations: [{ name: "v1", ...v1 }],
      projections: [{ pre: "input", post: "v1" }],
      readouts: ["v1"],
    });
  const sizes = map(2, 2, 1);

  it("is refused where units and map are both given, or neither", () => {
    const words = /: got \{.*, expected either units or map \(height, width, channels\)$/;
    const refused = (input: object, v1: object, owner: string) => {
      expect(described(input, v1)).toThrow(words);
      expect(described(input, v1)).toThrow(`circuit "odd": ${owner}: got`);
    };
    refused({ units: 4, map: sizes }, { units: 2 }, "inputs.0");
    refused({}, { units: 2 }, "inputs.0");
    refused({ units: 4 }, { units: 2, map: sizes }, "populations.0");
    refused({ units: 4 }, {}, "populations.0");
  });

  it("is refused where a map misses a size, has one too many or one below 1", () => {
    expect(described({ map: { height: 2, width: 2 } }, { units: 2 })).toThrow(
      /^circuit "odd": inputs\.0\.map\.channels: got nothing, expected a whole number of at least 1$/,
    );
    expect(described({ map: { ...sizes, depth: 3 } }, { units: 2 })).toThrow(
      /^circuit "odd": unknown setting "inputs\.0\.map\.depth"; known: height, width, channels$/,
    );
    expect(described({ map: { ...sizes, height: 0 } }, { units: 2 })).toThrow(
      /^circuit "odd": inputs\.0\.map\.height: got 0, expected a whole number of at least 1$/,
    );
  });

  it("is refused where bias or gates are shared in a way that is not known", () => {
    expect(described({ units: 2 }, { units: 2, bias: true })).toThrow(
      /^circuit "odd": populations\.0\.bias: got true, expected one of channel, unit, none$/,
    );
    expect(described({ units: 2 }, { units: 2, gates: "none" })).toThrow(
      /^circuit "odd": populations\.0\.gates: got "none", expected one of channel, unit$/,
    );
  });
});
