import type { CircuitDescription } from "../../description.ts";
import { attentionCircuit } from "./attention-circuit.ts";
import type { AttentionOptions } from "./attention-options.ts";

/** What may be changed in the circuits of the paper. */
type Changes = Partial<AttentionOptions>;

/** Side of a digit, and columns from one digit to the next, pixels. */
const digitSide = 28;
const digitStep = 14;

/**
 * The circuit that attends to one of several digits side by side, 28 x (28 + 14 (n - 1)) pixels: two stages of 20 and 50
 * channels, filters 4 x 4, s = 0.2, five iterations, the ten digits reported.
 * Source: Lei, Benjamin & Kording 2021, section 3.
 *
 * @param digits n, in a scene; default 2
 */
export function digitAttention(digits = 2, changes: Changes = {}): CircuitDescription {
  return attentionCircuit({
    name: "digit-attention",
    image: { height: digitSide, width: digitSide + digitStep * (digits - 1), channels: 1 },
    stages: [{ channels: 20 }, { channels: 50 }],
    classes: 10,
    strength: 0.2,
    ...changes,
  });
}

/** Stages for photographs: those from the third on are of leaky ReLU, unless units are vectors. */
export const sceneStages = (channels: readonly number[], { units }: Pick<Changes, "units"> = {}) =>
  channels.map((each, index) => ({
    channels: each,
    ...(index < 2 || units === "vector" ? {} : { gain: "leaky-relu" }),
  }));

/**
 * The circuit for photographs of 100 x 100 pixels in colour: four stages of 30, 60, 100 and 20 channels, leaky ReLU in the two
 * deepest (unless units are vectors), bicubic upsampling, the twelve super-categories of COCO reported. s = 0.9, with which it
 * is trained; in the paper's tests it is 0.3 (`{ strength: 0.3 }`).
 * Source: Lei, Benjamin & Kording 2021, section 4.
 */
export function sceneAttention(changes: Changes = {}): CircuitDescription {
  return attentionCircuit({
    name: "scene-attention",
    image: { height: 100, width: 100, channels: 3 },
    stages: sceneStages([30, 60, 100, 20], changes),
    classes: 12,
    strength: 0.9,
    upsampling: "bicubic",
    ...changes,
  });
}
