import { join } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../kinds/errors.ts";
import type { Plain, Recorded } from "../runs/recorded.ts";
import type { RunOfFile } from "../runs/rerun.ts";
import { assigned } from "./assignment.ts";
import { readConfigurationFile } from "./configuration-file.ts";
import { isFolder } from "./folders.ts";
import { givenManipulations, manipulationOptions } from "./manipulation-options.ts";
import { parseAssignment, parseNumber } from "./settings.ts";

/** What options set in a run whose circuit, task and rule are written out, by the names that Commander gives them. */
const settable: Readonly<Record<string, string>> = {
  epochs: "epochs",
  seed: "seed",
  limit: "task.limit",
  batch: "batch",
  representation: "representation",
  from: "from",
  device: "device",
  provider: "provider",
  accelerators: "accelerators",
};
const numbers = new Set(["epochs", "seed", "limit", "batch", "representation"]);

/** What says nothing of the run itself. */
const beside = ["out", "json", "workers", "config", "set", ...manipulationOptions];

/** A file and what stands in it. */
export interface RecordedFile {
  readonly file: string;
  readonly recorded: Recorded;
}

/**
 * What a file holds, or config.yaml of a folder.
 *
 * @param what which argument names it, for messages: "--config"
 */
export async function readRecorded(path: string, what: string): Promise<RecordedFile> {
  const { recordedIn } = await import("../runs/recorded.ts");
  const file = isFolder(path) ? join(path, "config.yaml") : path;
  return { file, recorded: recordedIn(file, readConfigurationFile(file, what)) };
}

/**
 * A single run out of a file, with what options and assignments change in it.
 *
 * @throws UsageError for an option that such a run cannot take
 */
export function runOfFile(
  file: string,
  recorded: Extract<Recorded, { kind: "run" }>,
  command: Command,
  given: Plain,
): RunOfFile {
  const { naming, description: written } = recorded;
  const strange = command.options.find((option) => {
    const name = option.attributeName();
    return Object.hasOwn(given, name) && !Object.hasOwn(settable, name) && !beside.includes(name);
  });
  if (strange) {
    const flags = command.options.filter((option) => Object.hasOwn(settable, option.attributeName()));
    throw new UsageError(
      `${strange.long} cannot be given with the configuration of a single run, in which circuit, task and rule are written out; what can be changed: ${flags.map(({ long }) => long).join(", ")}, and any part by --set, such as --set optimiser.rate=0.001`,
    );
  }
  let description: unknown = written;
  for (const text of (given.set as string[] | undefined) ?? []) {
    const { path, value } = parseAssignment(text);
    description = assigned(description, path, value, "run");
  }
  for (const [name, path] of Object.entries(settable)) {
    if (!Object.hasOwn(given, name)) continue;
    const value = numbers.has(name) ? parseNumber(given[name] as string) : given[name];
    description = assigned(description, path.split("."), value, "run");
  }
  const manipulations = givenManipulations(given);
  if (manipulations) description = assigned(description, ["manipulations"], manipulations, "run");
  return { file, ...(naming && { naming }), written, description: description as Plain };
}
