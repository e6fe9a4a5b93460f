import { basename, join } from "node:path";
import { buildNetwork, isWeighted, type Projection } from "../circuits/network.ts";
import { UsageError } from "../kinds/errors.ts";
import type { Library } from "../kinds/library.ts";
import { receptiveFields } from "../measures/receptive-fields.ts";
import { attentionFile } from "../papers/attention/attention-file.ts";
import type { TableCell } from "../papers/gevb/table-record.ts";
import { densityPoints } from "../papers/modules/chapter/density-points.ts";
import type { ConnectionMatrix } from "../papers/modules/connection-record.ts";
import { connectionMatrix } from "../papers/modules/measure/connection-matrix.ts";
import { specializationFile } from "../papers/modules/specialization-file.ts";
import { ruleInWords } from "../plasticity/rules/rule-in-words.ts";
import { evenly } from "../report/evenly.ts";
import { checkWidth, type FigureFiles } from "../report/files/figure-format.ts";
import type { ReceptiveFields, RunRecord } from "../report/report-data.ts";
import type { RunListener } from "../training/events.ts";
import type { RunDescription } from "../training/run-description.ts";
import { readFailedMeasures } from "./record/failed-measures-file.ts";
import { exists } from "./record/make-folder.ts";
import { readMetrics } from "./record/metrics-log.ts";
import { readNpz } from "./record/npz.ts";
import { representationFile } from "./record/representation-file.ts";
import { runFiles } from "./record/run-files.ts";
import { readSummary } from "./record/run-folder.ts";
import { reportWriter } from "./report-writer.ts";
import { resumeAdvice } from "./resume-advice.ts";
import { readRunConfig } from "./run-config.ts";

/** How a report is drawn again. */
export interface RedrawOptions extends FigureFiles {
  /** Which kinds there are. */
  readonly library: Library;
  readonly signal?: AbortSignal | undefined;
}

/** How runs are reported. */
export interface ReportOptions extends RedrawOptions {
  readonly table?: readonly TableCell[] | undefined;
  readonly onEvent?: RunListener | undefined;
}

/**
 * Draws figures and report.html from what runs left on disk.
 *
 * @param folder where figures and report go
 * @param experiment name of the experiment, in the title
 * @param runFolders the runs to show, in order; at least one
 * @param options a table that sums them up; who is told of the report; what stops it; formats and width of the figures'
 * files, by default SVG and CSV of each figure's own width
 * @returns path of report.html
 * @throws UsageError where a run is not finished, with how to go on, or figures cannot have that width; StorageError or
 * DataError where its record is damaged; InterruptedError when the signal aborts, with what is drawn so far
 */
export async function reportRuns(
  folder: string,
  experiment: string,
  runFolders: readonly string[],
  { library, table, onEvent, signal, ...files }: ReportOptions,
): Promise<string> {
  if (files.width !== undefined) checkWidth(files.width);
  for (const run of runFolders) await requireFinished(run, library);
  onEvent?.({ type: "phase", run: experiment, phase: "report", done: 0, total: 1 });
  // Loaded on demand: the figures' library takes longer to load than a small run to train.
  const { writeReport } = await import("../report/write-report.ts");
  const records = await Promise.all(runFolders.map((run) => readRecord(run, library)));
  const runs = await withConnections(runFolders, await withFields(runFolders, records, library), library);
  const { description, environment } = await readRunConfig(runFolders[0]!, library);
  const report = await writeReport(
    folder,
    {
      title: titleOf(experiment, runs),
      experiment,
      created: new Date().toISOString(),
      environment: { ...environment, device: description.device, provider: description.provider },
      runs,
      ...(table ? { table } : {}),
    },
    { ...files, write: reportWriter(folder, signal) },
  );
  onEvent?.({ type: "reported", folder, report });
  return report;
}

/** "gevb: vector-784-1024-512-10 on digits"; where runs have several circuits or tasks, their numbers. */
function titleOf(experiment: string, runs: readonly RunRecord[]): string {
  const namesOf = (name: (run: RunDescription) => string) => [
    ...new Set(runs.map(({ config }) => name(config as RunDescription))),
  ];
  const circuits = namesOf(({ circuit }) => circuit.name);
  const tasks = namesOf(({ task }) => task.kind);
  return `${experiment}: ${circuits.length === 1 ? circuits[0] : `${circuits.length} circuits`} on ${tasks.join(" and ")}`;
}

async function requireFinished(folder: string, library: Library): Promise<void> {
  await readRunConfig(folder, library);
  if (await exists(join(folder, runFiles.summary))) return;
  throw new UsageError(
    `the run in ${folder} is not finished, and only a finished one has a report; ${resumeAdvice(folder)}`,
  );
}

async function readRecord(folder: string, library: Library): Promise<RunRecord> {
  const { label, condition = label.toUpperCase(), description } = await readRunConfig(folder, library);
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
    ...((await representationFile.has(folder)) ? { representation: await representationFile.read(folder) } : {}),
    ...((await specializationFile.has(folder)) ? { specialization: await specializationFile.read(folder) } : {}),
    failedMeasures: await readFailedMeasures(folder),
    ...((await attentionFile.has(folder)) ? { attention: await attentionFile.read(folder) } : {}),
  };
}

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

/** Conditions whose receptive fields are shown, one run of each: more pictures than these nobody compares. */
const shownFields = 4;

/** The records, with the receptive fields of the first run of each of the first conditions. */
async function withFields(
  folders: readonly string[],
  runs: readonly RunRecord[],
  library: Library,
): Promise<RunRecord[]> {
  const shown = [...new Set(runs.map(({ condition }) => condition))].slice(0, shownFields);
  const firsts = new Set(shown.map((condition) => runs.findIndex((run) => run.condition === condition)));
  return Promise.all(
    runs.map(async (run, index) => {
      const fields = firsts.has(index) ? await fieldsIn(folders[index]!, library) : undefined;
      return fields ? { ...run, receptiveFields: fields } : run;
    }),
  );
}

/** Densities at which connections are shown. */
const shownConnections = 4;

/** The records, with the connections between modules of the first run of some inter-module densities. */
async function withConnections(
  folders: readonly string[],
  runs: readonly RunRecord[],
  library: Library,
): Promise<RunRecord[]> {
  const shown = new Set(evenly(densityPoints(runs), shownConnections).map((point) => point.runs[0]));
  return Promise.all(
    runs.map(async (run, index) =>
      shown.has(run)
        ? { ...run, connections: await connectionsIn(folders[index]!, run.specialization!.modules, library) }
        : run,
    ),
  );
}

async function connectionsIn(folder: string, modules: readonly string[], library: Library): Promise<ConnectionMatrix> {
  const { description } = await readRunConfig(folder, library);
  const network = buildNetwork(description.circuit, library);
  const masks = network.projections
    .filter(isWeighted)
    .flatMap(({ pre, post, maskName }) =>
      maskName !== undefined && modules.includes(pre) && modules.includes(post) ? [maskName] : [],
    );
  const wanted = Object.fromEntries(masks.map((name) => [name, "float32" as const]));
  const arrays = masks.length === 0 ? {} : await readNpz(join(folder, runFiles.checkpoint), wanted);
  return connectionMatrix(network, modules, (mask) => arrays[mask]!.data);
}

async function fieldsIn(folder: string, library: Library): Promise<ReceptiveFields | undefined> {
  const { description } = await readRunConfig(folder, library);
  return receptiveFields(description, library, async (name) => {
    const arrays = await readNpz(join(folder, runFiles.checkpoint), { [name]: "float32" } as const);
    return arrays[name]!.data;
  });
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
