import type { Command } from "commander";
import { UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import { requestedBy } from "../../training/interrupted.ts";
import { interruption } from "../interruption.ts";
import { InterruptedCommand } from "../outcome.ts";
import type { Context } from "./context.ts";
import { valued } from "./valued.ts";

/** Declares `sulcus data` with its commands. */
export function declareData(program: Command, context: Context): void {
  const data = program.command("data").description("data sets: fetch them, see what is there");
  data.addHelpText("after", "\nExample:\n  sulcus data info mnist");
  data
    .command("fetch")
    .description("download a data set and check it; one that is there already is kept")
    .argument("<name>", "data set: cifar10")
    .addOption(valued("--to <dir>", "folder of the data set; default: where it is looked for"))
    .addOption(valued("--url <url>", "another address of the same archive"))
    .option("--json", "one JSON object a line on stdout for every event, and nothing else")
    .addHelpText("after", "\nExample:\n  sulcus data fetch cifar10 --to data/cifar-10-batches-bin")
    .action((name: string, options: { to?: string; url?: string; json?: true }) => fetchData(name, options, context));
  data
    .command("info")
    .description("images, classes, size and pixels of the data sets, or of one")
    .argument("[name]", "data set: mnist or cifar10")
    .addOption(valued("--data <dir>", "folder of the data set; default: where it is looked for"))
    .option("--json", "as JSON")
    .addHelpText("after", "\nExample:\n  sulcus data info cifar10 --data data/cifar-10-batches-bin --json")
    .action((name: string | undefined, options: { data?: string; json?: true }) => describe(name, options, context));
}

async function fetchData(
  name: string,
  { json, ...options }: { to?: string; url?: string; json?: true },
  { streams, open }: Context,
): Promise<void> {
  const { downloadNarrator } = await import("../narration/download.ts");
  const narrator = await downloadNarrator(streams, json === true);
  const stop = interruption(() => {}, streams.stdout);
  try {
    await (await open()).fetchDataSet(name, options, { onEvent: narrator.tell, signal: stop.signal });
  } catch (error) {
    if (stop.signal.aborted)
      throw new InterruptedCommand(requestedBy(stop.signal), "; nothing of the download was left behind");
    throw error;
  } finally {
    stop.release();
    narrator.close();
  }
}

async function describe(
  name: string | undefined,
  { data, json }: { data?: string; json?: true },
  { streams, open }: Context,
): Promise<void> {
  if (name === undefined && data !== undefined) {
    throw new UsageError(`--data: got ${shown(data)} without the name of a data set, expected one before it`);
  }
  const backend = await open();
  const found = name === undefined ? await backend.surveyDataSets() : await backend.dataSetInformation(name, data);
  const { dataSetTable } = await import("../narration/data-set-table.ts");
  const text = () => [found].flat().map(dataSetTable).join("\n\n");
  streams.stdout.write(`${json ? JSON.stringify(found, null, 2) : text()}\n`);
}
