import { Command, CommanderError } from "commander";
import type { Library } from "../kinds/library.ts";
import { packageVersion } from "../runs/package-version.ts";
import type { OpenBackend } from "./backend.ts";
import type { Context } from "./commands/context.ts";
import { declareData } from "./commands/data.ts";
import { declareDevices } from "./commands/devices.ts";
import { pluginsIn } from "./commands/given.ts";
import { declareList } from "./commands/list.ts";
import { declareRecord } from "./commands/record.ts";
import { declareReport } from "./commands/report.ts";
import { declareUnlock } from "./commands/unlock.ts";
import { declareWeights } from "./commands/weights.ts";
import { complaint, selectedCommand, takesExperiment } from "./complaint.ts";
import { exitCodes, outcomeOf } from "./outcome.ts";
import type { Streams } from "./streams.ts";

/**
 * The `sulcus` command: parses the arguments, asks the backend, writes to the streams.
 *
 * @param argv Arguments after the name of the program.
 * @returns The exit code: 0 done, 1 failed, 2 wrong usage, 128 and its number where a signal has stopped it. Never throws.
 */
export async function main(argv: readonly string[], streams: Streams, open: OpenBackend): Promise<number> {
  try {
    await perform(argv, { streams, open });
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
  // Which experiments there are, and their options, is known only when Sulcus is loaded.
  const word = program.commands.find((command) => command.name() === words[0] && takesExperiment(command));
  const library = word && (await context.open(pluginsIn(words))).library;
  if (word && library) await declareExperiments(word, context, library);
  overrideExit(program);
  const selected = selectedCommand(program, words);
  if (library && selected.parent === word) {
    const { settingsHelp } = await import("./settings-help.ts");
    selected.addHelpText("after", settingsHelp(library.get("experiment", selected.name()).settings));
  }
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    const helped = error instanceof CommanderError && error.exitCode === 0;
    if (!helped) throw error;
  }
}

/** Loads what it takes to run experiments: --help and the other commands do without. */
async function declareExperiments(command: Command, context: Context, library: Library): Promise<void> {
  if (command.name() === "run") (await import("./commands/run.ts")).declareRun(command, context, library);
  else (await import("./commands/sweep.ts")).declareSweep(command, context, library);
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
  program.command("run").description("run an experiment, or what a file describes");
  program
    .command("sweep")
    .description("run an experiment with several values of its settings: every combination from every seed");
  declareList(program, context);
  declareDevices(program, context);
  declareRecord(program, context);
  declareReport(program, context);
  declareWeights(program, context);
  declareUnlock(program, context);
  declareData(program, context);
  return program;
}

/** Each command turns what Commander throws into a sentence that names the command itself. */
function overrideExit(command: Command): void {
  command.exitOverride((error) => {
    throw error.exitCode === 0 ? error : complaint(command, error);
  });
  for (const sub of command.commands) overrideExit(sub);
}
