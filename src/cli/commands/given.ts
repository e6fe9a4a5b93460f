import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import type { PluginsAsked } from "../backend.ts";
import { valued } from "./valued.ts";

/** Options as the command line gave them, by the names that Commander gives them. */
export type Given = Readonly<Record<string, unknown>>;

/** The options on the command line, without those that Commander fills in itself (a --no-x is true unless given). */
export function givenOptions(command: Command): Given {
  const entries = Object.entries(command.opts<Record<string, unknown>>());
  return Object.fromEntries(entries.filter(([name]) => command.getOptionValueSource(name) === "cli"));
}

/** What may stand beside --resume: how it is told and computed, but nothing that results depend on. */
const besideResume = ["resume", "json", "workers", "use", "trustChanged"];

/** @throws UsageError naming the first option that is a setting, which a resumed run takes from its folder */
export function refuseBesideResume(command: Command, given: Given): void {
  const other = command.options.find((option) => {
    const name = option.attributeName();
    return Object.hasOwn(given, name) && !besideResume.includes(name);
  });
  if (!other) return;
  const reason = "since a resumed run takes its settings from config.yaml in its folder";
  throw new UsageError(`${other.long} cannot be given with --resume, ${reason}`);
}

/** How many runs shall go on at a time; nothing where --workers was not given. */
export function givenWorkers({ workers: text }: Given): { workers?: number } {
  if (text === undefined) return {};
  const workers = Number(text);
  if (/^\d+$/.test(text as string) && Number.isSafeInteger(workers) && workers > 0) return { workers };
  const cores = availableParallelism();
  throw new UsageError(
    `--workers: got ${shown(text)}, expected a whole number of at least 1; of use are as many as there are cores, here ${cores}`,
  );
}

/** The option of commands that run several runs. */
export const workersOption = (): Option =>
  valued("--workers <n>", "runs that go on at a time, each in a process of its own; at most the number of cores");

/** The option of every command that reads descriptions. */
export const useOption = (): Option =>
  new Option(
    "--use <module>",
    "plug-in with kinds of your own: ./mine.ts, .js, .mjs, or a package; repeatable",
  ).argParser((value: string, before: string[] = []) => {
    if (value.startsWith("--")) throw new UsageError(`--use <module>: got the option ${shown(value)} as its value`);
    return [...before, value];
  });

/** The option of every command that goes on with what a folder or file has recorded. */
export const trustOption = (): Option =>
  new Option("--trust-changed", "take plug-ins that have changed since a run used them, and record that");

/** Plug-ins that options ask for. */
export function pluginsAsked({ use, trustChanged }: Given): PluginsAsked {
  return { use: use as string[] | undefined, trustChanged: trustChanged === true };
}

/** The same before Commander has read the arguments, since which commands and options there are may depend on it. */
export function pluginsIn(argv: readonly string[]): PluginsAsked {
  const use = argv.flatMap((word, index) => {
    if (word.startsWith("--use=")) return [word.slice("--use=".length)];
    const value = argv[index + 1];
    return word === "--use" && value !== undefined && !value.startsWith("--") ? [value] : [];
  });
  return { use };
}
