import { Command, CommanderError } from "commander";
import { packageVersion } from "../runs/package-version.ts";
import type { Backend, ExperimentName } from "./backend.ts";
import type { Context } from "./commands/context.ts";
import { declareData } from "./commands/data.ts";
import { declareDevices } from "./commands/devices.ts";
import { declareList } from "./commands/list.ts";
import { declareRecord } from "./commands/record.ts";
import { declareReport } from "./commands/report.ts";
import { declareRun } from "./commands/run.ts";
import { declareSweep } from "./commands/sweep.ts";
import { declareUnlock } from "./commands/unlock.ts";
import { complaint, selectedCommand, takesExperiment } from "./complaint.ts";
import { exitCodes, outcomeOf } from "./outcome.ts";
import type { Streams } from "./streams.ts";

/**
 * The `sulcus` command: parses the arguments, asks the backend, writes to the streams.
 *
 * @param argv Arguments after the name of the program.
 * @returns The exit code: 0 done, 1 failed, 2 wrong usage, 128 and its number where a signal has stopped it. Never throws.
 */
export async function main(argv: readonly string[], streams: Streams, backend: Backend): Promise<number> {
  try {
    await perform(argv, { streams, backend });
    return exitCodes.done;
  } catch (error) {
    const { line, code } = outcomeOf(error);
    streams.stderr.write(`${line}\n`);
    if (process.env.SULCUS_DEBUG === "1" && error instanceof Error) streams.stderr.write(`${error.stack}\n`);
    return code;
  }
}

async function perform(argv: readonly string[], context: Context): Promise<void> {
  // "sulcus help run gevb" is "sulcus run gevb --help".
  const words = argv[0] === "help" ? [...argv.slice(1), "--help"] : [...argv];
  const program = declared(context);
  const selected = selectedCommand(program, words);
  if (takesExperiment(selected.parent)) await describeSettings(selected);
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    const helped = error instanceof CommanderError && error.exitCode === 0;
    if (!helped) throw error;
  }
}

/** The settings and their defaults belong into the help of an experiment, but reading their schema takes time. */
async function describeSettings(experiment: Command): Promise<void> {
  const [{ settingsHelp }, { experimentConfigs }] = await Promise.all([
    import("./settings-help.ts"),
    import("../papers/experiment-configs.ts"),
  ]);
  const name = experiment.name() as ExperimentName;
  experiment.addHelpText("after", settingsHelp(experimentConfigs[name], name === "quickstart" ? ["rule"] : []));
}

function declared(context: Context): Command {
  const program = new Command("sulcus")
    .description("Circuits of rate neurons under biological constraints: could the brain do it this way?")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    // Options after a command are its own: sulcus sweep gevb --json, where sulcus sweep has a --json too.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => void context.streams.stdout.write(text),
      // What is wrong is told in one line by main(), not by Commander.
      writeErr: () => {},
      outputError: () => {},
    })
    .showSuggestionAfterError(false)
    .addHelpText("after", "\nExample:\n  sulcus run quickstart");
  declareRun(program, context);
  declareSweep(program, context);
  declareList(program, context);
  declareDevices(program, context);
  declareRecord(program, context);
  declareReport(program, context);
  declareUnlock(program, context);
  declareData(program, context);
  overrideExit(program);
  return program;
}

/** Each command turns what Commander throws into a sentence that names the command itself. */
function overrideExit(command: Command): void {
  command.exitOverride((error) => {
    throw error.exitCode === 0 ? error : complaint(command, error);
  });
  for (const sub of command.commands) overrideExit(sub);
}
