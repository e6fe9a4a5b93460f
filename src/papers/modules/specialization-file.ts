import * as z from "zod";
import { resultFile } from "../../runs/record/result-file.ts";
import { runFiles } from "../../runs/record/run-files.ts";
import type { SpecializationRecord } from "./specialization-record.ts";

const matrix = z.array(z.array(z.number()));
const values = z.array(z.number());
const someValues = z.array(z.number().nullable());
const someOfMatrix = z.array(someValues);

/** specialization.json of a run folder. */
export const specializationFile = resultFile<SpecializationRecord>(
  runFiles.specialization,
  "a record of specialization",
  z.looseObject({
    modules: z.array(z.string()).min(2),
    structure: z.looseObject({ modularity: z.number(), connections: matrix, density: matrix }),
    ablation: z.looseObject({ whole: z.number(), silenced: values, cut: z.number() }),
    decisions: matrix.optional(),
    states: z.array(
      z.looseObject({
        step: z.int().min(0),
        bottleneck: someOfMatrix.optional(),
        bottleneckControl: someValues.optional(),
        correlation: someOfMatrix.optional(),
        similarity: someOfMatrix,
        dimensions: someValues,
      }),
    ),
    masks: z.array(z.looseObject({ keep: z.number(), shares: someOfMatrix, accuracy: someValues })),
    notes: z
      .array(z.looseObject({ measure: z.string(), step: z.int().min(0).optional(), note: z.string() }))
      .optional(),
  }) as z.ZodType<SpecializationRecord>,
);
