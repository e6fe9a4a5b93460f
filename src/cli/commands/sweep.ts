import type { Command } from "commander";
import { UsageError } from "../../kinds/errors.ts";
import type { KindIn } from "../../kinds/kind.ts";
import type { Library } from "../../kinds/library.ts";
import { trainExperiment } from "../training.ts";
import { readRequest } from "./asked.ts";
import type { Context } from "./context.ts";
import { dryRunOption, tellForecasts } from "./dry-run.ts";
import { givenOptions, givenWorkers, trustOption, useOption, workersOption } from "./given.ts";
import { declareManipulations } from "./manipulation-options.ts";
import { goOn } from "./run.ts";
import { declareSettings, settingOptions, sweepable } from "./setting-options.ts";
import { valued } from "./valued.ts";

const valuesHelp = `
Values:
  0.1,1,conv    one by one, with commas between them
  1..5          whole numbers from 1 to 5
  0.001..1:4    4 points from 0.001 to 1, evenly spaced on a logarithmic axis: 0.001,0.01,0.1,1`;

/**
 * Declares what `sulcus sweep` takes: the experiments that can be swept, and their settings as options.
 *
 * @param library which experiments there are
 */
export function declareSweep(sweep: Command, context: Context, library: Library): void {
  sweep.enablePositionalOptions();
  declareResumption(sweep, "sulcus sweep --resume <dir>");
  sweep.addHelpText("after", "\nExample:\n  sulcus sweep gevb --rate 1e-4..1e-2:5 --seeds 3 --workers 2");
  const experiments = library.list("experiment").filter(({ sweeps }) => sweeps !== false);
  sweep.action(() => {
    const given = givenOptions(sweep);
    if (given.resume !== undefined) return goOn(sweep, given, context);
    const known = experiments.map(({ kind }) => kind).join(", ");
    throw new UsageError(`no experiment after "sulcus sweep", expected one of ${known}, or --resume <dir>`);
  });
  for (const experiment of experiments) declareExperiment(sweep, experiment, library, context);
}

function declareExperiment(sweep: Command, experiment: KindIn<"experiment">, library: Library, context: Context): void {
  const { kind } = experiment;
  const command = sweep.command(kind).description(`sweep settings of ${kind}; see sulcus list experiment ${kind}`);
  const options = settingOptions(experiment, library);
  const swept = sweepable(options);
  for (const { flag, meta } of swept) command.addOption(valued(`--${flag} <values>`, meta.help ?? ""));
  declareSettings(
    command,
    options.filter((option) => !swept.includes(option)),
  );
  declareManipulations(command, experiment);
  command
    .addOption(valued("--seeds <list>", "a number of seeds (10 means 1..10), or which: 4..6 or 1,3,5"))
    .addOption(valued("--seed <n>", "the one seed of every random stream"))
    .addOption(valued("--out <dir>", "folder to write the runs to"))
    .addOption(dryRunOption())
    .addOption(valued("--config <file>", "settings in YAML; --set and options win over it"))
    .option("--set <key=value...>", "any setting by its name: values with commas, or the value of all runs in YAML");
  declareResumption(command, `sulcus sweep ${kind} --resume <dir>`);
  command.addHelpText("after", `${valuesHelp}\n\nExample:\n  sulcus sweep ${kind} --seeds 10 --workers 2`);
  command.action(() => start(command, kind, context));
}

function declareResumption(command: Command, example: string): void {
  command
    .addOption(valued("--resume <dir>", `go on with an interrupted sweep: ${example}`))
    .addOption(workersOption())
    .option("--json", "one JSON object a line on stdout for every event, and nothing else")
    .addOption(useOption())
    .addOption(trustOption());
}

async function start(command: Command, named: string, context: Context): Promise<void> {
  const given = givenOptions(command);
  if (given.resume !== undefined) return goOn(command, given, context, named);
  const workers = givenWorkers(given);
  const out = given.out as string | undefined;
  if (out !== undefined) (await import("../folders.ts")).requireFolderOrRoom("--out", out);
  const { backend, asked } = await readRequest({ command, given, context, named, sweeping: true });
  const told = { streams: context.streams, json: given.json === true, ...workers };
  if (given.dryRun === true) return tellForecasts(await backend.forecast(asked), told);
  return trainExperiment(told, (control) =>
    backend.run(asked, { ...control, ...workers, ...(out === undefined ? {} : { out }) }),
  );
}
