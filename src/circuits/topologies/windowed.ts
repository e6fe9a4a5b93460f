import { multiplyTransposed } from "../../compute/kernels/contraction.ts";
import {
  convolutionDrive,
  convolutionTransport,
  localDrive,
  localTransport,
} from "../../compute/kernels/convolution.ts";
import { projectOnVector } from "../../compute/kernels/gate.ts";
import { describeMap, type Window, windowPositions } from "../../compute/kernels/window.ts";
import type { WindowAttributes } from "../../compute/kernels/window-layout.ts";
import { convolutionSampleUpdate, convolutionUpdate, localUpdate } from "../../compute/kernels/window-update.ts";
import { reshape, type Tensor } from "../../compute/trace.ts";
import { deltaOf, type PostsynapticError, scaleOf } from "../../neurons/postsynaptic-error.ts";
import { dimensionMisfit } from "./dimensions.ts";
import { defineTopology, type ProjectionLayout, WindowSettings, type WiredProjection } from "./topology.ts";

/**
 * Filters that slide over the presynaptic map: every postsynaptic unit sees the presynaptic units under its window, all
 * channels of them, and all positions of a channel share their weights, [post channels, kernel, kernel, pre channels].
 * v[p, c] = sum_q W[c, q] h[unit under q at p]; beyond the border rates are 0.
 * Components as in the dense topology: shared by them, or from scalar to vector units [dimension, ...].
 */
export const convolutional = defineTopology({
  kind: "convolutional",
  summary: "windows of a map through weights that all positions share (kernel, stride, padding)",
  settings: WindowSettings,
  refuse: windowMisfit,
  build: (window, layout) => wireWindows(layout, window, false),
});

/**
 * The same windows with weights of each position's own, [height, width, post channels, kernel, kernel, pre channels]:
 * the wiring of a convolution without the sharing of weights, which no synapse is known to do.
 */
export const local = defineTopology({
  kind: "local",
  summary: "windows of a map, each position with weights of its own (kernel, stride, padding)",
  settings: WindowSettings,
  refuse: windowMisfit,
  build: (window, layout) => wireWindows(layout, window, true),
});

function windowMisfit(window: Window, layout: ProjectionLayout): string | undefined {
  return dimensionMisfit(layout) ?? mapMisfit(layout, window);
}

/** Why a window does not lead from one map to the other; undefined where it does. */
export function mapMisfit({ pre, post }: ProjectionLayout, window: Window): string | undefined {
  const [height, width] = [windowPositions(pre.map.height, window), windowPositions(pre.map.width, window)];
  const { kernel, stride, padding } = window;
  const words = `windows of ${kernel} x ${kernel}, stride ${stride}, padding ${padding}`;
  if (height < 1 || width < 1)
    return `${words} do not fit into a map of ${describeMap(pre.map)}; use a smaller kernel or more padding`;
  if (padding >= kernel) return `${words} would see nothing at the border; use a padding below ${kernel}`;
  if (post.map.height === height && post.map.width === width) return undefined;
  return `${words} on a map of ${describeMap(pre.map)} have ${height} x ${width} positions, the postsynaptic map is ${describeMap(post.map)}; give it height ${height} and width ${width}`;
}

/**
 * The projection through windows that lead from one map to the other.
 *
 * @param perPosition whether each position has weights of its own
 */
export function wireWindows({ pre, post }: ProjectionLayout, window: Window, perPosition: boolean): WiredProjection {
  const attributes: WindowAttributes = { ...window, map: pre.map, filters: post.map.channels };
  const [driveThrough, transportThrough, update] = perPosition
    ? [localDrive, localTransport, localUpdate]
    : [convolutionDrive, convolutionTransport, convolutionUpdate];
  /** Weights of all components from scalar to vector units; else one set, and components are as samples. */
  const spreading = pre.dimension !== post.dimension;
  const groups = spreading ? post.dimension : 1;
  const positions = post.map.height * post.map.width;
  const patch = window.kernel ** 2 * pre.map.channels;
  const rows = perPosition ? post.units : post.map.channels;
  const shape = [
    ...(spreading ? [groups] : []),
    ...(perPosition ? [post.map.height, post.map.width] : []),
    post.map.channels,
    window.kernel,
    window.kernel,
    pre.map.channels,
  ];
  const preRows = (tensor: Tensor) => reshape(tensor, [tensor.shape[0]! * pre.dimension, pre.units]);
  const postRows = (tensor: Tensor) =>
    reshape(tensor, [(tensor.shape[0]! * post.dimension) / groups, groups, post.units]);
  const matrix = (weight: Tensor) => reshape(weight, [groups, rows, patch]);
  return {
    weights: {
      shape,
      axes: [
        ...(spreading ? ["component"] : []),
        ...(perPosition ? ["row", "column"] : []),
        "post channel",
        "window row",
        "window column",
        "pre channel",
      ],
      copies: perPosition ? groups * positions : groups,
      post: post.map.channels,
      pre: patch,
      postChannels: post.map.channels,
      preChannels: pre.map.channels,
    },
    drive(rates, weight) {
      const { drive } = driveThrough({ rates: preRows(rates), weight: matrix(weight!) }, attributes);
      return reshape(drive, [rates.shape[0]!, post.dimension, post.units]);
    },
    transport(error, weight): PostsynapticError {
      const through = (tensor: Tensor) =>
        transportThrough({ error: tensor, weight: matrix(weight!) }, attributes).result;
      if (error.kind === "shared" && !spreading) {
        const scale = scaleOf(error);
        const returned = through(reshape(scale, [scale.shape[0]!, 1, post.units]));
        return { kind: "shared", vector: error.vector, units: pre.units, scale: returned };
      }
      const delta = deltaOf(error);
      return { kind: "own", delta: reshape(through(postRows(delta)), [delta.shape[0]!, pre.dimension, pre.units]) };
    },
    update(rates, error) {
      if (error.kind === "shared" && (!spreading || !perPosition)) {
        const scale = scaleOf(error);
        const batch = scale.shape[0]!;
        const factors = reshape(scale, [batch, 1, post.units]);
        // As in the dense topology, the vector is contracted first; from scalar units last, since they have no vector.
        if (!spreading) {
          const along = projectOnVector({ rates, vector: error.vector }).result;
          return reshape(update({ error: factors, rates: along }, attributes).update, shape);
        }
        const each = convolutionSampleUpdate({ error: factors, rates: preRows(rates) }, attributes).update;
        const bySample = reshape(each, [batch, rows * patch]);
        return reshape(multiplyTransposed({ left: error.vector, right: bySample }).product, shape);
      }
      return reshape(update({ error: postRows(deltaOf(error)), rates: preRows(rates) }, attributes).update, shape);
    },
  };
}
