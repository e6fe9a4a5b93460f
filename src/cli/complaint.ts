import { existsSync } from "node:fs";
import type { Command, CommanderError } from "commander";
import { didYouMean, UsageError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";

/** The name a person types for a command: "sulcus run gevb". */
export function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

/**
 * The command that the leading words of the arguments name. Commander would answer some wrong words with a page of help
 * instead of a sentence, so the words are looked up before it sees them.
 *
 * @throws UsageError on an unknown or missing word.
 */
export function selectedCommand(program: Command, argv: readonly string[]): Command {
  let command = program;
  for (const word of argv) {
    if (command.commands.length === 0 || word.startsWith("-")) return command;
    const names = command.commands.map((sub) => sub.name());
    const next = command.commands.find((sub) => sub.name() === word);
    if (!next && command.registeredArguments.length > 0 && isPath(word)) return command;
    if (!next) {
      const given = `unknown ${wordFor(command)} ${shown(word)}`;
      const file = isPath(word) && names.includes("circuit") ? `; for a file say circuit --config ${word}` : "";
      throw new UsageError(`${given}${didYouMean(word, names)}; known: ${names.join(", ")}${file}`);
    }
    command = next;
  }
  if (command.commands.length > 0) throw missingWord(command);
  return command;
}

/** Whether a word that is no name is meant as a file or folder. */
const isPath = (word: string): boolean => /[./\\]/.test(word) || existsSync(word);

/** What Commander found wrong, as one sentence with what was given, what is expected and the nearest valid name. */
export function complaint(command: Command, error: CommanderError): UsageError {
  switch (error.code) {
    case "commander.help":
      return missingWord(command);
    case "commander.unknownOption":
      return unknownOption(command, between(error.message, "'"));
    case "commander.optionMissingArgument":
      return new UsageError(`${between(error.message, "'")}: got nothing, expected a value`);
    case "commander.missingArgument":
      return new UsageError(`<${between(error.message, "'")}> is missing, expected ${usage(command)}`);
    case "commander.excessArguments": {
      const extra = shown(command.args[command.registeredArguments.length] ?? "");
      return new UsageError(`got ${extra} in addition, expected ${usage(command)}`);
    }
    default:
      return new UsageError(`${error.message.replace(/^error: /, "")}`);
  }
}

/** Whether the word after a command names an experiment. */
export const takesExperiment = (command: Command | null): boolean =>
  command?.name() === "run" || command?.name() === "sweep";

const wordFor = (command: Command) => (takesExperiment(command) ? "experiment" : "command");

const usage = (command: Command) => `${fullName(command)} ${command.usage()}`;

/** What is wrong where a word that names a command or experiment is missing. */
export function missingWord(command: Command): UsageError {
  const names = command.commands.map((sub) => sub.name()).join(", ");
  const name = fullName(command);
  return new UsageError(`no ${wordFor(command)} after "${name}", expected one of ${names}; see ${name} --help`);
}

function unknownOption(command: Command, given: string): UsageError {
  const [flag, ...value] = given.split("=") as [string, ...string[]];
  const known = optionNames(command);
  // Commander calls a flag unknown, too, where it is given a value.
  if (value.length > 0 && known.includes(flag)) {
    return new UsageError(`${flag} takes no value: got ${shown(value.join("="))}, expected ${flag} alone`);
  }
  const owner = command.commands
    .flatMap((sub) => [sub, ...sub.commands])
    .find((sub) => optionNames(sub).includes(flag));
  if (owner && flag !== "--help") {
    return new UsageError(`option ${flag} comes after the command it belongs to: ${fullName(owner)} ${flag}`);
  }
  const what = `unknown option ${shown(flag)} of ${fullName(command)}`;
  const settings = known.includes("--set") ? "; for other settings use --set key=value" : "";
  return new UsageError(`${what}${didYouMean(flag, known)}; known: ${known.join(", ")}${settings}`);
}

function optionNames(command: Command): string[] {
  const options = command.createHelp().visibleOptions(command);
  return options.flatMap((option) => option.long ?? []);
}

/** What stands between the first and the last quote. */
function between(message: string, quote: string): string {
  return message.slice(message.indexOf(quote) + 1, message.lastIndexOf(quote));
}
