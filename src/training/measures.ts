import { StorageError, SulcusError } from "../kinds/errors.ts";
import { ensureRepresentation } from "../measures/representation.ts";
import { ensureAttention } from "../papers/attention/measure/attention-analysis.ts";
import { ensureSpecialization } from "../papers/modules/measure/specialization.ts";
import type { FailedMeasure } from "../records/failed-measures-record.ts";
import { writeFailedMeasures } from "../runs/record/failed-measures-file.ts";
import { InterruptedError } from "./interrupted.ts";
import type { TrainedRun } from "./trained-run.ts";

/** Takes a measure of a trained run, where the run asks for it and lacks it, and leaves its result in the folder. */
type Measure = (run: TrainedRun) => Promise<void>;

/** Measures of trained runs by their names, in the order in which they are taken. */
export const measuresOfRuns: Readonly<Record<string, Measure>> = {
  representation: ensureRepresentation,
  specialization: ensureSpecialization,
  attention: ensureAttention,
};

/**
 * Takes every measure that a trained run asks for. One that fails is told of and recorded in the run folder, and the others
 * are taken all the same: training is never lost for a measure. The next call tries again what the folder lacks.
 *
 * @throws InterruptedError, StorageError: these are not about the measure
 */
export async function takeMeasures(run: TrainedRun, measures = measuresOfRuns): Promise<void> {
  const failed: FailedMeasure[] = [];
  for (const [measure, take] of Object.entries(measures)) {
    try {
      await take(run);
    } catch (error) {
      if (error instanceof InterruptedError || error instanceof StorageError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const message = error instanceof SulcusError ? reason : `internal error: ${reason}`;
      failed.push({ measure, message });
      run.onEvent({ type: "measure-failed", run: run.label, folder: run.folder, measure, message });
    }
  }
  await writeFailedMeasures(run.folder, failed);
}

/** A run and which of its measures failed. */
interface RunWithFailures {
  readonly name: string;
  readonly failed: readonly FailedMeasure[];
}

/** What to say of runs with failed measures; nothing where there are none. */
export function failedMeasuresInWords(runs: readonly RunWithFailures[]): string | undefined {
  const without = runs.filter(({ failed }) => failed.length > 0);
  const [first] = without;
  if (first === undefined) return undefined;
  const { measure, message } = first.failed[0]!;
  const count = without.reduce((sum, { failed }) => sum + failed.length, 0);
  const which = count === 1 ? `measure "${measure}" of ${first.name}` : `${count} measures`;
  const of = count === 1 ? message : `the first, "${measure}" of ${first.name}: ${message}`;
  return `${which} failed after training: ${of}; all else is in the report, and --resume tries again`;
}
