import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { largestSeed } from "../../compute/random-state.ts";
import { UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import type { ExperimentName } from "../backend.ts";

/** Options as the command line gave them, by the names that Commander gives them. */
export type Given = Readonly<Record<string, unknown>>;

/** The options on the command line, without those that Commander fills in itself (a --no-x is true unless given). */
export function givenOptions(command: Command): Given {
  const entries = Object.entries(command.opts<Record<string, unknown>>());
  return Object.fromEntries(entries.filter(([name]) => command.getOptionValueSource(name) === "cli"));
}

/** What may stand beside --resume: how it is told and computed, but nothing that results depend on. */
const besideResume = ["resume", "json", "workers"];

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

/** Settings that a file holds, and those that it sweeps, where it is the configuration of a sweep. */
interface SettingsFile {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly sweep?: Readonly<Record<string, unknown>>;
}

/**
 * What --config names: settings, or the configuration of a collection or sweep of the experiment.
 *
 * @throws UsageError for the configuration of a single run, or of another experiment
 */
export async function givenFile(experiment: ExperimentName, given: Given): Promise<SettingsFile | undefined> {
  const path = given.config as string | undefined;
  if (path === undefined) return undefined;
  const { readRecorded } = await import("../recorded-run.ts");
  const { file, recorded } = await readRecorded(path, "--config");
  if (recorded.kind === "settings") return { name: file, settings: recorded.settings };
  if (recorded.kind === "run")
    throw new UsageError(
      `--config: ${file} is the configuration of a single run, of which there is nothing to sweep; run it again by sulcus run ${file}`,
    );
  if (recorded.experiment !== experiment)
    throw new UsageError(
      `--config: ${file} is the configuration of "${recorded.experiment}", not of ${experiment}; run it again by sulcus run ${file}`,
    );
  const { settings, sweep } = recorded;
  return { name: file, settings, ...(sweep && { sweep }) };
}

/**
 * Settings out of the configuration file, the assignments, --seed, and other options that were given.
 *
 * @param options settings that options gave, as plain data
 */
export async function givenSettings(
  experiment: ExperimentName,
  given: Given,
  options: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  return settingsOver(await givenFile(experiment, given), experiment, given, options);
}

/** The same with the content of a file, where there is one. */
export async function settingsOver(
  file: SettingsFile | undefined,
  experiment: ExperimentName,
  given: Given,
  options: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const [{ resolveSettings, parseNumber }, { experimentConfigs }] = await Promise.all([
    import("../settings.ts"),
    import("../../papers/experiment-configs.ts"),
  ]);
  return resolveSettings(experimentConfigs[experiment], {
    ...(file && { file }),
    assignments: (given.set as string[] | undefined) ?? [],
    options: { ...options, ...(given.seed === undefined ? {} : { seeds: [theSeed(given, parseNumber)] }) },
  });
}

/** The one seed that --seed names. */
function theSeed(given: Given, parseNumber: (text: string) => number | string): number {
  if (given.seeds !== undefined)
    throw new UsageError("--seed and --seeds cannot be given together; --seed 3 is one seed, --seeds 1..5 are several");
  const seed = parseNumber(given.seed as string);
  if (typeof seed === "number" && Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new UsageError(
    `--seed: got ${shown(given.seed)}, expected a whole number from 0 to ${largestSeed}; for several seeds use --seeds`,
  );
}
