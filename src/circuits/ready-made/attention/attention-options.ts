import * as z from "zod";
import { describeMap, type MapSize, windowPositions } from "../../../compute/kernels/window.ts";
import { DescriptionError } from "../../../kinds/errors.ts";
import type { Description } from "../../../kinds/kind.ts";
import { parseDescription } from "../../../kinds/plain-data.ts";
import { MapDescription, named } from "../../description.ts";

/** Side of the windows that every stage is pooled over. */
export const poolSide = 2;

/** A stage of the feedforward pathway: gate, filters, pool. */
const AttentionStage = z.strictObject({
  channels: z.int().min(1),
  /** Side of the filters, and of those through which attention comes back; default 4. */
  kernel: z.int().min(1).default(4),
  /** Gain function of the filtered map; default relu, of vector units the gate. */
  gain: named("neuron").optional(),
});

/** What an attention circuit depends on; see `attentionCircuit`. */
const AttentionOptions = z.strictObject({
  /** Of the circuit; default "attention". */
  name: z.string().min(1).default("attention"),
  /** Size of the scene. */
  image: MapDescription,
  /** From the scene on. */
  stages: z.array(AttentionStage).min(1),
  classes: z.int().min(2),
  /** s, by which attention turns rates down. */
  strength: z.number().min(0),
  /** Time steps of a glimpse; default 5. Attention begins to act at the second. */
  iterations: z.int().min(1).default(5),
  /** How maps are brought back to the size before the pool; default nearest. */
  upsampling: z.enum(["nearest", "bicubic"]).default("nearest"),
  /** Units of the forward pathway: scalar, or vectors of a component for each class; default conventional. */
  units: z.enum(["conventional", "vector"]).default("conventional"),
  /** Of the forward weights beyond the first stage; default excitatory for vector units, for others always mixed. */
  sign: z.enum(["mixed", "excitatory"]).optional(),
  /** How stages are pooled; default max, of vector units average. */
  pooling: z.enum(["max", "average"]).optional(),
  /** Whether attention hears of the report and of deeper stages; default true. */
  feedback: z.boolean().default(true),
  /** Whether attention hears of its own stage; default true. */
  lateral: z.boolean().default(true),
  /** Whether attention acts on the rates; default true. */
  gating: z.boolean().default(true),
  /** Whether what was attended is inhibited in later glimpses; default true. */
  inhibitionOfReturn: z.boolean().default(true),
});

/** What `attentionCircuit` is given. */
export type AttentionOptions = z.input<typeof AttentionOptions>;

/** Options with all defaults. */
const AttentionSettings = AttentionOptions.transform(({ units, sign, pooling, stages, ...options }) => {
  const vector = units === "vector";
  return {
    ...options,
    units,
    sign: sign ?? (vector ? ("excitatory" as const) : ("mixed" as const)),
    pooling: pooling ?? (vector ? ("average" as const) : ("max" as const)),
    stages: stages.map(({ gain = vector ? "gated" : "relu", ...stage }) => ({ ...stage, gain })),
  };
});
export type AttentionSettings = z.output<typeof AttentionSettings>;

/** A stage with the sizes of its maps. */
export interface SizedStage {
  /** Counted from 1, the scene's. */
  readonly number: number;
  readonly kernel: number;
  readonly gain: Description;
  /** What enters: the scene, or the stage before, pooled. */
  readonly gated: MapSize;
  readonly filtered: MapSize;
  readonly pooled: MapSize;
}

/** @throws DescriptionError naming the option and what is allowed */
export function readAttentionOptions(options: AttentionOptions): AttentionSettings {
  const settings = parseDescription("attention circuit", AttentionSettings, options);
  if (settings.sign === "excitatory" && settings.units === "conventional")
    throw new DescriptionError(
      'attention circuit: sign is "excitatory" and units are "conventional", which the circuit has with mixed weights alone; leave sign out, or use units "vector"',
    );
  return settings;
}

/**
 * Sizes of every map, from the scene on.
 *
 * @throws DescriptionError naming the stage that has become too small
 */
export function sizeStages({ image, stages }: AttentionSettings): SizedStage[] {
  let gated: MapSize = image;
  return stages.map(({ channels, kernel, gain }, index) => {
    const filtered = mapUnder(gated, { kernel, stride: 1 }, channels);
    const pooled = mapUnder(filtered, { kernel: poolSide, stride: poolSide }, channels);
    if (pooled.height < 1 || pooled.width < 1)
      throw new DescriptionError(
        `attention circuit, stages.${index}: filters of ${kernel} x ${kernel} and a pool of ${poolSide} x ${poolSide} do not fit into a map of ${describeMap(gated)}; use a larger image, a smaller kernel or fewer stages`,
      );
    const stage = { number: index + 1, kernel, gain, gated, filtered, pooled };
    gated = pooled;
    return stage;
  });
}

function mapUnder({ height, width }: MapSize, window: { kernel: number; stride: number }, channels: number): MapSize {
  const positions = (size: number) => windowPositions(size, { ...window, padding: 0 });
  return { height: positions(height), width: positions(width), channels };
}
