import * as z from "zod";
import { DecisionDescription, named, Transmission } from "../../circuits/description.ts";
import { Wiring } from "../../circuits/ready-made/modules.ts";
import { noiseDeviation, passCount, stimulusCount, stimulusCountOrNone, unitCount } from "../../kinds/counts.ts";
import { representedStimuli } from "../../measures/representation/settings.ts";
import { nameList, seeds } from "../../runs/setting-lists.ts";
import { dataFolder } from "../../tasks/data-folder.ts";
import { digitReports } from "../../tasks/digits/digit-reports.ts";
import { startingPoint } from "../../training/starting-point.ts";
import { TrainingSettings } from "../../training/training-settings.ts";
import { connectionsInWords, densityInWords } from "./chapter/density-in-words.ts";
import { SpecializationSettings } from "./specialization-settings.ts";

const reports = Object.keys(digitReports) as [keyof typeof digitReports, ...(keyof typeof digitReports)[]];

/**
 * Connections between modules as a person writes them: 0.1 is a density and 1.0 all of them; a text without decimal point, "1"
 * or "1c", is an exact number of connections.
 */
const density = z.preprocess((given) => {
  if (typeof given !== "string") return given;
  const counted = /^\s*(\d+)c?\s*$/.exec(given)?.[1];
  if (counted !== undefined) return { connections: Number(counted) };
  const value = given.trim() === "" ? Number.NaN : Number(given);
  return Number.isFinite(value) ? value : given;
}, Wiring);

/** What reports call a density that is swept: "density 1.0", "1 connection". */
function densityValue(value: number | string | boolean): string | undefined {
  const [, count] = /^(\d+)c$/.exec(String(value)) ?? [];
  if (count !== undefined) return connectionsInWords(Number(count));
  return typeof value === "number" ? densityInWords(value) : undefined;
}

/** Everything that the modules experiment depends on, as plain data. */
export const ModulesConfig = z.strictObject({
  /** Number of modules, each with a digit of its own. */
  modules: z.int().min(2).max(8).default(2).meta({ help: "number of modules, each with a digit of its own" }),
  /** Units of each module. */
  units: unitCount.default(100).meta({ help: "units of each module" }),
  /** Time steps for which the stimuli are shown. */
  steps: z.int().min(2).max(1000).default(5).meta({ help: "time steps for which the digits are shown" }),
  /** Connections between modules: a density from 0 to 1, or their exact number as "1c"; absent: 0.1 without a wiring. */
  density: density.optional().meta({
    help: "connections between modules: 0.1 of the possible ones, 1.0 all, 1 exactly one",
    value: "value",
    counted: "c",
    inWords: densityValue,
  }),
  /** [post][pre] connections of any modules, instead of density; 1 along the diagonal is full recurrence. */
  wiring: z.array(z.array(density)).optional(),
  /** What is reported about the digits. */
  task: z
    .enum(reports)
    .default("parity-digits")
    .meta({ help: "what is reported, such as parity-digits, sum, max or digit-1" }),
  /** Handwritten digits, or drawn symbols that need no files. */
  source: z.enum(["mnist", "symbols"]).default("mnist").meta({ help: "mnist, or symbols, which need no files" }),
  /** Each module sees its own digit, or all see all. */
  input: z.enum(["separate", "common"]).default("separate"),
  /** SD of the noise on every pixel at every time step. */
  pixelNoise: noiseDeviation.default(0),
  /** Whether digits are shown from the first step on, or from a random one. */
  onset: z.enum(["start", "random"]).default("start"),
  /** Gain of the modules' units. */
  gain: named("neuron").default("tanh").meta({ help: "gain function of the units, see sulcus list neuron" }),
  /** Share of the new rate at every time step. */
  leak: z.number().gt(0).max(1).default(1).meta({ help: "share of the new rate at every time step" }),
  /** SD of the noise on every unit's drive. */
  noise: noiseDeviation.default(0).meta({ help: "noise on every drive, its SD" }),
  /** Time step from which on modules hear one another. */
  from: z.int().min(0).max(1000).default(0).meta({ help: "first time step at which modules hear one another" }),
  transmission: Transmission.default({ kind: "graded" }),
  /** Sign constraint within and between modules. */
  signWithin: named("constraint").default("mixed"),
  signBetween: named("constraint").default("mixed"),
  /** Trained weights to start from, see `readParameters`; absent: drawn from the seed. */
  startFrom: startingPoint,
  /** Share of inhibitory units, for Dale's law alone; absent: 0.2. */
  inhibitoryFraction: z.number().min(0).max(1).optional(),
  /**
   * How readouts over time become decisions; where the task asks for several targets, each is decided so among readouts
   * of its own, one of each module. Without a word on modules, max, but of the task "digits" each module reports its
   * own.
   */
  decision: z
    .strictObject({
      time: DecisionDescription.shape.time,
      module: DecisionDescription.shape.module.unwrap().optional(),
    })
    .default({ time: "last" }),
  rule: nameList(z.string()).default(["bp"]).meta({ help: "learning rules, such as bp or bp,fa", value: "names" }),
  seeds: seeds([1]),
  data: dataFolder.optional(),
  limit: stimulusCount.optional().meta({ help: "training trials to use; all of them unless given" }),
  testLimit: stimulusCount.optional(),
  validation: stimulusCountOrNone.default(0),
  optimiser: z.string().min(1).default("adamw"),
  rate: z.number().positive().default(1e-3).meta({ help: "learning rate" }),
  /** Decoupled weight decay, adamw only; absent: 1e-5. */
  decay: z.number().min(0).optional(),
  /** Whether and how the three metrics of specialization are taken after training. */
  specialization: SpecializationSettings.default(SpecializationSettings.parse({})),
  ...TrainingSettings.omit({ seed: true }).shape,
  /** See `representedStimuli`. */
  representation: representedStimuli,
  epochs: passCount.default(10).meta({ help: "passes over the training trials" }),
  batch: unitCount.default(256).meta({ help: "trials in a batch" }),
  rateDecay: z.number().positive().max(1).default(0.95),
});
export type ModulesConfig = z.infer<typeof ModulesConfig>;
