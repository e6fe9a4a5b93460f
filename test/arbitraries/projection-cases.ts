import fc from "fast-check";
import type { Layout } from "../../src/circuits/layout.ts";
import type { ProjectionLayout, WiredProjection } from "../../src/circuits/topologies/topology.ts";
import { type MapSize, unitsOfMap, type Window, windowPositions } from "../../src/compute/kernels/window.ts";
import { randomStream } from "../../src/compute/random.ts";
import { sizeOf } from "../../src/compute/shape.ts";
import { builtIn } from "../../src/library.ts";

/** An error as channels deliver it: a vector with a factor a unit (or without), or one for every unit. */
export interface DrawnError {
  readonly vector?: Float32Array;
  readonly scale?: Float32Array;
  readonly delta?: Float32Array;
}

/** A projection between two layouts with something to send through it. */
export interface ProjectionCase {
  readonly layout: ProjectionLayout;
  readonly wired: WiredProjection;
  readonly batch: number;
  /** [batch, pre dimension, pre units] */
  readonly rates: Float32Array;
  readonly weight?: Float32Array;
  /** Where the wiring has one; the weights are 0 outside it. */
  readonly mask?: Float32Array;
  readonly error: DrawnError;
}

const upTo = (max: number, min = 1) => fc.integer({ min, max });

/** Maps of 1 x 1 to 6 x 6 with up to 3 channels. */
export const smallMaps = fc.record({ height: upTo(6), width: upTo(6), channels: upTo(3) });

/** Windows 1 to 3 wide with strides 1 to 3 and every padding, that fit into a map. */
export const windowsOn = ({ height, width }: MapSize): fc.Arbitrary<Window> =>
  upTo(3)
    .chain((kernel) => fc.record({ kernel: fc.constant(kernel), stride: upTo(3), padding: upTo(kernel - 1, 0) }))
    .filter((window) => windowPositions(height, window) > 0 && windowPositions(width, window) > 0);

/** The map that windows over another lead to. */
export const mapUnder = ({ height, width }: MapSize, window: Window, channels: number): MapSize => ({
  height: windowPositions(height, window),
  width: windowPositions(width, window),
  channels,
});

/** Dimensions of pre- and postsynaptic units: scalar, vector, or from scalar to vector. */
export const dimensions = fc.constantFrom([1, 1], [3, 3], [1, 2]) as fc.Arbitrary<[number, number]>;

/** The layout of a population; units in a row are channels of one position. */
export const layoutWith = (map: MapSize, dimension: number): Layout => ({ map, units: unitsOfMap(map), dimension });

/** @returns the projection; the topology must accept the layout */
export function wire(
  kind: string,
  layout: ProjectionLayout,
  settings: Readonly<Record<string, unknown>>,
): WiredProjection {
  return builtIn.build("topology", { kind, ...settings }, layout);
}

/** A case with normal values drawn from a seed. */
export function projectionCase(
  wired: WiredProjection,
  layout: ProjectionLayout,
  { batch, form, seed }: { batch: number; form: "own" | "shared" | "broadcast"; seed: number },
): ProjectionCase {
  const { pre, post } = layout;
  const normal = (name: string, count: number) => {
    const random = randomStream(seed, name);
    return Float32Array.from({ length: count }, () => random.normal());
  };
  const vector = normal("vector", batch * post.dimension);
  const error = {
    own: { delta: normal("delta", batch * post.dimension * post.units) },
    shared: { vector, scale: normal("scale", batch * post.units) },
    broadcast: { vector },
  }[form];
  const mask = wired.given?.values?.mask ?? wired.mask?.draw?.(randomStream(seed, "mask"));
  const weight = wired.weights && normal("weight", sizeOf(wired.weights.shape));
  return {
    layout,
    wired,
    batch,
    rates: normal("rates", batch * pre.dimension * pre.units),
    ...(weight ? { weight: mask ? weight.map((value, at) => value * mask[at]!) : weight } : {}),
    ...(mask ? { mask } : {}),
    error,
  };
}

const samples = fc.record({
  batch: upTo(3),
  form: fc.constantFrom("own" as const, "shared" as const, "broadcast" as const),
  seed: fc.nat(),
});

/** The map that a transposed convolution leads to. */
export const mapOver = (
  { height, width }: MapSize,
  { kernel, stride, padding }: Window,
  outputPadding: number,
  channels: number,
): MapSize => {
  const side = (size: number) => (size - 1) * stride - 2 * padding + kernel + outputPadding;
  return { height: side(height), width: side(width), channels };
};

/** Projections of every topology, of any shape, stride and padding. */
export const projectionCases: fc.Arbitrary<ProjectionCase> = fc
  .record({
    pre: smallMaps,
    kind: fc.constantFrom(...builtIn.list("topology").map((each) => each.kind)),
    channels: upTo(4),
    dimensions,
  })
  .chain(({ pre, kind, channels, dimensions: [from, to] }) =>
    fc.tuple(windowsOn(pre), smallMaps, samples, upTo(2, 0)).map(([window, anyMap, drawn, extra]) => {
      const { kernel, stride } = window;
      if (kind === "dense") return caseOf(kind, { pre, post: anyMap, from, to }, {}, drawn);
      if (kind === "convolutional" || kind === "local")
        return caseOf(kind, { pre, post: mapUnder(pre, window, channels), from, to }, { ...window }, drawn);
      if (kind === "sparse")
        return caseOf(kind, { pre, post: anyMap, from: to, to }, { density: [0, 0.4, 1][extra] }, drawn);
      if (kind === "given") {
        const random = randomStream(drawn.seed, "given");
        const weights = Array.from({ length: unitsOfMap(anyMap) }, () =>
          Array.from({ length: unitsOfMap(pre) }, () => random.integer(-1, 1)),
        );
        const settings = {
          weights,
          as: extra === 0 ? "mask" : "weights",
          zeros: extra > 1 ? "connected" : "unconnected",
        };
        return caseOf(kind, { pre, post: anyMap, from: to, to }, settings, drawn);
      }
      if (kind === "one-to-one") return caseOf(kind, { pre, post: pre, from: to, to }, {}, drawn);
      if (kind === "components") {
        const flat = (count: number) => ({ height: 1, width: 1, channels: count });
        return caseOf(kind, { pre: flat(1), post: flat(channels), from: channels, to: 1 }, {}, drawn);
      }
      if (kind === "component-mean") return caseOf(kind, { pre, post: pre, from: channels, to: 1 }, {}, drawn);
      if (kind === "upsample") {
        const post = { ...pre, height: pre.height + anyMap.height - 1, width: pre.width + anyMap.width - 1 };
        return caseOf(kind, { pre, post, from: to, to }, { mode: extra > 1 ? "bicubic" : "nearest" }, drawn);
      }
      if (kind === "transposed-convolutional") {
        const settings = { ...window, padding: 0, outputPadding: Math.min(extra, stride - 1) };
        const post = mapOver(pre, settings, settings.outputPadding, channels);
        return caseOf(kind, { pre, post, from: to, to }, settings, drawn);
      }
      const size = Math.min(kernel, pre.height, pre.width);
      const post = mapUnder(pre, { kernel: size, stride, padding: 0 }, pre.channels);
      return caseOf(kind, { pre, post, from: to, to }, { size, stride }, drawn);
    }),
  );

function caseOf(
  kind: string,
  { pre, post, from, to }: { pre: MapSize; post: MapSize; from: number; to: number },
  settings: Readonly<Record<string, unknown>>,
  drawn: { batch: number; form: "own" | "shared" | "broadcast"; seed: number },
): ProjectionCase {
  const layout = { pre: layoutWith(pre, from), post: layoutWith(post, to) };
  const made = projectionCase(wire(kind, layout, settings), layout, drawn);
  return { ...made, [fc.toStringMethod]: () => JSON.stringify({ kind, settings, layout, ...drawn }) } as ProjectionCase;
}
