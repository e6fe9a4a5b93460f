import { dirname, join } from "node:path";
import { buildNetwork, isWeighted, type Projection } from "../circuits/network.ts";
import type { ReceptiveFields, RunRecord } from "../report/report-data.ts";
import type { RunListener } from "./events.ts";
import { receptiveFields } from "./receptive-fields.ts";
import { writeWhole } from "./record/atomic-file.ts";
import { makeFolder } from "./record/make-folder.ts";
import { readMetrics } from "./record/metrics-log.ts";
import { readNpz } from "./record/npz.ts";
import { runFiles } from "./record/run-files.ts";
import { readSummary } from "./record/run-folder.ts";
import { readRunConfig } from "./run-config.ts";
import type { RunDescription } from "./run-description.ts";

/**
 * Draws figures and report.html from what runs left on disk.
 *
 * @param folder where figures and report go
 * @param experiment name of the experiment, in the title
 * @param runFolders the runs to show, in order
 * @returns path of report.html
 * @throws StorageError or DataError where a run is not finished or its record is damaged
 */
export async function reportRuns(
  folder: string,
  experiment: string,
  runFolders: readonly string[],
  onEvent?: RunListener,
): Promise<string> {
  // Loaded on demand: the figures' library takes longer to load than a small run to train.
  const { writeReport } = await import("../report/write-report.ts");
  const configs = await Promise.all(runFolders.map(readRunConfig));
  const { description, environment } = configs[0]!;
  const records = await Promise.all(
    configs.map((config, index) => {
      // Of each condition the first seed's fields are shown: the others' weights need not be read.
      const first = configs.findIndex(({ label }) => label === config.label) === index;
      return readRecord(runFolders[index]!, config, first);
    }),
  );
  const report = await writeReport(
    folder,
    {
      title: `${experiment}: ${description.circuit.name} on ${description.task.kind}`,
      experiment,
      created: new Date().toISOString(),
      environment: { ...environment, device: description.device, provider: description.provider },
      runs: records,
    },
    {
      write: async (path, content) => {
        await makeFolder(dirname(path));
        await writeWhole(path, content);
      },
    },
  );
  onEvent?.({ type: "reported", folder, report });
  return report;
}

async function readRecord(
  folder: string,
  { label, description }: Awaited<ReturnType<typeof readRunConfig>>,
  withFields: boolean,
): Promise<RunRecord> {
  const fields = withFields ? await readFields(folder, description) : undefined;
  const name = label.toUpperCase();
  return {
    label: name,
    condition: name,
    seed: description.seed,
    rule: description.rule.kind,
    config: { sign: signsOf(description), ...description },
    evaluations: await readMetrics(join(folder, runFiles.metrics)),
    summary: await readSummary(folder),
    ...(fields ? { receptiveFields: fields } : {}),
  };
}

async function readFields(folder: string, description: RunDescription): Promise<ReceptiveFields | undefined> {
  const checkpoint = join(folder, runFiles.checkpoint);
  return receptiveFields(description, async (name) => {
    const arrays = await readNpz(checkpoint, { [name]: "float32" } as const);
    return arrays[name]!.data;
  });
}

/** "excitatory; mixed from pixels": the sign constraint of most projections, then those that differ. */
function signsOf({ circuit }: RunDescription): string {
  const { projections } = buildNetwork(circuit);
  const signs = (kept: (projection: Projection) => boolean) =>
    [
      ...new Set(
        projections.filter((projection) => isWeighted(projection) && kept(projection)).map(({ sign }) => sign),
      ),
    ].join(", ");
  const first = signs(({ pre }) => pre === circuit.input.name);
  const beyond = signs(({ pre }) => pre !== circuit.input.name);
  return beyond === "" || beyond === first ? first : `${beyond}; ${first} from ${circuit.input.name}`;
}
