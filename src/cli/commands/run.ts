import { type Command, Option } from "commander";
import { UsageError } from "../../kinds/errors.ts";
import type { ExperimentName } from "../backend.ts";
import { declareManipulations } from "../manipulation-options.ts";
import { trainExperiment } from "../training.ts";
import type { Context } from "./context.ts";
import { dryRunOption, tellForecasts } from "./dry-run.ts";
import { type Given, givenOptions, givenSettings, givenWorkers, refuseBesideResume } from "./given.ts";
import { declareRunFile, runFile } from "./run-file.ts";
import { settingOptions } from "./setting-options.ts";
import { valued } from "./valued.ts";
import { workersOption } from "./workers-option.ts";

/** Declares `sulcus run` with its experiments. */
export function declareRun(program: Command, context: Context): void {
  const run = program.command("run").description("run an experiment, or what a file describes");
  declareRunFile(run, context);
  run.addHelpText("after", "\nExample:\n  sulcus run gevb --rule gevb,bp --epochs 5 --seeds 1..3");

  const gevb = run
    .command("gevb")
    .description("train a circuit of the gevb paper by one or several learning rules, from one or several seeds");
  gevb
    .addOption(valued("--dataset <name>", "mnist or cifar10"))
    .addOption(valued("--arch <name>", "architecture: dense, conv or local"))
    .addOption(valued("--units <name>", "vector or conventional"))
    .addOption(valued("--rule <names>", "learning rules, such as gevb or gevb,bp"))
    .addOption(valued("--sign <name>", "sign constraint: excitatory or mixed"))
    .addOption(valued("--epochs <n>", "passes over the training stimuli"));
  declareShared(gevb, "gevb");
  declareManipulations(gevb);
  gevb
    .addOption(workersOption())
    .addOption(dryRunOption())
    .addOption(limit())
    .addOption(valued("--representation <n>", "test stimuli whose last hidden representation is scored and embedded"))
    .option("--no-accelerators", "use the GPU.js kernels alone on the cpu device")
    .addOption(valued("--config <file>", "settings in YAML; --set and options win over it"))
    .addHelpText(
      "after",
      '\nExample:\n  sulcus run gevb --rule gevb,bp --epochs 2 --set rate=1e-3 --set "hidden=[512,256]"',
    );
  gevb.action(() => start(gevb, "gevb", context));

  const tables = run
    .command("gevb-tables")
    .description(
      "fill the gevb paper's tables of errors, beside the paper's numbers; all cells unless some are chosen",
    );
  tables
    .addOption(valued("--dataset <name>", "mnist, cifar10 or both"))
    .addOption(valued("--arch <names>", "architectures: dense, conv, local"))
    .addOption(valued("--units <names>", "vector, conventional"))
    .addOption(valued("--rule <names>", "gevb (vector units), dfa (conventional units), bp"))
    .addOption(valued("--sign <names>", "sign constraints: excitatory, mixed"))
    .addOption(valued("--epochs <n>", "passes over the training stimuli, at most"));
  declareShared(tables, "gevb-tables");
  tables
    .addOption(workersOption())
    .addOption(dryRunOption())
    .addOption(limit())
    .addOption(valued("--config <file>", "settings in YAML; --set and options win over it"))
    .addHelpText(
      "after",
      "\nExample:\n  sulcus run gevb-tables --dataset mnist --arch dense --units vector --epochs 20 --seeds 1..3",
    );
  tables.action(() => start(tables, "gevb-tables", context));

  const widths = run
    .command("gevb-widths")
    .description("alignment of GEVB with the gradient against width, in networks that have learned nothing");
  widths
    .addOption(valued("--widths <list>", "units of each hidden population, a network each: 32,64,128"))
    .addOption(valued("--depth <n>", "hidden populations"))
    .addOption(valued("--batch <n>", "digits whose mean update is compared with the gradient"))
    .addOption(valued("--sign <name>", "sign constraint: excitatory or mixed"))
    .addOption(valued("--initial <name>", "how weights start: on-off or he"));
  declareShared(widths, "gevb-widths");
  widths.addHelpText("after", "\nExample:\n  sulcus run gevb-widths --widths 32,128,512 --seeds 1..3");
  widths.action(() => start(widths, "gevb-widths", context));

  const modules = run
    .command("modules")
    .description("train modules with any inter-module density, and measure what each is specialised in");
  modules
    .addOption(
      valued("--density <value>", "connections between modules: 0.1 of the possible ones, 1.0 all, 1 exactly one"),
    )
    .addOption(valued("--modules <n>", "number of modules, each with a digit of its own"))
    .addOption(valued("--units <n>", "units of each module"))
    .addOption(valued("--steps <n>", "time steps for which the digits are shown"))
    .addOption(valued("--task <name>", "what is reported, such as parity-digits, sum, max or digit-1"))
    .addOption(valued("--source <name>", "mnist, or symbols, which need no files"))
    .addOption(valued("--rule <names>", "learning rules, such as bp or bp,fa"))
    .addOption(valued("--epochs <n>", "passes over the training trials"));
  declareShared(modules, "modules");
  declareManipulations(modules);
  modules
    .addOption(workersOption())
    .addOption(dryRunOption())
    .addOption(limit())
    .addOption(valued("--config <file>", "settings in YAML; --set and options win over it"))
    .addHelpText(
      "after",
      "\nExample:\n  sulcus run modules --density 0.1 --units 100 --steps 5 --task parity-digits --seed 1",
    );
  modules.action(() => start(modules, "modules", context));

  const attention = run
    .command("attention")
    .description("train a circuit that attends to one object of a scene after the other, and see what it does");
  attention
    .addOption(valued("--scenes <name>", "digits, generated, or coco:<folder>"))
    .addOption(valued("--digits <n>", "objects in a scene"))
    .addOption(valued("--strength <s>", "by how much attention turns rates down"))
    .addOption(valued("--iterations <n>", "time steps of a glimpse"))
    .addOption(valued("--rule <names>", "how the feedforward weights learn, such as bp or bp,fa"))
    .addOption(valued("--epochs <n>", "passes over the training scenes"))
    .addOption(valued("--from <path>", "start from trained weights: a run folder, .npz, .json, or shipped"))
    .addOption(new Option("--analyse", "analyse the weights of --from without training").preset("only"));
  declareShared(attention, "attention");
  declareManipulations(attention);
  attention
    .addOption(workersOption())
    .addOption(dryRunOption())
    .addOption(limit())
    .addOption(valued("--config <file>", "settings in YAML; --set and options win over it"))
    .addHelpText(
      "after",
      "\nExamples:\n  sulcus run attention --digits 2 --epochs 3\n  sulcus run attention --from shipped --analyse",
    );
  attention.action(() => start(attention, "attention", context));

  const quickstart = run.command("quickstart").description("GEVB, then BP, one epoch each, with a table and a report");
  declareShared(quickstart, "quickstart");
  declareManipulations(quickstart);
  quickstart
    .addOption(workersOption())
    .addOption(dryRunOption())
    .addOption(limit())
    .addHelpText("after", "\nExample:\n  sulcus run quickstart --limit 6000 --seed 2");
  quickstart.action(() => start(quickstart, "quickstart", context));
}

const limit = () => valued("--limit <n>", "training stimuli to use; all of them unless given");

function declareShared(command: Command, name: string): void {
  command
    .addOption(valued("--seed <n>", "seed of every random stream"))
    .addOption(valued("--seeds <list>", "several seeds, a run each: 1..5 or 1,3,5"))
    .addOption(valued("--device <name>", "device, see sulcus devices"))
    .addOption(valued("--provider <name>", "contraction provider, see sulcus devices"))
    .addOption(valued("--out <dir>", "folder to write the run to"))
    .addOption(valued("--resume <dir>", `go on with an interrupted run: sulcus run ${name} --resume <dir>`))
    .option("--set <key=value...>", "any setting by its name, the value in YAML")
    .option("--json", "one JSON object a line on stdout for every event, and nothing else");
}

async function start(command: Command, experiment: ExperimentName, context: Context): Promise<void> {
  const { streams, backend } = context;
  const given = givenOptions(command);
  const json = given.json === true;
  const { out, resume } = given as { out?: string; resume?: string };
  const workers = givenWorkers(given);
  const { requireFolder, requireFolderOrRoom } = await import("../folders.ts");

  if (resume !== undefined) {
    refuseBesideResume(command, given);
    requireFolder("--resume", resume);
    return trainExperiment(experiment, { streams, json, ...workers }, (control) =>
      backend.resume(experiment, resume, { ...control, ...workers }),
    );
  }

  const config = given.config as string | undefined;
  if (config !== undefined) {
    const { readRecorded } = await import("../recorded-run.ts");
    const [what, named] = ["--config", experiment] as const;
    const read = await readRecorded(config, what);
    if (read.recorded.kind !== "settings") return runFile(command, { what, read, given, context, named });
  }
  if (out !== undefined) requireFolderOrRoom("--out", out);
  const settings = await settingsOf(given, experiment);
  if (given.dryRun === true) return tellForecasts(await backend.forecast(experiment, settings), { streams, json });
  return trainExperiment(experiment, { streams, json, ...workers }, (control) =>
    backend.run(experiment, settings, { ...control, ...workers, ...(out === undefined ? {} : { out }) }),
  );
}

async function settingsOf(given: Given, experiment: ExperimentName) {
  const settings = await givenSettings(experiment, given, await settingOptions(given));
  if (experiment === "quickstart" && settings.rule !== undefined) {
    throw new UsageError(
      `rule cannot be set for quickstart, which runs both gevb and bp; one rule: sulcus run gevb --rule ${settings.rule}`,
    );
  }
  return settings;
}
