import * as z from "zod";
import { turnFilters } from "../../compute/kernels/filters.ts";
import { projectOnVector } from "../../compute/kernels/gate.ts";
import { describeMap, type Window } from "../../compute/kernels/window.ts";
import { sizeOf } from "../../compute/shape.ts";
import { reshape, type Tensor } from "../../compute/trace.ts";
import { deltaOf, type PostsynapticError, scaleOf } from "../../neurons/postsynaptic-error.ts";
import { defineTopology, type ProjectionLayout, WindowSettings, type WiredProjection } from "./topology.ts";
import { wireWindows } from "./windowed.ts";

const TransposedSettings = WindowSettings.extend({
  /** Rows and columns that the postsynaptic map has besides, below and to the right; fewer than the stride; default 0. */
  outputPadding: z.int().min(0).default(0),
});

/**
 * The transpose of a convolution from the postsynaptic to the presynaptic map: each presynaptic unit sends its rate to all
 * postsynaptic units under its window, and all positions share the weights. A side of n units leads to one of
 * (n - 1) stride - 2 padding + kernel + outputPadding.
 *
 * Weights are [post channels, kernel, kernel, pre channels] as everywhere: the place (y, x) of a postsynaptic unit's window
 * holds the weight of place (kernel - 1 - y, kernel - 1 - x) of the convolution that is transposed. They are turned, and that
 * convolution carries rates back and errors forth. Between populations of one dimension; components share the weights.
 */
export const transposedConvolutional = defineTopology({
  kind: "transposed-convolutional",
  summary: "the transpose of a convolution, to a larger map (kernel, stride, padding, outputPadding)",
  settings: TransposedSettings,
  refuse({ outputPadding, ...window }, layout) {
    const { pre, post } = layout;
    if (pre.dimension !== post.dimension)
      return `a transposed convolution keeps the dimension of units, here ${pre.dimension} and ${post.dimension}; give both the same`;
    return sizeMisfit(layout, window, outputPadding);
  },
  build: ({ outputPadding: _, ...window }, layout) => transpose(layout, window),
});

function sizeMisfit({ pre, post }: ProjectionLayout, window: Window, outputPadding: number): string | undefined {
  const { kernel, stride, padding } = window;
  const words = `windows of ${kernel} x ${kernel}, stride ${stride}, padding ${padding}`;
  if (padding >= kernel) return `${words} would send nothing from the border; use a padding below ${kernel}`;
  if (outputPadding >= stride)
    return `outputPadding ${outputPadding} would add units that no window reaches; use less than the stride, ${stride}`;
  const side = (size: number) => (size - 1) * stride - 2 * padding + kernel + outputPadding;
  const [height, width] = [side(pre.map.height), side(pre.map.width)];
  if (height < 1 || width < 1)
    return `${words} lead from a map of ${describeMap(pre.map)} to no unit at all; use less padding`;
  if (post.map.height === height && post.map.width === width) return undefined;
  return `${words}, outputPadding ${outputPadding} lead from a map of ${describeMap(pre.map)} to one of ${height} x ${width}, the postsynaptic map is ${describeMap(post.map)}; give it height ${height} and width ${width}`;
}

function transpose({ pre, post }: ProjectionLayout, window: Window): WiredProjection {
  const { kernel, stride } = window;
  const back = wireWindows({ pre: post, post: pre }, window, false);
  // Factors of a shared error have one value for each unit, whatever the dimension.
  const backOfFactors = wireWindows({ pre: { ...post, dimension: 1 }, post: { ...pre, dimension: 1 } }, window, false);
  const patch = kernel * kernel * pre.map.channels;
  const shape = [post.map.channels, kernel, kernel, pre.map.channels];
  const turned = (weight: Tensor, rows: number) =>
    turnFilters({ weight: reshape(weight, [rows, sizeOf(weight.shape) / rows]) }, { kernel }).result;
  const filters = (weight: Tensor | undefined) => turned(weight!, post.map.channels);
  const own = (delta: Tensor): PostsynapticError => ({ kind: "own", delta });
  return {
    weights: {
      shape,
      axes: ["post channel", "window row", "window column", "pre channel"],
      copies: 1,
      post: post.map.channels,
      pre: patch,
      // Of the places of a window, one in stride^2 stands on a unit.
      summed: patch / stride ** 2,
      postChannels: post.map.channels,
      preChannels: pre.map.channels,
    },
    drive: (rates, weight) => deltaOf(back.transport(own(rates), filters(weight), rates)),
    transport(error, weight): PostsynapticError {
      if (error.kind === "own") return own(back.drive(error.delta, filters(weight)));
      const scale = scaleOf(error);
      const batch = scale.shape[0]!;
      const returned = backOfFactors.drive(reshape(scale, [batch, 1, post.units]), filters(weight));
      return { ...error, units: pre.units, scale: reshape(returned, [batch, pre.units]) };
    },
    update(rates, error) {
      const update =
        error.kind === "own"
          ? back.update!(error.delta, own(rates))
          : // The vector is contracted first, as in the dense topology.
            backOfFactors.update!(
              reshape(scaleOf(error), [rates.shape[0]!, 1, post.units]),
              own(reshape(projectOnVector({ rates, vector: error.vector }).result, [rates.shape[0]!, 1, pre.units])),
            );
      return reshape(turned(update, pre.map.channels), shape);
    },
  };
}
