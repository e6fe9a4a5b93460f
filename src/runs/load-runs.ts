import { basename, join } from "node:path";
import { buildNetwork, isWeighted, type Projection } from "../circuits/network.ts";
import { UsageError } from "../kinds/errors.ts";
import type { Library } from "../kinds/library.ts";
import { ruleInWords } from "../plasticity/rules/rule-in-words.ts";
import type { KeptCircuit, RunRecord } from "../report/run-record.ts";
import type { RunDescription } from "../training/run-description.ts";
import { receptiveFields } from "./receptive-fields.ts";
import { readFailedMeasures } from "./record/failed-measures-file.ts";
import { exists } from "./record/make-folder.ts";
import { readMeasures } from "./record/measure-records.ts";
import { readMetrics } from "./record/metrics-log.ts";
import { readNpz } from "./record/npz.ts";
import { runFiles } from "./record/run-files.ts";
import { readConfig, readSummary } from "./record/run-folder.ts";
import { resumeAdvice } from "./resume-advice.ts";
import { readRunConfig } from "./run-config.ts";

/** Conditions whose receptive fields are shown, one run of each: more pictures than these nobody compares. */
const shownFields = 4;

/**
 * What finished runs left, as figures and reports show it.
 *
 * @param folders run folders, in order
 * @throws UsageError where a run is not finished, with how to go on; StorageError or DataError where its record is damaged
 */
export async function loadRuns(folders: readonly string[], library: Library): Promise<RunRecord[]> {
  const runs = await Promise.all(folders.map((folder) => loadRun(folder, library)));
  const shown = [...new Set(runs.map(({ condition }) => condition))].slice(0, shownFields);
  const firsts = new Set(shown.map((condition) => runs.findIndex((run) => run.condition === condition)));
  return Promise.all(runs.map((run, index) => (firsts.has(index) ? withFields(run) : run)));
}

/**
 * Run folders that a folder stands for: its own, where it holds a run, else those of the finished runs of a collection, in
 * their order.
 *
 * @throws UsageError where it holds neither
 */
export async function runFoldersIn(folder: string): Promise<string[]> {
  const { cells, settings } = await readConfig(folder);
  if (settings === undefined) return [folder];
  const folders = (Array.isArray(cells) ? cells : []).map((cell) => join(folder, String(cell)));
  const finished: string[] = [];
  for (const each of folders) if (await exists(join(each, runFiles.summary))) finished.push(each);
  if (finished.length > 0) return finished;
  throw new UsageError(`${folder} holds no finished run; give the folder of one, or of several that are finished`);
}

async function loadRun(folder: string, library: Library): Promise<RunRecord> {
  const { label, condition = label.toUpperCase(), description } = await readRunConfig(folder, library);
  if (!(await exists(join(folder, runFiles.summary))))
    throw new UsageError(
      `the run in ${folder} is not finished, and only a finished one has a report; ${resumeAdvice(folder)}`,
    );
  const summary = await readSummary(folder);
  const name = summary.steps === 0 ? untrainedName(condition, description) : condition;
  return {
    label: name,
    condition: name,
    seed: description.seed,
    rule: ruleInWords(description.rule),
    lossUnit: library.build("objective", description.objective, undefined).unit,
    config: { sign: signsOf(description, library), ...description },
    evaluations: await readMetrics(join(folder, runFiles.metrics)),
    summary,
    records: await readMeasures(folder, library),
    failedMeasures: await readFailedMeasures(folder),
    kept: keptCircuit(folder, library),
  };
}

/** Parameters in the checkpoint of a run. */
const keptCircuit = (folder: string, library: Library): KeptCircuit => ({
  library,
  async parameter(name) {
    const arrays = await readNpz(join(folder, runFiles.checkpoint), { [name]: "float32" } as const);
    return arrays[name]!.data;
  },
});

/**
 * What a run that trained nothing is called where its condition names the rule alone, by which nothing was learned: the file
 * that its weights came from ("shipped"), or "untrained".
 */
function untrainedName(condition: string, { rule, from }: RunDescription): string {
  const rules = ruleInWords(rule)
    .toUpperCase()
    .split(/[ ()]+/);
  if (!rules.includes(condition.toUpperCase())) return condition;
  return from === undefined ? "untrained" : basename(from);
}

/** The run with its receptive fields, where it has some. */
async function withFields(run: RunRecord): Promise<RunRecord> {
  const fields = run.kept && (await receptiveFields(run.config as RunDescription, run.kept));
  return fields ? { ...run, receptiveFields: fields } : run;
}

/** "excitatory; mixed from pixels": the sign constraint of most projections, then those that differ. */
function signsOf({ circuit }: RunDescription, library: Library): string {
  const { projections } = buildNetwork(circuit, library);
  const signs = (kept: (projection: Projection) => boolean) =>
    [
      ...new Set(
        projections.filter((projection) => isWeighted(projection) && kept(projection)).map(({ sign }) => sign),
      ),
    ].join(", ");
  const inputs = circuit.inputs.map(({ name }) => name);
  const first = signs(({ pre }) => inputs.includes(pre));
  const beyond = signs(({ pre }) => !inputs.includes(pre));
  // One of them is empty where none of its projections has weights, such as those that only gate.
  if (beyond === "" || first === "") return `${beyond}${first}`;
  return beyond === first ? first : `${beyond}; ${first} from ${inputs.join(", ")}`;
}
