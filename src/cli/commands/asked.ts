import type { Command } from "commander";
import { UsageError } from "../../kinds/errors.ts";
import type { KindIn } from "../../kinds/kind.ts";
import type { Plain, Recorded } from "../../runs/recorded.ts";
import type { RunNaming } from "../../runs/run-config.ts";
import type { Sweep } from "../../runs/sweep.ts";
import { settingsWithMeasures } from "../../training/measure-settings.ts";
import type { Asked, Backend } from "../backend.ts";
import type { SettingValue } from "../settings.ts";
import type { Context } from "./context.ts";
import { type Given, pluginsAsked } from "./given.ts";
import { givenManipulationSetting, manipulationOptions } from "./manipulation-options.ts";
import {
  givenSeeds,
  givenSettings,
  givenSweep,
  isWhole,
  settingOptions,
  sweepable,
  sweepInAssignments,
} from "./setting-options.ts";

/** The experiment whose settings are a run description. */
export const ownCircuit = "circuit";

/** What a command asks for, and who can do it. */
export interface Request {
  readonly backend: Backend;
  readonly asked: Asked;
}

interface Words {
  readonly command: Command;
  readonly given: Given;
  readonly context: Context;
  /** The experiment that the command names; absent: the file's. */
  readonly named?: string | undefined;
  /** A file that is no --config. */
  readonly file?: string | undefined;
  /** Whether options have several values. */
  readonly sweeping?: boolean;
}

/**
 * Reads a request out of the options of `sulcus run` and `sulcus sweep`, and of the file that they name: settings, the
 * configuration of a run or collection, or a run of one's own.
 *
 * @throws UsageError for what makes no sense
 */
export async function readRequest(words: Words): Promise<Request> {
  const { given, context, named, sweeping = false } = words;
  const config = given.config as string | undefined;
  const path = words.file ?? config;
  const what = words.file === undefined ? "--config" : "sulcus run";
  if (path === undefined) return completed(words, await context.open(pluginsAsked(given)), { name: named! });
  const { readRecorded } = await import("../recorded-run.ts");
  const { own, rest } = await forModule(path, given, sweeping);
  const { file, recorded, use } = await readRecorded(path, what, own);
  const backend = await context.open(pluginsAsked(given), { file, use });
  const parts = { ...partsOf(recorded, { file, what, named, sweeping }), file };
  return completed({ ...words, given: { ...given, ...(rest && { set: rest }) } }, backend, parts);
}

/** Assignments to what is no part of a run, which the function of a module takes, apart from all others. */
async function forModule(path: string, given: Given, sweeping: boolean): Promise<{ own: Plain; rest?: string[] }> {
  const assignments = given.set as string[] | undefined;
  const { isModule } = await import("../../runs/plugins/described-module.ts");
  if (assignments === undefined || !isModule(path)) return { own: {} };
  const [{ circuitExperiment }, { parseAssignment }, { parseSweepValues }] = await Promise.all([
    import("../../runs/circuit-experiment.ts"),
    import("../settings.ts"),
    import("../../runs/sweep-values.ts"),
  ]);
  const isOwn = (assignment: string) => {
    const [root] = parseAssignment(assignment).path;
    return !Object.hasOwn(circuitExperiment.settings.shape, root!);
  };
  const own = assignments.filter(isOwn).map(parseAssignment);
  for (const { path: names, value } of own) {
    const values = sweeping && typeof value === "string" ? parseSweepValues(value) : [];
    const several = Array.isArray(values) && values.length > 1;
    if (names.length > 1 || several)
      throw new UsageError(
        `${names.join(".")}: ${several ? "got several values of" : "got a part of"} a setting of the function in ${path}, which is called once with whole settings; set parts of the run, such as --set optimiser.rate=0.001, or make it an experiment of your own`,
      );
  }
  return {
    own: Object.fromEntries(own.map(({ path: [name], value }) => [name!, value])),
    rest: assignments.filter((assignment) => !isOwn(assignment)),
  };
}

/** What is known before the options are looked at. */
interface Parts {
  readonly name: string;
  readonly settings?: Plain;
  readonly sweep?: Plain | undefined;
  readonly naming?: RunNaming | undefined;
  readonly file?: string;
}

function partsOf(
  recorded: Recorded,
  { file, what, named, sweeping }: { file: string; what: string; named: string | undefined; sweeping: boolean },
): Parts {
  const otherwise = (whose: string) =>
    new UsageError(`${what}: ${file} is the configuration of ${whose}, not of ${named}; run it by sulcus run ${file}`);
  if (recorded.kind === "settings") {
    if (named !== undefined) return { name: named, settings: recorded.settings };
    throw new UsageError(
      `${file} holds settings, and not of which experiment; give them to one, such as sulcus run gevb --config ${file}`,
    );
  }
  if (recorded.kind === "collection") {
    const { experiment: name, settings, sweep } = recorded;
    if (named !== undefined && name !== named) throw otherwise(`"${name}"`);
    return { name, settings, sweep };
  }
  const { naming, description: settings } = recorded;
  if (named === ownCircuit) return { name: ownCircuit, settings };
  if (sweeping)
    throw new UsageError(
      `${what}: ${file} is the configuration of a single run, whose circuit, task and rule are written out; sweep over parts of it by sulcus sweep ${ownCircuit} --config ${file}`,
    );
  if (named !== undefined && naming?.experiment !== named)
    throw otherwise(naming === undefined ? "a run of your own" : `"${naming.experiment}"`);
  return { name: ownCircuit, settings, naming };
}

async function completed(
  { command, given, named, sweeping = false }: Words,
  backend: Backend,
  { name, settings: recorded, sweep: recordedSweep, naming, file }: Parts,
): Promise<Request> {
  const { resolveSettings } = await import("../settings.ts");
  const experiment = backend.library.get("experiment", name, file === undefined ? "" : `${file}: `);
  const options = settingOptions(experiment, backend.library);
  refuseStrange(command, given, { experiment, named, options: options.map(({ attribute }) => attribute) });
  const swept = sweeping ? sweepable(options) : [];
  const { sweep: assigned, rest: assignments } = sweeping
    ? sweepInAssignments((given.set as string[] | undefined) ?? [], experiment)
    : { sweep: {}, rest: (given.set as string[] | undefined) ?? [] };
  const sweep =
    sweeping || recordedSweep !== undefined
      ? { ...(await sweepIn(file, recordedSweep)), ...givenSweep(given, swept), ...assigned }
      : undefined;
  const settings = resolveSettings(
    settingsWithMeasures(experiment.settings, backend.library),
    {
      file: file === undefined ? undefined : { name: file, settings: recorded ?? {} },
      wholes: givenSettings(given, options.filter(isWhole)),
      assignments,
      options: [
        ...givenSettings(
          given,
          options.filter((option) => !swept.includes(option) && !isWhole(option)),
        ),
        ...givenSeeds(given, sweeping),
        ...givenManipulationSetting(given),
      ] satisfies SettingValue[],
    },
    sweep === undefined,
  );
  const called =
    naming && (await import("../../runs/run-config.ts")).namingByRule(naming, recorded!.rule, settings.rule);
  return {
    backend,
    asked: {
      experiment: name,
      settings,
      ...(sweep && { sweep }),
      ...(called && { naming: called, owner: file }),
      ...(name === ownCircuit && file !== undefined && { owner: file }),
    },
  };
}

/** What says nothing of an experiment's settings. */
const beside = ["out", "json", "workers", "config", "set", "use", "trustChanged", "dryRun", "seed", "seeds"];

/** @throws UsageError for an option that the experiment of a file does not have */
function refuseStrange(
  command: Command,
  given: Given,
  { experiment, named, options }: { experiment: KindIn<"experiment">; named: string | undefined; options: string[] },
): void {
  const { kind } = experiment;
  if (kind === named) return;
  const strange = command.options.find((option) => {
    const name = option.attributeName();
    const manipulates = manipulationOptions.includes(name) && Object.hasOwn(experiment.settings.shape, "manipulations");
    return Object.hasOwn(given, name) && !options.includes(name) && !beside.includes(name) && !manipulates;
  });
  if (!strange) return;
  const known = command.options
    .filter((option) => ["seed", ...options].includes(option.attributeName()))
    .map(({ long }) => long);
  const whole =
    kind === ownCircuit
      ? "the configuration of a single run, in which circuit, task and rule are written out"
      : `settings of ${kind}`;
  throw new UsageError(
    `${strange.long} cannot be given with ${whole}; what can be changed: ${known.join(", ")}, and any part by --set, such as --set ${kind === ownCircuit ? "optimiser.rate=0.001" : "rate=0.001"}`,
  );
}

/** Values of swept settings, as config.yaml has them. */
async function sweepIn(file: string | undefined, sweep: Plain | undefined): Promise<Sweep> {
  if (sweep === undefined) return {};
  const [{ Sweep }, { parseDescription }] = await Promise.all([
    import("../../runs/sweep.ts"),
    import("../../kinds/plain-data.ts"),
  ]);
  return parseDescription(`${file}, sweep`, Sweep, sweep);
}
