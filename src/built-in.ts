import type { CircuitDescription } from "./circuits/description.ts";
import { type GivenFiles, readGivenFiles as readFiles } from "./circuits/given-files.ts";
import { buildNetwork as build, type Network } from "./circuits/network.ts";
import { resolveCircuit as resolve } from "./circuits/resolve-circuit.ts";
import { type DeviceChoice, openDevice as open, surveyDevices as survey } from "./compute/devices/choice.ts";
import type { Executor } from "./compute/executor.ts";
import type { Description } from "./kinds/kind.ts";
import type { Library } from "./kinds/library.ts";
import { builtIn } from "./library.ts";
import type { Objective } from "./plasticity/objectives/objective.ts";
import type { Optimiser } from "./plasticity/optimisers/optimiser.ts";
import type { LearningRule } from "./plasticity/rules/rule.ts";
import { diskSources } from "./tasks/disk-sources.ts";
import * as tasks from "./tasks/task.ts";
import { observe as observeBy, type Recording } from "./training/recording/observe.ts";
import {
  type RecordingOptions,
  type RecordingStream,
  type ShownTrials,
  recordingStream as streamBy,
} from "./training/recording/recording-stream.ts";

// What a program builds one by one, with the kinds that Sulcus comes with unless it hands in a library of its own.

/**
 * Compiles a circuit description.
 *
 * @throws UsageError for a gain, topology, initialiser or sign that is not known; DescriptionError naming circuit and part: a
 * duplicate or unknown name, populations that no drive reaches, more time steps than a plan can hold, a loop without
 * delay, a kind that does not fit, readouts of several sizes, or fewer than the decision needs
 */
export const buildNetwork = (description: CircuitDescription, library: Library = builtIn): Network =>
  build(description, library);

/** The same circuit with every default written out. Throws as `buildNetwork` does where a kind or setting is not known. */
export const resolveCircuit = (description: CircuitDescription, library: Library = builtIn): CircuitDescription =>
  resolve(description, library);

/**
 * Opens a device by name, or the best one found: a WebGPU adapter that is not a software renderer, else cpu.
 *
 * @throws UsageError for an unknown name or a provider that does not go with the device, DeviceError with the reason for one
 *   that is not available
 */
export const openDevice = (choice: DeviceChoice = {}, library: Library = builtIn): Promise<Executor> =>
  open(choice, library);

/** Everything that computes here, or why it does not. */
export const surveyDevices = (library: Library = builtIn): ReturnType<typeof survey> => survey(library);

/**
 * Reads the files that projections of a circuit take their connections from, to be given to `initialise` of the network. `run` does
 * so by itself.
 *
 * @param read gives the bytes of a file; default: those of the disk, or of an address relative to the page
 * @throws as `buildNetwork` does; DataError naming file and projection where a file cannot be read, is another one than the
 *   description says, does not fit the populations, or holds weights of a sign that the projection does not allow
 */
export const readGivenFiles = (
  circuit: CircuitDescription,
  read = diskSources().read,
  library: Library = builtIn,
): Promise<GivenFiles> => readFiles(circuit, library, read);

/**
 * Builds a learning rule from its description.
 *
 * @throws UsageError for an unknown kind, DescriptionError for a setting that the rule does not take
 */
export const buildRule = (description: Description, library: Library = builtIn): LearningRule =>
  library.build("rule", description, undefined);

/** Builds an optimiser from its description. Throws as `buildRule` does. */
export const buildOptimiser = (description: Description, library: Library = builtIn): Optimiser =>
  library.build("optimiser", description, undefined);

/** Builds an objective from its description. Throws as `buildRule` does. */
export const buildObjective = (description: Description, library: Library = builtIn): Objective =>
  library.build("objective", description, undefined);

/**
 * Loads what a task shows and divides it.
 *
 * @param description from `digits`, `cifar10` and the like, or the same as plain data
 * @param seed the seed of the run; it decides which training trials are used and which are set aside
 * @throws UsageError for a kind that is not known or where more trials are asked for than there are, DescriptionError for a
 *   setting that the task does not take, DataError where files are missing or damaged
 */
export const loadTask = (description: Description, seed: number, library: Library = builtIn): Promise<tasks.Task> =>
  tasks.loadTask(description, seed, library);

/**
 * Shows trials to a circuit, which does not learn meanwhile, and records it.
 *
 * ```ts
 * const network = buildNetwork(net);
 * const { arrays } = await observe(network, { stimuli: { image }, probes: [{ of: "v1" }, { of: "v1", what: "drive" }] });
 * arrays["v1/rates"].shape; // [trials, steps, units]
 * ```
 *
 * Arrays are [trial, step, unit], of vector units [trial, step, component, unit]; where trials are shown several times in a
 * row, an axis of presentations comes after the trials. Before any drive has reached a population its rates and drive are 0,
 * and an error is 0 where nothing leads to the loss. What is recorded of a trial does not depend on the others.
 *
 * @param options probes, and the trials of a task or stimuli as arrays; all else has defaults
 * @throws DescriptionError for a probe or manipulation that does not fit the network, UsageError for trials that there are
 *   not or errors without an objective, DataError for stimuli that do not fit; DeviceError as `openDevice` does
 */
export const observe = (
  network: Network,
  options: RecordingOptions & ShownTrials,
  library: Library = builtIn,
): Promise<Recording> => observeBy(network, options, library);

/**
 * Prepares a recording; see `observe`. Trials are shown when `parts` is asked for. Throws as `observe` does.
 */
export const recordingStream = (
  network: Network,
  options: RecordingOptions & ShownTrials,
  library: Library = builtIn,
): RecordingStream => streamBy(network, options, library);
