import type { Command } from "commander";
import { UsageError } from "../../kinds/errors.ts";
import type { KindIn } from "../../kinds/kind.ts";
import type { Library } from "../../kinds/library.ts";
import { fullName, missingWord } from "../complaint.ts";
import { trainExperiment } from "../training.ts";
import { ownCircuit, readRequest } from "./asked.ts";
import type { Context } from "./context.ts";
import { dryRunOption, tellForecasts } from "./dry-run.ts";
import {
  type Given,
  givenOptions,
  givenWorkers,
  pluginsAsked,
  refuseBesideResume,
  trustOption,
  useOption,
  workersOption,
} from "./given.ts";
import { declareManipulations } from "./manipulation-options.ts";
import { declareSettings, settingOptions } from "./setting-options.ts";
import { valued } from "./valued.ts";

/**
 * Declares what `sulcus run` takes: the name of an experiment, a file that describes a run or several, or a folder to go on in.
 *
 * @param library which experiments there are
 */
export function declareRun(run: Command, context: Context, library: Library): void {
  run
    .enablePositionalOptions()
    .argument("[file]", "run what a file describes: config.yaml of a run folder (or the folder), or a run of your own")
    .hook("preSubcommand", (_, experiment) => refuseBefore(run, experiment))
    .action((file: string | undefined) => start(run, { file, context }))
    .addHelpText("after", "\nExample:\n  sulcus run gevb --rule gevb,bp --epochs 5 --seeds 1..3");
  const own = library.get("experiment", ownCircuit);
  declareSettings(run, settingOptions(own, library), "of a file: ");
  declareManipulations(run, own);
  declareShared(run, "go on with any interrupted run", "of a file: any part of what it describes, the value in YAML");
  for (const experiment of library.list("experiment")) declareExperiment(run, experiment, library, context);
}

function declareExperiment(run: Command, experiment: KindIn<"experiment">, library: Library, context: Context): void {
  const { kind, summary, examples = [] } = experiment;
  const command = run.command(kind).description(summary);
  declareSettings(command, settingOptions(experiment, library));
  declareManipulations(command, experiment);
  const resumption = `go on with an interrupted run: sulcus run ${kind} --resume <dir>`;
  declareShared(command, resumption, "any setting by its name, the value in YAML");
  command.addOption(valued("--config <file>", "settings in YAML; --set and options win over it"));
  if (examples.length > 0)
    command.addHelpText(
      "after",
      `\nExample${examples.length > 1 ? "s" : ""}:\n${examples.map((words) => `  sulcus run ${words}`).join("\n")}`,
    );
  command.action(() => start(command, { named: kind, context }));
}

function declareShared(command: Command, resumption: string, assignment: string): void {
  command
    .addOption(valued("--seed <n>", "seed of every random stream"))
    .addOption(valued("--seeds <list>", "several seeds, a run each: 1..5 or 1,3,5"))
    .addOption(valued("--out <dir>", "folder to write the run to"))
    .addOption(valued("--resume <dir>", resumption))
    .option("--set <key=value...>", assignment)
    .option("--json", "one JSON object a line on stdout for every event, and nothing else")
    .addOption(workersOption())
    .addOption(dryRunOption())
    .addOption(useOption())
    .addOption(trustOption());
}

/** Options before the name of an experiment would be of no effect. */
function refuseBefore(run: Command, experiment: Command): void {
  const given = givenOptions(run);
  const early = run.options.find((option) => Object.hasOwn(given, option.attributeName()));
  if (early)
    throw new UsageError(
      `option ${early.long} comes after the command it belongs to: ${fullName(experiment)} ${early.long}`,
    );
}

interface Started {
  readonly named?: string;
  readonly file?: string | undefined;
  readonly context: Context;
}

async function start(command: Command, { named, file, context }: Started): Promise<void> {
  const { streams } = context;
  const given = givenOptions(command);
  if (given.resume !== undefined) {
    if (file !== undefined)
      throw new UsageError(
        "--resume goes on with the run in a folder and takes no file besides; leave one of them out",
      );
    return goOn(command, given, context, named);
  }
  if (named === undefined && file === undefined) throw missingWord(command);
  const workers = givenWorkers(given);
  const out = given.out as string | undefined;
  if (out !== undefined) (await import("../folders.ts")).requireFolderOrRoom("--out", out);
  const { backend, asked } = await readRequest({ command, given, context, named, file });
  const told = { streams, json: given.json === true, ...workers };
  if (given.dryRun === true) return tellForecasts(await backend.forecast(asked), told);
  const placed = { ...workers, ...(out === undefined ? {} : { out }) };
  return trainExperiment(told, (control) => backend.run(asked, { ...control, ...placed }));
}

/** Goes on with what is in a folder. */
export async function goOn(command: Command, given: Given, context: Context, named?: string): Promise<void> {
  refuseBesideResume(command, given);
  const folder = given.resume as string;
  const { requireFolder } = await import("../folders.ts");
  requireFolder("--resume", folder);
  const workers = givenWorkers(given);
  const backend = await context.open(pluginsAsked(given), folder);
  return trainExperiment({ streams: context.streams, json: given.json === true, ...workers }, (control) =>
    backend.resume(named, folder, { ...control, ...workers }),
  );
}
