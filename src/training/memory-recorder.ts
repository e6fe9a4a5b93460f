import { StorageError } from "../kinds/errors.ts";
import type { FailedMeasure } from "../records/failed-measures-record.ts";
import type { Evaluation, RunSummary } from "../records/learning-record.ts";
import { type Checkpoint, type Identity, noTiming, type Recorder, type StateArrays } from "./recorder.ts";

/** A recorder whose record ends with the program, and what it holds. */
export interface MemoryRecorder extends Recorder {
  /** The last checkpoint; undefined before the first. */
  readonly checkpoint: (Checkpoint & Identity) | undefined;
  /** Parameters by the step after which they were kept. */
  readonly snapshots: ReadonlyMap<number, StateArrays>;
  /** Records of measures by their names. */
  readonly measures: ReadonlyMap<string, object>;
  /** Measures that failed when they were last taken. */
  readonly failedMeasures: readonly FailedMeasure[];
  /** Undefined until training is over. */
  readonly summary: RunSummary | undefined;
}

const copied = (arrays: StateArrays): StateArrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));

/**
 * Keeps the record of a run in memory, where there is no disk, or nothing shall be left on it.
 *
 * @param place what messages call it; default "memory"
 */
export function memoryRecorder(place = "memory"): MemoryRecorder {
  let checkpoint: (Checkpoint & Identity) | undefined;
  let evaluations: Evaluation[] = [];
  let timing = noTiming;
  const snapshots = new Map<number, StateArrays>();
  const measures = new Map<string, object>();
  let failedMeasures: readonly FailedMeasure[] = [];
  let summary: RunSummary | undefined;
  return {
    place,
    checkpointName: `the checkpoint in ${place}`,
    get checkpoint() {
      return checkpoint;
    },
    snapshots,
    measures,
    get failedMeasures() {
      return failedMeasures;
    },
    get summary() {
      return summary;
    },
    check: async () => {},
    hasCheckpoint: async () => checkpoint !== undefined,
    async loadCheckpoint({ identity, readIdentity = (written) => written, shapes, dispensable = [] }) {
      const names = Object.keys(shapes);
      const lacking = names.filter((name) => checkpoint?.arrays[name] === undefined);
      const partial = dispensable.length > 0 && dispensable.every((name) => lacking.includes(name));
      if (
        !checkpoint ||
        readIdentity(checkpoint.identity) !== identity ||
        lacking.length > (partial ? dispensable.length : 0)
      )
        throw new StorageError(`the checkpoint in ${place} belongs to another circuit; start a new run`);
      return { ...checkpoint, partial };
    },
    async saveCheckpoint(given) {
      checkpoint = { ...given, state: structuredClone(given.state), arrays: copied(given.arrays) };
      return Object.values(checkpoint.arrays).reduce((bytes, { data }) => bytes + data.byteLength, 0);
    },
    async keepSnapshot(step, parameters) {
      snapshots.set(step, copied(parameters));
    },
    hasEvaluations: async () => evaluations.length > 0,
    evaluations: async () => [...evaluations],
    addEvaluation: async (evaluation) => void evaluations.push(evaluation),
    async dropEvaluationsAfter(last) {
      evaluations = evaluations.filter(({ step }) => step <= last);
    },
    timing: async () => timing,
    async keepTiming(given) {
      timing = given;
    },
    hasMeasure: async (measure) => measures.has(measure),
    async keepMeasure(measure, record) {
      measures.set(measure, structuredClone(record));
    },
    async keepFailedMeasures(given) {
      failedMeasures = [...given];
    },
    async finish(given) {
      summary = given;
    },
  };
}
