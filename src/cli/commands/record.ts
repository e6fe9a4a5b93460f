import type { Command } from "commander";
import { UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import { InterruptedError } from "../../training/interrupted.ts";
import { requireFolder } from "../folders.ts";
import { interruption } from "../interruption.ts";
import { InterruptedCommand } from "../outcome.ts";
import { wholeNumbers } from "../whole-numbers.ts";
import type { Context } from "./context.ts";
import { type Given, givenOptions, pluginsAsked, trustOption, useOption } from "./given.ts";
import { declareActions, givenManipulations } from "./manipulation-options.ts";
import { valued } from "./valued.ts";

/** Declares `sulcus record`. */
export function declareRecord(program: Command, context: Context): void {
  const record = program
    .command("record")
    .description("show trials to the circuit of a run, and write what its parts do into arrays that NumPy opens")
    .argument("[dir]", "folder of a run")
    .addOption(valued("--config <file>", "instead of a run: a description of one, whose circuit is not trained"))
    .addOption(valued("--of <names>", "populations, inputs and projections, such as v1,v2; default: all populations"))
    .addOption(valued("--what <names>", "rates, drive, error (gradient at the drive), weights, biases; default: rates"))
    .addOption(valued("--set <name>", "test (default), validation or training"))
    .addOption(valued("--trials <n>", "so many, evenly spread, or some: 0,5,7 or 0..99; default: all"))
    .addOption(valued("--steps <list>", "time steps: all (default), last, 0,2 or 0..4"))
    .addOption(valued("--every <n>", "of these time steps every n-th"))
    .addOption(
      valued("--out <file>", "the .npz file, default recording.npz in the folder of the run; a .json goes beside it"),
    )
    .addOption(valued("--format <name>", "npz, or npy: a folder with a .npy file for each array"))
    .addOption(valued("--seed <n>", "seed of noise and of units that are drawn; default: that of the run"))
    .option("--untrained", "with the weights that the run began with")
    .addOption(
      valued("--at <step>", "with the weights of a snapshot; runs with --set snapshots=1 leave one an evaluation"),
    )
    .option("--intact", "without what the run itself does to the circuit");
  declareActions(record);
  record
    .addOption(useOption())
    .addOption(trustOption())
    .option("--json", "the paths and sizes as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  sulcus record runs/gevb/20241124-120000-1 --of v1,v2 --what rates,drive --trials 200\n" +
        "  sulcus record --config mine.yaml --lesion v1:0.2 --out lesioned.npz",
    )
    .action((folder: string | undefined) => start(record, folder, context));
}

async function start(command: Command, folder: string | undefined, { streams, open }: Context): Promise<void> {
  const given = givenOptions(command);
  const { config } = given as { config?: string };
  if ((folder === undefined) === (config === undefined))
    throw new UsageError(
      folder === undefined
        ? "sulcus record takes the folder of a run, or a description of one by --config"
        : "--config: a run is recorded already; leave it out, or leave out the folder",
    );
  const { subject, recorded } = folder === undefined ? await described(config!) : recordedRun(folder);
  const options = await recordingOptions(given);
  const { path, format } = await placeOf(given, folder);
  const backend = await open(pluginsAsked(given), recorded);
  const stop = interruption(() => {}, streams.stdout);
  try {
    const written = await backend.record(subject, { ...options, signal: stop.signal }, { path, format });
    if (given.json === true) streams.stdout.write(`${JSON.stringify(written)}\n`);
    else streams.stdout.write(`${written.path}\n${written.record}\n`);
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    throw new InterruptedCommand(error.by, "; nothing of the recording was left behind");
  } finally {
    stop.release();
  }
}

function recordedRun(folder: string) {
  requireFolder("record", folder);
  return { subject: { folder }, recorded: folder };
}

/** The run that a file describes. */
async function described(path: string) {
  const { readRecorded } = await import("../recorded-run.ts");
  const { file, recorded, use } = await readRecorded(path, "--config", {});
  if (recorded.kind !== "run")
    throw new UsageError(
      `--config: ${file} describes no single run; give a file with the keys circuit, task, rule and optimiser, or config.yaml of a run`,
    );
  return { subject: { file, description: recorded.description }, recorded: { file, use } };
}

async function recordingOptions(given: Given) {
  const [{ quantities }, { setNames }, { lookUp }, { parseNumber }] = await Promise.all([
    import("../../training/recording/probe.ts"),
    import("../../training/recording/recording-stream.ts"),
    import("../../kinds/errors.ts"),
    import("../settings.ts"),
  ]);
  const { of, what, set, trials, steps, every, seed, at } = given as Readonly<Record<string, string | undefined>>;
  const known = (option: string, name: string, names: readonly string[]) =>
    lookUp(option, name, Object.fromEntries(names.map((each) => [each, each])));
  const count = (option: string, text: string, least: number) => {
    const number = parseNumber(text);
    if (typeof number === "number" && Number.isSafeInteger(number) && number >= least) return number;
    throw new UsageError(`${option}: got ${shown(text)}, expected a whole number of at least ${least}`);
  };
  const manipulations = givenManipulations(given).filter((each) => each.kind !== "freeze");
  return {
    probes: {
      ...(of === undefined ? {} : { of: of.split(",") }),
      ...(what === undefined
        ? {}
        : { what: what.split(",").map((name) => known("--what", name, quantities) as (typeof quantities)[number]) }),
      ...(steps === undefined ? {} : { steps: stepsIn(steps) }),
      ...(every === undefined ? {} : { every: count("--every", every, 1) }),
    },
    ...(set === undefined ? {} : { set: known("--set", set, setNames) as (typeof setNames)[number] }),
    ...(trials === undefined ? {} : { trials: trialsIn(trials) }),
    ...(seed === undefined ? {} : { seed: count("--seed", seed, 0) }),
    ...(at === undefined ? {} : { at: count("--at", at, 0) }),
    ...(given.untrained === true ? { untrained: true } : {}),
    ...(given.intact === true ? { intact: true } : {}),
    ...(manipulations.length > 0 ? { manipulations } : {}),
  };
}

/** "200" is a number of trials, "0,5" and "0..99" are some of them. */
const trialsIn = (text: string): number | number[] =>
  /^\d+$/.test(text) ? Number(text) : wholeNumbers("--trials", text);

const stepsIn = (text: string): "all" | "last" | number[] =>
  text === "all" || text === "last" ? text : wholeNumbers("--steps", text);

async function placeOf({ out, format = "npz" }: Given, folder: string | undefined) {
  const [{ recordingFormats }, { lookUp }, { join }] = await Promise.all([
    import("../../runs/recording/write-recording.ts"),
    import("../../kinds/errors.ts"),
    import("node:path"),
  ]);
  const found = lookUp("--format", format as string, Object.fromEntries(recordingFormats.map((name) => [name, name])));
  const name = found === "npz" ? "recording.npz" : "recording";
  return { path: (out as string | undefined) ?? (folder === undefined ? name : join(folder, name)), format: found };
}
