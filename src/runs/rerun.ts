import { isDeepStrictEqual } from "node:util";
import { ruleInWords } from "../plasticity/rules/rule-in-words.ts";
import { parseRun } from "../training/run-description.ts";
import { refuseFailedMeasures } from "./experiment.ts";
import type { Plain } from "./recorded.ts";
import { type NewRunControl, reportRun, startRun } from "./run.ts";
import type { RunNaming } from "./run-config.ts";

/** A run out of a file, and what it is changed to. */
export interface RunOfFile {
  /** The file, for messages. */
  readonly file: string;
  /** What the run was called; absent where a person has described it. */
  readonly naming?: RunNaming;
  /** The run as the file has it. */
  readonly written: Plain;
  /** The same with changes. */
  readonly description: Plain;
}

/**
 * Runs what a file describes, in a new folder with a report. Unchanged, it leaves the same bits as the run that has left the
 * file, on the same device. With another rule it is called by that rule.
 *
 * @throws as `startRun` does; SulcusError naming the measures that failed, when all else is done
 */
export async function rerun({ file, naming, written, description: plain }: RunOfFile, control: NewRunControl) {
  const description = parseRun(plain, control.library, file);
  const { experiment = description.circuit.name } = naming ?? {};
  const called =
    naming && isDeepStrictEqual(written.rule, plain.rule)
      ? naming
      : { experiment, label: ruleInWords(description.rule) };
  const result = await startRun(description, called, control);
  await reportRun(experiment, result, control);
  refuseFailedMeasures(result);
}
