import type { Representation } from "../../src/measures/representation/record.ts";
import type { Alignment, Evaluation, RunSummary } from "../../src/records/learning-record.ts";
import { metricIn } from "../../src/records/metrics.ts";
import type { ReportData } from "../../src/report/report-data.ts";
import type { ReceptiveFields, RunRecord } from "../../src/report/run-record.ts";
import { chaptersOfMeasures } from "./all-figures.ts";

export const PROJECTIONS = ["pixels->v1", "v1->v2", "v2->report"];

/** How a made-up run learns: errors fall from `start` to `end`, training errors to `trained`. */
export interface Course {
  label: string;
  rule: string;
  evaluations: number;
  end: number;
  trained: number;
  /** Angle of the deepest projection at the end, degrees; 0 for exact alignment. */
  angle: number;
  projections?: readonly string[];
  fields?: boolean;
  /** By default 1; each seed's curves are shifted a little. */
  seed?: number;
}

/** A run as the gevb experiment would record it, from smooth formulas. */
export function exampleRun(course: Course): RunRecord {
  const projections = course.projections ?? PROJECTIONS;
  const seed = course.seed ?? 1;
  // 0 for seed 1, else between -1 and 1.
  const shift = Math.sin(2.4 * (seed - 1));
  const evaluations = Array.from({ length: course.evaluations }, (_, index) => evaluationAt(index + 1, course));
  const last = evaluations.at(-1);
  const summary: RunSummary = {
    label: course.label,
    rule: course.rule,
    steps: 469 * course.evaluations,
    epochs: course.evaluations,
    testError: last ? metricIn(last, "error", "evaluation") : Number.NaN,
    testLoss: last?.loss ?? Number.NaN,
    trainError: last ? metricIn(last, "error", "train") : Number.NaN,
    alignment: last?.alignment ?? {},
    seconds: 0.0312 * 469 * course.evaluations,
    stepMilliseconds: 29.64,
  };
  return {
    label: course.label,
    seed,
    rule: course.rule,
    lossUnit: "nats",
    config: {
      rule: course.rule,
      sign: "excitatory",
      hidden: [1024, 512],
      epochs: course.evaluations,
      seed,
      rate: 3e-4,
    },
    evaluations,
    summary,
    records: {},
    ...(course.fields ? { receptiveFields: exampleFields(4, 10) } : {}),
  };

  function evaluationAt(epoch: number, { end, trained, angle }: Course): Evaluation {
    const decay = Math.exp(-0.55 * (epoch - 1));
    const error = end + (0.065 - end) * decay + 0.0009 * Math.sin(5 * epoch) + 0.06 * end * shift;
    const trainError = (trained + (0.11 - trained) * Math.exp(-0.7 * (epoch - 1))) * (1 + 0.1 * shift);
    return {
      step: 469 * epoch,
      epoch,
      trainLoss: 3.4 * trainError,
      trainError,
      set: "test",
      count: epoch === course.evaluations ? 10_000 : 2000,
      loss: 3.3 * error + 0.004 * epoch,
      error,
      alignment: Object.fromEntries(
        projections.map((name, depth) => [
          name,
          alignmentAt(angle * (1 + 0.06 * shift), decay, depth, projections.length),
        ]),
      ),
    };
  }
}

function alignmentAt(angle: number, decay: number, depth: number, layers: number): Alignment {
  // The last projection sees the error itself: there every rule of the family equals the gradient.
  const towardsPixels = (layers - 1 - depth) / Math.max(1, layers - 1);
  return {
    angle: angle * towardsPixels * (1 - 0.35 * decay),
    signAgreement: angle === 0 ? 1 : 1 - 0.004 * towardsPixels,
  };
}

/** Smooth fields: a bright stroke that turns with the component, and its negative in every second unit. */
export function exampleFields(units: number, components: number): ReceptiveFields {
  const size = 28;
  const field = (unit: number, component: number) =>
    Float32Array.from({ length: size * size }, (_, index) => {
      const [x, y] = [((index % size) - 13.5) / 7, (Math.floor(index / size) - 13.5) / 7];
      const turn = (component * Math.PI) / 10 + Math.floor(unit / 2);
      const along = x * Math.cos(turn) + y * Math.sin(turn);
      const across = y * Math.cos(turn) - x * Math.sin(turn);
      const noise = 0.12 * Math.sin(12.9898 * index + 78.233 * component + unit);
      return (
        (unit % 2 ? -0.21 : 0.21) * ((1 - across * across) * Math.exp(-across * across - (along * along) / 3) + noise)
      );
    });
  return {
    projection: "pixels->v1",
    height: size,
    width: size,
    channels: 1,
    components,
    units: Array.from({ length: units }, (_, unit) => ({
      name: `v1[${unit}]`,
      fields: Array.from({ length: components }, (_, component) => field(unit, component)),
    })),
  };
}

export const GEVB: Course = {
  label: "GEVB",
  rule: "gevb",
  evaluations: 10,
  end: 0.0187,
  trained: 0.0006,
  angle: 38,
  fields: true,
};
export const BP: Course = { label: "BP", rule: "bp", evaluations: 10, end: 0.0149, trained: 0.0003, angle: 0 };

/** Stimuli of ten classes on a ring, with scores that differ a little from seed to seed. */
export function exampleRepresentation(seed: number, silhouette: number): Representation {
  const count = 60;
  return {
    population: "v2",
    count,
    silhouette: silhouette + 0.01 * Math.sin(3 * seed),
    purity: 0.9 + 0.02 * Math.cos(5 * seed) + silhouette / 10,
    neighbours: 10,
    perplexity: 19.667,
    points: Array.from({ length: count }, (_, index) => {
      const label = index % 10;
      const angle = (2 * Math.PI * label) / 10;
      return { x: 30 * Math.cos(angle) + Math.sin(index), y: 20 * Math.sin(angle) + Math.cos(7 * index), label };
    }),
  };
}

/** The run with several seeds, 1 and up. */
export function exampleSeeds(course: Course, seeds: number): RunRecord[] {
  return Array.from({ length: seeds }, (_, index) => exampleRun({ ...course, seed: index + 1 }));
}

/** A whole report; by default GEVB against back-propagation. */
export function exampleReport(runs: RunRecord[] = [exampleRun(GEVB), exampleRun(BP)]): ReportData {
  return {
    title: "Global error-vector broadcasting on MNIST",
    experiment: "gevb",
    command: "sulcus run gevb --rules gevb,bp --epochs 10 --seed 1",
    created: "2025-03-04T15:16:17.000Z",
    environment: {
      sulcus: "0.1.0",
      node: "v20.20.2",
      device: "cpu, contractions by onnxruntime",
      machine: "2 cores, Linux on x64",
    },
    runs,
    chapters: chaptersOfMeasures,
  };
}
