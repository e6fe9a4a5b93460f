import * as z from "zod";
import type { SpecializationRecord } from "../../report/specialization-record.ts";
import { resultFile } from "./result-file.ts";
import { runFiles } from "./run-files.ts";

const matrix = z.array(z.array(z.number()));
const values = z.array(z.number());

/** specialization.json of a run folder. */
export const specializationFile = resultFile<SpecializationRecord>(
  runFiles.specialization,
  "a record of specialization",
  z.looseObject({
    modules: z.array(z.string()).min(2),
    structure: z.looseObject({ modularity: z.number(), connections: matrix, density: matrix }),
    ablation: z.looseObject({ whole: z.number(), silenced: values, cut: z.number() }),
    states: z.array(
      z.looseObject({
        step: z.int().min(0),
        bottleneck: matrix.optional(),
        bottleneckControl: values.optional(),
        correlation: matrix.optional(),
        similarity: matrix,
        dimensions: values,
      }),
    ),
    masks: z.array(z.looseObject({ keep: z.number(), shares: matrix, accuracy: values })),
  }) as z.ZodType<SpecializationRecord>,
);
