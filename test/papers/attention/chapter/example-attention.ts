import type {
  AttentionExample,
  AttentionRecord,
  TuningRecord,
} from "../../../../src/papers/attention/attention-record.ts";
import type { AttendedRun } from "../../../../src/papers/attention/chapter/attended.ts";
import type { RunRecord } from "../../../../src/report/run-record.ts";
import { BP, type Course, exampleRun } from "../../../report/example-data.ts";

/** What made-up attention is like. */
export interface AttentionCourse {
  course?: Course;
  seed?: number;
  glimpses?: number;
  scenes?: number;
  /** Attention strength of training. */
  strength?: number;
  /** In colour: 40 x 40 photographs instead of 28 x 42 digits. */
  colour?: boolean;
  inhibition?: boolean;
  stages?: readonly string[];
  /** Units with a tuning curve, of each stage. */
  tuned?: number;
}

/** A run of the attention experiment as it would be recorded, from smooth formulas. */
export function exampleAttention(options: AttentionCourse = {}): AttendedRun {
  const { course = BP, seed = 1, strength = 0.2 } = options;
  const run = exampleRun({ ...course, seed, fields: false });
  const config = { ...run.config, objective: { kind: "attended-object", objects: 2, strength, penalty: 1000 } };
  return withRecord({ ...run, config }, attentionRecord({ ...options, seed, strength }));
}

/** The run with a record of attention. */
export const withRecord = (run: RunRecord, attention: AttentionRecord): AttendedRun => ({
  ...run,
  records: { attention },
  record: attention,
});

/** The run with several seeds, 1 and up. */
export function exampleAttentionSeeds(seeds: number, options: AttentionCourse = {}): AttendedRun[] {
  return Array.from({ length: seeds }, (_, index) => exampleAttention({ ...options, seed: index + 1 }));
}

export function attentionRecord(options: AttentionCourse = {}): AttentionRecord {
  const { course = BP, seed = 1, glimpses = 2, scenes = 4, strength = 0.2, stages = ["V1", "V2"] } = options;
  // 0 for seed 1, else between -1 and 1.
  const shift = Math.sin(2.4 * (seed - 1));
  const end = 0.97 - course.end + 0.004 * shift;
  const test = (difference: number) => ({
    test: "paired" as const,
    difference,
    statistic: 90 * difference + shift,
    degreesOfFreedom: 199,
    p: 1e-9,
  });
  const [meanAttended, meanUnattended] = [1 + 0.6 * strength + 0.005 * shift, 1 - 0.35 * strength];
  return {
    scenes: 200,
    accuracy: Array.from({ length: glimpses }, (_, glimpse) => end - 0.012 * glimpse),
    balancedAccuracy: end - 0.01,
    macroF1: end - 0.011,
    otherObject: 0.981 + 0.003 * shift,
    maskAgreement: 0.924 + 0.004 * shift,
    examples: Array.from({ length: scenes }, (_, scene) => exampleScene(scene, glimpses, options)),
    gating: {
      from: 1 - strength,
      to: 1 + strength,
      attended: bell(meanAttended, strength, 40, 9000),
      unattended: bell(meanUnattended, strength, 40, 70_000),
      meanAttended,
      meanUnattended,
      test: test(meanAttended - meanUnattended),
    },
    tuning: stages.map((stage, depth) => tuningOf(stage, depth, options.tuned ?? 16, shift)),
    modulation: stages.map((stage, depth) => ({
      stage,
      percent: 5 + 9 * depth + 0.8 * shift,
      test: depth === 0 ? { ...test(0.02), p: 0.012 } : test(0.1),
    })),
    iterations: [1, 2, 3, 4, 5].map((iteration) => ({
      iteration,
      accuracy: end - 0.38 * Math.exp(-1.3 * (iteration - 1)),
    })),
    strengths: [0, 0.1, 0.2, 0.3, 0.5, 0.75, 1].map((at) => ({
      strength: at,
      accuracy: Math.max(0.1, end - (at < strength ? 2.2 : 0.4) * Math.abs(at - strength) ** 1.1),
    })),
  };
}

/** Counts in bins around a mean factor. */
function bell(mean: number, strength: number, bins: number, count: number): number[] {
  return Array.from({ length: bins }, (_, bin) => {
    const factor = 1 - strength + (2 * strength * (bin + 0.5)) / bins;
    return Math.round((count / bins) * 4 * Math.exp(-(((factor - mean) / (0.25 * strength)) ** 2)));
  });
}

function tuningOf(stage: string, depth: number, tuned: number, shift: number): TuningRecord {
  const angles = Array.from({ length: 21 }, (_, index) => (180 * index) / 21);
  const curve = (unit: number, gain: number) =>
    angles.map((angle) => {
      const turn = ((angle - 47 * unit) * Math.PI) / 90;
      return gain * (0.2 + 0.9 * Math.exp(2.5 * (Math.cos(turn) - 1)));
    });
  const units = Array.from({ length: tuned }, (_, unit) => ({
    unit: 2 * unit,
    gain: 1.07 + 0.08 * depth + 0.05 * Math.sin(5 * unit + shift),
    shift: 3.1 * Math.sin(11 * unit + depth) + (unit % 9 === 8 ? 11 : 0),
  }));
  return {
    stage,
    angles,
    units,
    untuned: 4,
    steadyShare: tuned ? units.filter((unit) => Math.abs(unit.shift) < 180 / 21).length / tuned : null,
    curves: units
      .slice(0, 4)
      .map(({ unit, gain }) => ({ unit, attended: curve(unit, gain), unattended: curve(unit, 1) })),
  };
}

/** Two rings beside each other in noise, one attended at each glimpse. */
function exampleScene(scene: number, glimpses: number, options: AttentionCourse): AttentionExample {
  const { colour = false, inhibition = true, strength = 0.2 } = options;
  const [height, width, channels] = colour ? [40, 40, 3] : [28, 42, 1];
  const objects = colour ? ["animal", "vehicle"] : [String((7 * scene + 3) % 10), String((3 * scene + 8) % 10)];
  const pixels = Array.from({ length: height * width }, (_, index) => ({
    row: Math.floor(index / width),
    column: index % width,
    index,
  }));
  const inside = (object: number, { row, column }: { row: number; column: number }) => {
    const distance = Math.hypot(row - height / 2, column - width * (object === 0 ? 0.3 : 0.7));
    return distance < 9.5 && distance > 3.5 + scene;
  };
  const image = pixels.flatMap((pixel) =>
    Array.from({ length: channels }, (_, channel) => {
      const noise = 0.15 + 0.15 * Math.sin(12.9898 * pixel.index + 78.233 * channel);
      return inside(0, pixel)
        ? 0.95 - 0.3 * channel
        : inside(1, pixel)
          ? 0.4 + 0.25 * channel + (colour ? 0 : 0.4)
          : noise;
    }),
  );
  return {
    height,
    width,
    channels,
    scene: image,
    objects,
    glimpses: Array.from({ length: glimpses }, (_, glimpse) => {
      const object = (scene + glimpse) % 2;
      const attention = pixels.map((pixel) => (inside(object, pixel) ? -0.9 : inside(1 - object, pixel) ? 0.8 : 0.1));
      const chosen = objects[object] as string;
      return {
        gated: image.map(
          (value, index) => value * (1 - strength * (attention[Math.floor(index / channels)] as number)),
        ),
        attention,
        ...(inhibition ? { inhibition: pixels.map((pixel) => (inside(object, pixel) ? 1 : 0)) } : {}),
        report: scene === 2 && glimpse === 1 ? (objects[1 - object] as string) : chosen,
        chosen,
      };
    }),
  };
}
