import * as z from "zod";
import { resultFile } from "../../runs/record/result-file.ts";
import { runFiles } from "../../runs/record/run-files.ts";
import type { AttentionRecord } from "./attention-record.ts";

const values = z.array(z.number());
const size = z.int().min(1);
const test = z.union([
  z.looseObject({
    test: z.enum(["paired", "welch"]),
    difference: z.number(),
    statistic: z.number(),
    degreesOfFreedom: z.number(),
    p: z.number(),
  }),
  z.looseObject({ test: z.literal("none"), reason: z.string() }),
]);
const glimpse = z.looseObject({
  gated: values,
  attention: values,
  inhibition: values.optional(),
  report: z.string(),
  chosen: z.string(),
});

/** attention.json of a run folder. */
export const attentionFile = resultFile<AttentionRecord>(
  runFiles.attention,
  "a record of attention",
  z.looseObject({
    scenes: size,
    accuracy: z.array(z.number().nullable()),
    asked: values.optional(),
    balancedAccuracy: z.number(),
    macroF1: z.number(),
    otherObject: z.number().nullable(),
    maskAgreement: z.number().nullable(),
    examples: z.array(
      z.looseObject({
        height: size,
        width: size,
        channels: size,
        scene: values,
        objects: z.array(z.string()),
        glimpses: z.array(glimpse),
      }),
    ),
    gating: z.looseObject({
      from: z.number(),
      to: z.number(),
      attended: values,
      unattended: values,
      meanAttended: z.number().nullable(),
      meanUnattended: z.number().nullable(),
      test,
    }),
    tuning: z.array(
      z.looseObject({
        stage: z.string(),
        angles: values,
        units: z.array(z.looseObject({ unit: z.int(), gain: z.number(), shift: z.number() })),
        untuned: z.int(),
        steadyShare: z.number().nullable(),
        curves: z.array(z.looseObject({ unit: z.int(), attended: values, unattended: values })),
      }),
    ),
    modulation: z.array(z.looseObject({ stage: z.string(), percent: z.number(), test })),
    iterations: z.array(z.looseObject({ iteration: z.int(), accuracy: z.number() })),
    strengths: z.array(z.looseObject({ strength: z.number(), accuracy: z.number() })),
  }) as z.ZodType<AttentionRecord>,
);
