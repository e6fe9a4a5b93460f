import type { CircuitDescription } from "./circuits/description.ts";
import { type GivenFiles, readGivenFiles as readFiles } from "./circuits/given-files.ts";
import { buildNetwork as build, type Network } from "./circuits/network.ts";
import { resolveCircuit as resolve } from "./circuits/resolve-circuit.ts";
import type { Description } from "./kinds/kind.ts";
import type { Library } from "./kinds/library.ts";
import { builtIn } from "./library.ts";
import type { Objective } from "./plasticity/objectives/objective.ts";
import type { Optimiser } from "./plasticity/optimisers/optimiser.ts";
import type { LearningRule } from "./plasticity/rules/rule.ts";
import { diskSources } from "./tasks/disk-sources.ts";
import * as tasks from "./tasks/task.ts";

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
