import { tableChapters } from "../../src/papers/gevb/chapter/table-chapter.ts";
import type { ReportData } from "../../src/report/report-data.ts";
import type { RunRecord } from "../../src/report/run-record.ts";
import { exampleAttention, exampleAttentionSeeds } from "../papers/attention/chapter/example-attention.ts";
import { exampleTable } from "../papers/gevb/table/example-table.ts";
import { exampleKept, exampleSweep } from "../papers/modules/chapter/example-modules.ts";
import {
  BP,
  exampleFields,
  exampleReport,
  exampleRepresentation,
  exampleRun,
  exampleSeeds,
  GEVB,
} from "./example-data.ts";

const SIX = ["pixels->c1", "c1->c2", "c2->c3", "c3->d1", "d1->d2", "d2->report"];
const gevb = exampleRun(GEVB);
const bp = exampleRun(BP);

/** GEVB and BP with representations, from each of some seeds. */
export function representedRuns(seeds: number): RunRecord[] {
  return Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) =>
    [gevb, bp].map((run, rule) => ({
      ...run,
      seed,
      records: { representation: exampleRepresentation(seed + 10 * rule, 0.3 + 0.1 * rule) },
    })),
  );
}

/** Reports that real runs can lead to, the usual and the odd. */
export const CASES: Record<string, ReportData> = {
  "two runs": exampleReport([gevb, bp]),
  "one run": exampleReport([gevb]),
  "no receptive fields": exampleReport([bp]),
  "one evaluation": exampleReport([exampleRun({ ...GEVB, evaluations: 1 }), exampleRun({ ...BP, evaluations: 1 })]),
  "no evaluation": exampleReport([exampleRun({ ...BP, evaluations: 0 })]),
  "six projections": exampleReport([
    exampleRun({ ...GEVB, projections: SIX }),
    exampleRun({ ...BP, projections: SIX }),
  ]),
  "no alignment": exampleReport([exampleRun({ ...GEVB, projections: [] })]),
  "obtuse angles": exampleReport([exampleRun({ ...GEVB, angle: 140 }), bp]),
  "training error of 0": exampleReport([
    { ...gevb, evaluations: gevb.evaluations.map((each, index) => (index > 5 ? { ...each, trainError: 0 } : each)) },
  ]),
  "validation, then test": exampleReport([
    {
      ...gevb,
      evaluations: gevb.evaluations.map((each, index) => (index < 9 ? { ...each, set: "validation" } : each)),
    },
  ]),
  "scalar units": exampleReport([{ ...bp, receptiveFields: exampleFields(11, 1) }]),
  "runs of one label": exampleReport([gevb, gevb, bp, bp]),
  "one representation": exampleReport([gevb, { ...bp, records: { representation: exampleRepresentation(1, 0.3) } }]),
  "representations of several seeds": exampleReport(representedRuns(7)),
  "three seeds and one": exampleReport([...exampleSeeds(GEVB, 3), bp]),
  "a table beside seeds": {
    ...exampleReport(exampleSeeds(BP, 3)),
    chapters: tableChapters(exampleTable()),
  },
  "one circuit of modules": exampleReport([exampleKept({ connections: 1, steps: 5 })]),
  "seeds of one density": exampleReport(exampleSweep([10], 3, { modules: 3 })),
  "a sweep of densities": exampleReport(
    [0, 1, 30, 400].flatMap((connections) =>
      [1, 2, 3].map((seed) => exampleKept({ connections, seed, units: 20, steps: 3 })),
    ),
  ),
  "densities and rules": exampleReport([
    ...exampleSweep([1, 100], 1, { steps: 2 }),
    ...exampleSweep([1, 100], 1, { rule: "dfa", modules: 4, steps: 2 }),
  ]),
  attention: exampleReport([exampleAttention()]),
  "attention of several rules and seeds": exampleReport([
    ...exampleAttentionSeeds(3),
    ...exampleAttentionSeeds(2, { course: GEVB }),
    exampleAttention({ course: { ...GEVB, label: "DFA" }, strength: 0.5 }),
    exampleRun({ ...BP, label: "no analysis" }),
  ]),
  "attention in colour": exampleReport([
    exampleAttention({ colour: true, strength: 0.9, glimpses: 1, scenes: 8, stages: ["V1", "V2", "V4", "IT"] }),
  ]),
  "attention that finds nothing": exampleReport([
    exampleAttention({ inhibition: false, tuned: 0, glimpses: 3, scenes: 1 }),
    exampleAttention({ seed: 2 }),
  ]),
  "ten runs": exampleReport(
    Array.from({ length: 10 }, (_, seed) =>
      exampleRun({ ...BP, label: `a rather long label, seed ${seed}`, end: 0.01 * (seed + 1) }),
    ),
  ),
};
