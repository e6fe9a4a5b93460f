import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { UsageError } from "../kinds/errors.ts";
import { type Description, partOf } from "../kinds/kind.ts";
import type { Library } from "../kinds/library.ts";
import { ruleInWords } from "../plasticity/rules/rule-in-words.ts";
import { parseRun, type RunDescription } from "../training/run-description.ts";
import { runFiles } from "./record/run-files.ts";
import { openRunFolder, readConfig } from "./record/run-folder.ts";

/** Which experiment a run belongs to, and what it is called in tables. */
export interface RunNaming {
  readonly experiment: string;
  readonly label: string;
  /** What it has in common with runs that differ in the seed alone, as tables call it; absent: the label. */
  readonly condition?: string | undefined;
}

/** What a run is called that is run again: as it was, or, with another rule, by that rule. */
export function namingByRule(naming: RunNaming, before: unknown, now: unknown): RunNaming {
  if (isDeepStrictEqual(before, now)) return naming;
  return { experiment: naming.experiment, label: ruleInWords(partOf(now as Description)) };
}

/**
 * What config.yaml of a run folder says.
 *
 * @throws UsageError where the folder holds no run, or several; DataError where its configuration is damaged
 */
export async function readRunConfig(
  folder: string,
  library: Library,
): Promise<RunNaming & { description: RunDescription; environment: Record<string, string> }> {
  await openRunFolder(folder);
  const config = await readConfig(folder);
  const { experiment, label, condition, run: plain, environment } = config;
  if (typeof experiment !== "string" || typeof label !== "string" || plain === undefined)
    throw new UsageError(
      `${join(folder, runFiles.config)} is not the configuration of a single run; give the folder of one, it has the keys experiment, label and run`,
    );
  const description = parseRun(plain, library, join(folder, runFiles.config));
  const naming = { experiment, label, ...(typeof condition === "string" ? { condition } : {}) };
  return { ...naming, description, environment: (environment ?? {}) as Record<string, string> };
}
