import * as z from "zod";
import { DescriptionError } from "../../compute/errors.ts";
import { describeMap, type MapSize, windowPositions } from "../../compute/kernels/window.ts";
import { parseDescription } from "../../compute/plain-data.ts";
import { MapDescription } from "../description.ts";

/** Side of the windows that every stage is pooled over. */
export const poolSide = 2;

/** A stage of the feedforward pathway: gate, filters, pool. */
const AttentionStage = z.strictObject({
  channels: z.int().min(1),
  /** Side of the filters, and of those through which attention comes back; default 4. */
  kernel: z.int().min(1).default(4),
  /** Gain function of the filtered map; default relu. */
  gain: z.string().default("relu"),
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
  /** How stages are pooled; default max. */
  pooling: z.enum(["max", "average"]).default("max"),
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
export type AttentionSettings = z.output<typeof AttentionOptions>;

/** A stage with the sizes of its maps. */
export interface SizedStage {
  /** Counted from 1, the scene's. */
  readonly number: number;
  readonly kernel: number;
  readonly gain: string;
  /** What enters: the scene, or the stage before, pooled. */
  readonly gated: MapSize;
  readonly filtered: MapSize;
  readonly pooled: MapSize;
}

/** @throws DescriptionError naming the option and what is allowed */
export function readAttentionOptions(options: AttentionOptions): AttentionSettings {
  return parseDescription("attention circuit", AttentionOptions, options);
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
