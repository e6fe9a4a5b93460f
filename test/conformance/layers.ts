import * as z from "zod";
import { windowPositions } from "../../src/compute/kernels/window.ts";
import { CaseTensor, expectCaseShape } from "./tensor.ts";

const weighted = { weight: CaseTensor, bias: CaseTensor };
const windowed = { stride: z.int().min(1), padding: z.int().min(0), ...weighted };

/**
 * A layer of a reference case, channels first: dense weights [units, columns], of a convolution [channels, pre channels,
 * side, side], of a local layer [channels, rows, columns, pre channels, side, side]. In vectorized networks biases and
 * gating vectors begin with the K components, and the first weights have K times as many pre channels (or columns), those
 * of component 0 first.
 */
export const Layer = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("dense"), ...weighted }),
  z.strictObject({ type: z.literal("conv"), ...windowed }),
  z.strictObject({ type: z.literal("local"), ...windowed }),
  z.strictObject({ type: z.literal("gate"), t: CaseTensor }),
  z.strictObject({ type: z.literal("alternating-relu") }),
  z.strictObject({ type: z.literal("avgpool"), size: z.int().min(1) }),
  z.strictObject({ type: z.literal("flatten"), order: z.enum(["hwc", "chw"]) }),
]);
export type Layer = z.infer<typeof Layer>;
export type WeightedLayer = Extract<Layer, { weight: CaseTensor }>;

/** Types of layers that are checked. */
export const knownLayers: readonly string[] = [
  "dense",
  "conv",
  "local",
  "gate",
  "alternating-relu",
  "avgpool",
  "flatten",
];

export const isWeightedLayer = (layer: Layer): layer is WeightedLayer => "weight" in layer;

/** Updates or weights of one layer, as a case expects them. */
export const Parameters = z.strictObject(weighted);
export type Parameters = z.infer<typeof Parameters>;

/** How units are laid out at one place between layers; flat: `channels` of them at one position. */
export interface Place {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Order that a flattened map has been given, until the next dense layer. */
  readonly order?: "hwc" | "chw";
  readonly map: boolean;
}

/** A map is [channels, height, width] in a case, a row of units [units]. */
export const caseShape = ({ map, channels, height, width }: Place): number[] =>
  map ? [channels, height, width] : [channels * height * width];

/** Where the stimuli of a case enter: [batch, units] or [batch, channels, height, width]. */
export function entrance({ shape: [, channels, height, width] }: CaseTensor): Place {
  return { channels: channels!, height: height ?? 1, width: width ?? 1, map: height !== undefined };
}

/** The place behind a layer. */
export function placeBehind(layer: Layer, before: Place): Place {
  switch (layer.type) {
    case "dense":
      return { channels: layer.weight.shape[0]!, height: 1, width: 1, map: false };
    case "conv":
    case "local": {
      const { stride, padding } = layer;
      const window = { kernel: layer.weight.shape.at(-1)!, stride, padding };
      const [height, width] = [windowPositions(before.height, window), windowPositions(before.width, window)];
      return { channels: layer.weight.shape[0]!, height, width, map: true };
    }
    case "avgpool": {
      const [height, width] = [Math.floor(before.height / layer.size), Math.floor(before.width / layer.size)];
      return { ...before, height, width };
    }
    case "flatten":
      return { ...before, map: false, order: layer.order };
    default:
      return before;
  }
}

/** The places before and behind each layer. */
export function placesOf(layers: readonly Layer[], input: CaseTensor): { before: Place; behind: Place }[] {
  let before = entrance(input);
  return layers.map((layer) => {
    const behind = placeBehind(layer, before);
    const both = { before, behind };
    before = behind;
    return both;
  });
}

/**
 * Checks layers against each other: shapes of weights and biases, and that gates follow weights.
 *
 * @param dimension K, components of every unit
 */
export function checkLayers(
  context: z.core.$RefinementCtx,
  layers: readonly Layer[],
  input: CaseTensor,
  dimension: number,
): void {
  const components = dimension > 1 ? [dimension] : [];
  let first = true;
  placesOf(layers, input).forEach(({ before, behind }, index) => {
    const layer = layers[index]!;
    const path = ["layers", index];
    const issue = (message: string) => context.addIssue({ code: "custom", path, message, input: undefined });
    if (layer.type === "gate" || layer.type === "alternating-relu") {
      const previous = layers[index - 1];
      if (!previous || !isWeightedLayer(previous))
        issue(`is a ${layer.type}, expected only after a layer with weights`);
      if (layer.type === "gate")
        expectCaseShape(context, [...path, "t"], layer.t, [...components, ...caseShape(behind)]);
    }
    if (layer.type === "dense" && before.map) issue("is a dense layer on a map, expected a flatten layer before it");
    if ((layer.type === "conv" || layer.type === "local") && !before.map)
      issue(`is a ${layer.type} layer without a map`);
    if (!isWeightedLayer(layer)) return;
    const columns = (first ? dimension : 1) * before.channels;
    const side = layer.weight.shape.at(-1)!;
    const expected = {
      dense: [layer.weight.shape[0]!, columns * before.height * before.width],
      conv: [behind.channels, columns, side, side],
      local: [behind.channels, behind.height, behind.width, columns, side, side],
    }[layer.type];
    expectCaseShape(context, [...path, "weight"], layer.weight, expected);
    const bias = layer.type === "local" ? caseShape(behind) : [behind.channels];
    expectCaseShape(context, [...path, "bias"], layer.bias, [...components, ...bias]);
    first = false;
  });
}

/** Checks a list of expected updates or weights against the layers that have weights. */
export function checkParameters(
  context: z.core.$RefinementCtx,
  key: string,
  given: readonly Parameters[],
  layers: readonly Layer[],
): void {
  const weights = layers.filter(isWeightedLayer);
  if (given.length !== weights.length) {
    const message = `has ${given.length} entries for ${weights.length} layers with weights`;
    context.addIssue({ code: "custom", path: ["expect", key], message, input: undefined });
    return;
  }
  weights.forEach((layer, index) => {
    for (const part of ["weight", "bias"] as const)
      expectCaseShape(context, ["expect", key, index, part], given[index]![part], layer[part].shape);
  });
}
