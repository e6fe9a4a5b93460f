import type { Command } from "commander";
import { lookUp, UsageError } from "../../kinds/errors.ts";
import type { ExperimentName } from "../backend.ts";
import { fullName, missingWord } from "../complaint.ts";
import { declareManipulations } from "../manipulation-options.ts";
import type { RecordedFile } from "../recorded-run.ts";
import { trainExperiment } from "../training.ts";
import type { Context } from "./context.ts";
import { tellForecasts } from "./dry-run.ts";
import { type Given, givenOptions, givenWorkers, refuseBesideResume, settingsOver } from "./given.ts";
import { settingOptions } from "./setting-options.ts";
import { valued } from "./valued.ts";
import { workersOption } from "./workers-option.ts";

/**
 * Declares what `sulcus run` does without the name of an experiment: it runs what a file describes, or goes on with a
 * folder.
 */
export function declareRunFile(run: Command, context: Context): void {
  declareManipulations(run);
  run
    .enablePositionalOptions()
    .argument("[file]", "run what a file describes: config.yaml of a run folder (or the folder), or a run of your own")
    .addOption(valued("--epochs <n>", "of a file: passes over the training stimuli"))
    .addOption(valued("--seed <n>", "of a file: seed of every random stream"))
    .addOption(valued("--limit <n>", "of a file: training stimuli to use"))
    .addOption(valued("--device <name>", "of a file: device, see sulcus devices"))
    .addOption(valued("--provider <name>", "of a file: contraction provider, see sulcus devices"))
    .option("--set <key=value...>", "of a file: any part of what it describes, the value in YAML")
    .addOption(valued("--out <dir>", "folder to write the run to"))
    .addOption(valued("--resume <dir>", "go on with any interrupted run"))
    .addOption(workersOption())
    .option("--json", "one JSON object a line on stdout for every event, and nothing else")
    .hook("preSubcommand", (_, experiment) => refuseBefore(run, experiment))
    .action((file: string | undefined) => start(run, file, context));
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

async function start(command: Command, file: string | undefined, context: Context): Promise<void> {
  const given = givenOptions(command);
  if (given.resume !== undefined) return goOn(command, file, given, context);
  if (file === undefined) throw missingWord(command);
  const what = "sulcus run";
  const { readRecorded } = await import("../recorded-run.ts");
  return runFile(command, { what, read: await readRecorded(file, what), given, context });
}

async function goOn(command: Command, file: string | undefined, given: Given, { streams, backend }: Context) {
  if (file !== undefined)
    throw new UsageError("--resume goes on with the run in a folder and takes no file besides; leave one of them out");
  refuseBesideResume(command, given);
  const folder = given.resume as string;
  const { requireFolder } = await import("../folders.ts");
  requireFolder("--resume", folder);
  const workers = givenWorkers(given);
  return trainExperiment(undefined, { streams, json: given.json === true, ...workers }, (control) =>
    backend.resume(undefined, folder, { ...control, ...workers }),
  );
}

interface FileRun {
  /** Which argument names the file, for messages. */
  readonly what: string;
  /** What `readRecorded` found in it. */
  readonly read: RecordedFile;
  readonly given: Given;
  readonly context: Context;
  /** The experiment that has to be the file's; absent: any. */
  readonly named?: ExperimentName;
}

/** Runs what a file describes once more: a single run, or all runs of a collection or sweep. */
export async function runFile(command: Command, { what, read, given, context, named }: FileRun): Promise<void> {
  const { streams, backend } = context;
  const [{ runOfFile }, { requireFolderOrRoom }] = await Promise.all([
    import("../recorded-run.ts"),
    import("../folders.ts"),
  ]);
  const { file, recorded } = read;
  if (recorded.kind === "settings")
    throw new UsageError(
      `${file} holds settings, and not of which experiment; give them to one, such as sulcus run gevb --config ${file}`,
    );
  const experiment = recorded.kind === "run" ? recorded.naming?.experiment : recorded.experiment;
  if (named !== undefined && experiment !== named)
    throw new UsageError(
      `${what}: ${file} is the configuration of ${experiment === undefined ? "a run of your own" : `"${experiment}"`}, not of ${named}; run it by sulcus run ${file}`,
    );
  const out = given.out as string | undefined;
  if (out !== undefined) requireFolderOrRoom("--out", out);
  const workers = givenWorkers(given);
  const placed = { ...workers, ...(out === undefined ? {} : { out }) };
  const told = { streams, json: given.json === true, ...workers };
  if (recorded.kind === "run") {
    const run = runOfFile(file, recorded, command, given);
    return trainExperiment(undefined, told, (control) => backend.rerun(run, { ...control, ...placed }));
  }
  const { experimentConfigs } = await import("../../papers/experiment-configs.ts");
  lookUp(`${file}: experiment`, recorded.experiment, experimentConfigs);
  const name = recorded.experiment as ExperimentName;
  const sweep = recorded.sweep && (await sweepIn(file, recorded.sweep));
  const settings = await settingsOver(
    { name: file, settings: recorded.settings },
    name,
    given,
    await settingOptions(given),
  );
  if (given.dryRun === true) return tellForecasts(await backend.forecast(name, settings, sweep), told);
  return trainExperiment(name, told, (control) =>
    sweep === undefined
      ? backend.run(name, settings, { ...control, ...placed })
      : backend.sweep(name, sweep, settings, { ...control, ...placed }),
  );
}

/** Values of swept settings, as config.yaml has them. */
export async function sweepIn(file: string, sweep: object) {
  const [{ Sweep }, { parseDescription }] = await Promise.all([
    import("../../runs/sweep.ts"),
    import("../../kinds/plain-data.ts"),
  ]);
  return parseDescription(`${file}, sweep`, Sweep, sweep);
}
