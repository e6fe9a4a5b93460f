import type { Library } from "../kinds/library.ts";
import type { Chapter } from "../report/chapter.ts";
import type { FigureFiles } from "../report/files/figure-format.ts";
import type { ReportData } from "../report/report-data.ts";
import type { RunRecord } from "../report/run-record.ts";
import type { RunListener } from "../training/events.ts";
import type { RunDescription } from "../training/run-description.ts";
import { loadRuns } from "./load-runs.ts";
import { reportWriter } from "./report-writer.ts";
import { readRunConfig } from "./run-config.ts";
import { checkFiles } from "./write-figures.ts";

/** How a report is drawn again. */
export interface RedrawOptions extends FigureFiles {
  /** Which kinds there are. */
  readonly library: Library;
  readonly signal?: AbortSignal | undefined;
}

/** How runs are reported. */
export interface ReportOptions extends RedrawOptions {
  /** What the report shows of them besides training and measures. */
  readonly chapters?: readonly Chapter[] | undefined;
  readonly onEvent?: RunListener | undefined;
}

/**
 * Draws figures and report.html from what runs left on disk.
 *
 * @param folder where figures and report go
 * @param experiment name of the experiment, in the title
 * @param runFolders the runs to show, in order; at least one
 * @param options chapters that sum them up; who is told of the report; what stops it; formats and width of the figures'
 * files, by default SVG and CSV of each figure's own width
 * @returns path of report.html
 * @throws UsageError where a run is not finished, with how to go on, or figures cannot have that width; StorageError or
 * DataError where its record is damaged; InterruptedError when the signal aborts, with what is drawn so far
 */
export async function reportRuns(
  folder: string,
  experiment: string,
  runFolders: readonly string[],
  { library, chapters = [], onEvent, signal, ...files }: ReportOptions,
): Promise<string> {
  checkFiles(files);
  const runs = await loadRuns(runFolders, library);
  onEvent?.({ type: "phase", run: experiment, phase: "report", done: 0, total: 1 });
  const { description, environment } = await readRunConfig(runFolders[0]!, library);
  return writeRunReport(
    folder,
    {
      title: titleOf(experiment, runs),
      experiment,
      created: new Date().toISOString(),
      environment: { ...environment, device: description.device, provider: description.provider },
      runs,
      chapters: [...chapters, ...library.list("measure").flatMap(({ chapter }) => chapter ?? [])],
    },
    { onEvent, signal, ...files },
  );
}

/**
 * Puts figures and report of some data in place.
 *
 * @returns path of report.html, or of the folder of figures where some of them alone are asked for
 */
export async function writeRunReport(
  folder: string,
  data: ReportData,
  { onEvent, signal, ...files }: Omit<ReportOptions, "library" | "chapters">,
): Promise<string> {
  // Loaded on demand: the figures' library takes longer to load than a small run to train.
  const { writeReport } = await import("../report/write-report.ts");
  const report = await writeReport(folder, data, { ...files, write: reportWriter(folder, signal) });
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
