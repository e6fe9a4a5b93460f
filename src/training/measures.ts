import { StorageError, SulcusError } from "../kinds/errors.ts";
import { parsePlain } from "../kinds/plain-data.ts";
import { namingPlugin } from "../kinds/plugin-fault.ts";
import type { FailedMeasure } from "../records/failed-measures-record.ts";
import { type AskedMeasure, askedMeasures } from "./asked-measures.ts";
import { InterruptedError } from "./interrupted.ts";
import { announcePhase } from "./phase.ts";
import type { Recorder } from "./recorder.ts";
import type { LearnedRun, TrainedRun } from "./trained-run.ts";

/** What keeps the records of measures. */
type MeasureRecorder = Pick<Recorder, "hasMeasure" | "keepMeasure" | "keepFailedMeasures">;

/**
 * Takes every measure that a trained run asks for and lacks, and leaves its record. One that fails is told of and recorded, and
 * the others are taken all the same: training is never lost for a measure. The next call tries again what is lacking.
 *
 * @throws InterruptedError, StorageError: these are not about the measure
 */
export async function takeMeasures(run: LearnedRun, recorder: MeasureRecorder): Promise<void> {
  const failed: FailedMeasure[] = [];
  for (const asked of askedMeasures(run.description, run.library)) {
    const measure = asked.kind.kind;
    try {
      if (!(await recorder.hasMeasure(measure))) await takeMeasure(asked, run, recorder);
    } catch (error) {
      if (error instanceof InterruptedError || error instanceof StorageError) throw error;
      const told = namingPlugin(error, run.library);
      const reason = told instanceof Error ? told.message : String(told);
      const message = told instanceof SulcusError ? reason : `internal error: ${reason}`;
      failed.push({ measure, message });
      run.onEvent({ type: "measure-failed", run: run.label, folder: run.folder, measure, message });
    }
  }
  await recorder.keepFailedMeasures(failed);
}

async function takeMeasure(
  { kind, settings }: AskedMeasure,
  run: LearnedRun,
  recorder: MeasureRecorder,
): Promise<void> {
  const { description, learner, task, library, label, folder, onEvent } = run;
  const { kind: measure } = kind;
  const { take } = kind.build(settings, { network: learner.network, task, description }, library);
  let begun = false;
  const begin: TrainedRun["begin"] = (parts) => {
    begun = true;
    return announcePhase(run, measure, parts);
  };
  const taken = take({ ...run, begin });
  // Of a measure in a single part it is told all the same that it is taken.
  if (!begun) begin(1);
  const record = await taken;
  const parsed = parsePlain(kind.record, record);
  if ("fault" in parsed) throw new SulcusError(`its record is not what the measure says that it is: ${parsed.fault}`);
  const words = kind.words?.(record) ?? [];
  await recorder.keepMeasure(measure, record);
  onEvent({ type: "measure-taken", run: label, folder, measure, words });
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
