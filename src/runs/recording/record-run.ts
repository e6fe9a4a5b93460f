import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { manipulate } from "../../circuits/manipulations/manipulate.ts";
import { buildNetwork, type Network } from "../../circuits/network.ts";
import { UsageError } from "../../kinds/errors.ts";
import type { Library } from "../../kinds/library.ts";
import { loadTask } from "../../tasks/task.ts";
import { checkTask } from "../../training/check-task.ts";
import { unlessStopped } from "../../training/heed.ts";
import { observe, type Recording } from "../../training/recording/observe.ts";
import type { Quantity } from "../../training/recording/probe.ts";
import {
  type RecordingOptions,
  recordingStream,
  type SetName,
  type ShownTrials,
} from "../../training/recording/recording-stream.ts";
import { parseRun, type RunDescription } from "../../training/run-description.ts";
import { readCircuitFiles } from "../circuit-files.ts";
import { readParameters } from "../read-parameters.ts";
import { exists } from "../record/make-folder.ts";
import { runFiles, snapshotFile } from "../record/run-files.ts";
import type { Plain } from "../recorded.ts";
import { readRunConfig } from "../run-config.ts";
import { type Asked, probesOf } from "./probes.ts";
import { type About, type RecordingFormat, type WrittenRecording, writeRecording } from "./write-recording.ts";

/** Whose circuit is recorded: a run's, or that of a run which a file describes and nobody has made. */
export type RecordedSubject = { readonly folder: string } | { readonly file: string; readonly description: Plain };

/** How the circuit of a run is recorded. What is not given is as the run has it. */
export interface RunRecordingOptions
  extends Pick<RecordingOptions, "trials" | "manipulations" | "noise" | "batch" | "seed" | "signal"> {
  /** What to record: probes, or names of parts and quantities; absent: the rates of all populations. */
  readonly probes?: RecordingOptions["probes"] | Asked;
  /** Which trials of the run's task; default "test". */
  readonly set?: SetName;
  /** Whether parameters are as the run starts, not as training left them; default: where there is no run. */
  readonly untrained?: boolean;
  /** The step of a snapshot that training left, whose parameters are taken; see the setting `snapshots`. */
  readonly at?: number;
  /** Whether what the run does to the circuit is left out; default false. */
  readonly intact?: boolean;
}

/** A recording that is prepared, and what there is to say of it. */
interface Prepared {
  readonly network: Network;
  readonly options: RecordingOptions & ShownTrials;
  readonly about: About;
}

/**
 * Records the circuit of a run in memory; see `observe`.
 *
 * @throws as `observe` does; UsageError where the folder holds no run, or none that is trained; DataError or StorageError where
 *   its files are damaged or cannot be read
 */
export async function observeRun(
  subject: RecordedSubject,
  given: RunRecordingOptions,
  library: Library,
): Promise<Recording> {
  const { network, options } = await prepare(subject, given, library);
  return observe(network, options, library);
}

/** The same trial by trial to the disk. Throws as `observeRun` and `writeRecording` do. */
export async function recordRun(
  subject: RecordedSubject,
  given: RunRecordingOptions,
  { path, format = "npz" }: { readonly path: string; readonly format?: RecordingFormat },
  library: Library,
): Promise<WrittenRecording> {
  const { network, options, about } = await prepare(subject, given, library);
  return writeRecording(recordingStream(network, options, library), about, { path, format, signal: given.signal });
}

async function prepare(subject: RecordedSubject, given: RunRecordingOptions, library: Library): Promise<Prepared> {
  const { description, label } = await runOf(subject, library);
  const { circuit, manipulations: own = [], seed: runSeed, device, provider, accelerators } = description;
  const { manipulations: further = [], intact = false, seed = runSeed, set = "test", signal } = given;
  const untrained = given.untrained ?? !("folder" in subject);
  // Nothing learns here, so that nothing has to be frozen.
  const done = intact ? [] : own.flatMap((each) => (each.kind === "freeze" ? [] : [each]));
  const network = manipulate(buildNetwork(circuit, library), [...done, ...further]);
  const probes = probesOf(network, given.probes);
  const objective = library.build("objective", description.objective, undefined);
  const parameters = await parametersOf(subject, description, network, { untrained, at: given.at, library });
  // The sets of a run stay the same, whatever else is drawn anew.
  const taskSeed = "folder" in subject ? runSeed : seed;
  const task = await unlessStopped(loadTask(description.task, taskSeed, library), signal);
  checkTask(network, objective, task);
  return {
    network,
    options: {
      ...given,
      probes,
      task,
      set,
      seed,
      objective,
      parameters,
      manipulations: [],
      batch: given.batch ?? description.batch,
      device: { device, provider, accelerators },
    },
    about: {
      circuit: circuit.name,
      ...(label === undefined ? {} : { label }),
      trained: !untrained,
      ...(given.at === undefined ? {} : { at: given.at }),
      task: task.name,
      set,
      presentations: task.presentations,
      seed,
      steps: network.steps,
      manipulations: [...(network.manipulated?.by ?? [])],
      unitOf: (what: Quantity) => (what === "error" ? objective.unit : "1"),
    },
  };
}

async function runOf(
  subject: RecordedSubject,
  library: Library,
): Promise<{ readonly description: RunDescription; readonly label?: string }> {
  if ("folder" in subject) return readRunConfig(subject.folder, library);
  return { description: parseRun(subject.description, library, subject.file) };
}

/** @throws UsageError naming the snapshots that there are */
async function snapshotOf(subject: RecordedSubject, at: number): Promise<string> {
  if (!("folder" in subject))
    throw new UsageError(`${subject.file} describes a circuit that is not trained; leave at out`);
  const { folder } = subject;
  if (await exists(snapshotFile(folder, at))) return snapshotFile(folder, at);
  const files = await readdir(join(folder, runFiles.snapshots)).catch(() => []);
  const steps = files.map((file) => Number.parseInt(file, 10)).sort((a, b) => a - b);
  throw new UsageError(
    `${folder} has no snapshot of step ${at}; ${steps.length > 0 ? `it has those of ${steps.join(", ")}` : "a run with the setting snapshots leaves some"}`,
  );
}

/** Parameters as training left them, or those that the run starts from; none where it draws them from the seed. */
async function parametersOf(
  subject: RecordedSubject,
  description: RunDescription,
  network: Network,
  { untrained, at, library }: { untrained: boolean; at: number | undefined; library: Library },
): Promise<ReadonlyMap<string, Float32Array>> {
  if (at !== undefined) {
    if (untrained) throw new UsageError("a snapshot is of a run that is trained; leave at or untrained out");
    return readParameters(await snapshotOf(subject, at), network);
  }
  const { from } = description;
  if (untrained)
    return from === undefined ? (await readCircuitFiles(description, library)).values : readParameters(from, network);
  if (!("folder" in subject))
    throw new UsageError(
      `${subject.file} describes a circuit that is not trained; record it untrained, or a run folder`,
    );
  if (!(await exists(join(subject.folder, runFiles.checkpoint))))
    throw new UsageError(
      `${subject.folder} has no ${runFiles.checkpoint} yet, so that there is no trained circuit to record; resume the run, or record it untrained`,
    );
  return readParameters(subject.folder, network);
}
