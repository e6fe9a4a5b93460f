import * as z from "zod";
import { describeMap, type Window } from "../../compute/kernels/window.ts";
import { insertZeros, leaveZerosOut, mapWithZeros, type ZeroInsertion } from "../../compute/kernels/zero-insertion.ts";
import { reshape, type Tensor } from "../../compute/trace.ts";
import { type PostsynapticError, scaleOf } from "../../neurons/postsynaptic-error.ts";
import type { Layout } from "../layout.ts";
import { dimensionMisfit } from "./dimensions.ts";
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
 * It is wired as the convolution that it is when seen from the postsynaptic unit: of windows with stride 1 over the
 * presynaptic map with stride - 1 zeros between its sites. So weights are [post channels, kernel, kernel, pre channels] as
 * everywhere, and the place (y, x) of a window holds the weight of place (kernel - 1 - y, kernel - 1 - x) of the convolution
 * that it transposes. Components as in a convolution.
 */
export const transposedConvolutional = defineTopology({
  summary: "the transpose of a convolution, to a larger map (kernel, stride, padding, outputPadding)",
  settings: TransposedSettings,
  connect(layout, { kernel, stride, padding, outputPadding }) {
    const misfit = dimensionMisfit(layout) ?? sizeMisfit(layout, { kernel, stride, padding }, outputPadding);
    if (misfit !== undefined) return misfit;
    const window = { kernel, stride: 1, padding: kernel - 1 - padding };
    const zeros = { map: layout.pre.map, stride, after: outputPadding };
    return stride === 1 ? wireWindows(layout, window, false) : throughZeros(layout, window, zeros);
  },
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

/** Windows over the presynaptic map with zeros between its sites. */
function throughZeros({ pre, post }: ProjectionLayout, window: Window, zeros: ZeroInsertion): WiredProjection {
  const map = mapWithZeros(zeros);
  const spread: Layout = { ...pre, map, units: map.height * map.width * map.channels };
  const wired = wireWindows({ pre: spread, post }, window, false);
  /** Applies a kernel to rows of units, one for each sample and component, or each sample. */
  const onRows = (tensor: Tensor, from: Layout, to: Layout, kernel: (rows: Tensor) => Tensor) => {
    const shape = tensor.shape.slice(0, -1);
    const rows = shape.reduce((product, size) => product * size, 1);
    return reshape(kernel(reshape(tensor, [rows, from.units])), [...shape, to.units]);
  };
  const inserted = (rates: Tensor) => onRows(rates, pre, spread, (rows) => insertZeros({ rates: rows }, zeros).result);
  const leftOut = (error: Tensor) => onRows(error, spread, pre, (rows) => leaveZerosOut({ error: rows }, zeros).result);
  return {
    // Of the places of a window, one in stride^2 stands on a unit.
    weights: { ...wired.weights!, summed: wired.weights!.pre / zeros.stride ** 2 },
    drive: (rates, weight) => wired.drive(inserted(rates), weight),
    transport(error, weight, rates): PostsynapticError {
      const returned = wired.transport(error, weight, rates);
      return returned.kind === "shared"
        ? { ...returned, units: pre.units, scale: leftOut(scaleOf(returned)) }
        : { ...returned, delta: leftOut(returned.delta) };
    },
    update: (rates, error) => wired.update!(inserted(rates), error),
  };
}
