import type { Command } from "commander";
import { UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import { countedSettings, type SweepableExperiment, sweepableSettings } from "../../papers/sweepable-settings.ts";
import { trainExperiment } from "../training.ts";
import type { Context } from "./context.ts";
import { dryRunOption, tellForecasts } from "./dry-run.ts";
import { type Given, givenFile, givenOptions, givenWorkers, refuseBesideResume, settingsOver } from "./given.ts";
import { sweepIn } from "./run-file.ts";
import { valued } from "./valued.ts";
import { workersOption } from "./workers-option.ts";

const valuesHelp = `
Values:
  0.1,1,conv    one by one, with commas between them
  1..5          whole numbers from 1 to 5
  0.001..1:4    4 points from 0.001 to 1, evenly spaced on a logarithmic axis: 0.001,0.01,0.1,1`;

/** Declares `sulcus sweep` with the experiments that can be swept, and their settings as options. */
export function declareSweep(program: Command, context: Context): void {
  const sweep = program
    .command("sweep")
    .description("run an experiment with several values of its settings: every combination from every seed")
    .enablePositionalOptions();
  declareResumption(sweep, "sulcus sweep --resume <dir>");
  sweep.addHelpText("after", "\nExample:\n  sulcus sweep gevb --rate 1e-4..1e-2:5 --seeds 3 --workers 2");
  sweep.action(() => goOn(sweep, context));

  for (const [experiment, settings] of Object.entries(sweepableSettings)) {
    const command = sweep.command(experiment).description(`sweep settings of ${experiment}; see sulcus list`);
    for (const [setting, description] of Object.entries(settings))
      command.addOption(valued(`--${flagOf(setting)} <values>`, description));
    command
      .addOption(valued("--seeds <list>", "a number of seeds (10 means 1..10), or which: 4..6 or 1,3,5"))
      .addOption(valued("--seed <n>", "the one seed of every random stream"))
      .addOption(valued("--device <name>", "device, see sulcus devices"))
      .addOption(valued("--provider <name>", "contraction provider, see sulcus devices"))
      .addOption(valued("--out <dir>", "folder to write the runs to"))
      .addOption(dryRunOption())
      .addOption(valued("--config <file>", "settings in YAML; --set and options win over it"))
      .option("--set <key=value...>", "any setting that all runs share by its name, the value in YAML");
    declareResumption(command, `sulcus sweep ${experiment} --resume <dir>`);
    command.addHelpText("after", `${valuesHelp}\n\nExample:\n  sulcus sweep ${experiment} --seeds 10 --workers 2`);
    command.action(() => start(command, experiment as SweepableExperiment, context));
  }
}

function declareResumption(command: Command, example: string): void {
  command
    .addOption(valued("--resume <dir>", `go on with an interrupted sweep: ${example}`))
    .addOption(workersOption())
    .option("--json", "one JSON object a line on stdout for every event, and nothing else");
}

/** "stopWhenLearned" as an option is called: "stop-when-learned". */
const flagOf = (setting: string) => setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Goes on with the sweep in a folder, of the experiment that its config.yaml names. */
async function goOn(command: Command, { streams, backend }: Context, named?: SweepableExperiment): Promise<void> {
  const given = givenOptions(command);
  const folder = given.resume as string | undefined;
  if (folder === undefined) {
    const known = Object.keys(sweepableSettings).join(", ");
    throw new UsageError(`no experiment after "sulcus sweep", expected one of ${known}, or --resume <dir>`);
  }
  refuseBesideResume(command, given);
  const workers = givenWorkers(given);
  const { requireFolder } = await import("../folders.ts");
  requireFolder("--resume", folder);
  const experiment = named ?? (await backend.experimentIn(folder));
  return trainExperiment(experiment, { streams, json: given.json === true, ...workers }, (control) =>
    backend.resume(experiment, folder, { ...control, ...workers }),
  );
}

async function start(command: Command, experiment: SweepableExperiment, context: Context): Promise<void> {
  const { streams, backend } = context;
  const given = givenOptions(command);
  if (given.resume !== undefined) return goOn(command, context, experiment);
  const workers = givenWorkers(given);
  const out = given.out as string | undefined;
  const { requireFolderOrRoom } = await import("../folders.ts");
  if (out !== undefined) requireFolderOrRoom("--out", out);
  const file = await givenFile(experiment, given);
  const recorded = file?.sweep === undefined ? {} : await sweepIn(file.name, file.sweep);
  const sweep = { ...recorded, ...(await givenSweep(given, experiment)) };
  const shared = Object.fromEntries(
    ["device", "provider"].flatMap((name) => (Object.hasOwn(given, name) ? [[name, given[name]]] : [])),
  );
  const settings = await settingsOver(file, experiment, given, { ...shared, ...givenSeeds(given) });
  const json = given.json === true;
  if (given.dryRun === true)
    return tellForecasts(await backend.forecast(experiment, settings, sweep), { streams, json });
  return trainExperiment(experiment, { streams, json, ...workers }, (control) =>
    backend.sweep(experiment, sweep, settings, { ...control, ...workers, ...(out === undefined ? {} : { out }) }),
  );
}

async function givenSweep(given: Given, experiment: SweepableExperiment) {
  const { parseSweepValues } = await import("../../runs/sweep-values.ts");
  const named = Object.keys(sweepableSettings[experiment]).filter((setting) => Object.hasOwn(given, setting));
  return Object.fromEntries(
    named.map((setting) => {
      const text = given[setting] as string;
      const values = parseSweepValues(text, countedSettings[setting]);
      if (typeof values !== "string") return [setting, values];
      throw new UsageError(`--${flagOf(setting)}: got ${shown(text)}, expected ${values}`);
    }),
  );
}

/** A number of seeds as their range; which seeds, as they are. */
function givenSeeds({ seeds }: Given): { seeds?: string } {
  if (seeds === undefined) return {};
  const text = seeds as string;
  if (!/^\s*\d+\s*$/.test(text)) return { seeds: text };
  if (Number(text) >= 1) return { seeds: `1..${text.trim()}` };
  throw new UsageError(`--seeds: got ${shown(text)}, expected at least 1 seed; the one seed 0 is --seed 0`);
}
