import { mkdir, readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { DataError, didYouMean, UsageError } from "../../kinds/errors.ts";
import { checked } from "../../records/checked.ts";
import { RunSummary } from "../../records/learning-record.ts";
import { probeWritable, writeWhole } from "./atomic-file.ts";
import { fromExactJson, toExactJson } from "./exact-json.ts";
import { expectFinite } from "./finite.ts";
import { exists, makeFolder } from "./make-folder.ts";
import { removeFile } from "./remove-file.ts";
import { runFiles } from "./run-files.ts";
import { storageFailure, systemCode } from "./storage-failure.ts";
import { readYaml, writeYaml } from "./yaml-text.ts";

interface NewRun {
  /** The folder to use, as it is; absent: runs/<experiment>/<YYYYMMDD-HHMMSS>-<seed> in the working directory. */
  out?: string | undefined;
  /** Name of the experiment: letters, digits, "-", "_" and ".". */
  experiment: string;
  seed: number;
  /** Time that names the folder, in local time; default: now. */
  now?: Date | undefined;
}

/**
 * Makes the folder of a new run and tries whether files can be written there, before any work is done.
 *
 * @returns path of the folder; where a run of the same second and seed has the name already, "-2" and so on is appended.
 * @throws StorageError when the folder cannot be made or written to; UsageError when `out` holds a run already, or the
 * experiment's name cannot name a folder.
 */
export async function createRunFolder({ out, experiment, seed, now = new Date() }: NewRun): Promise<string> {
  let folder: string;
  if (out !== undefined) {
    await refuseRun(out);
    await makeFolder(out);
    folder = out;
  } else {
    if (!/^\w[\w.-]*$/.test(experiment)) {
      throw new UsageError(`experiment "${experiment}" cannot name a folder; use letters, digits, "-", "_" and "."`);
    }
    folder = await makeFreshFolder(join("runs", experiment, `${timeStamp(now)}-${seed}`));
  }
  await probeWritable(folder);
  return folder;
}

async function refuseRun(folder: string): Promise<void> {
  for (const file of [runFiles.config, runFiles.metrics, runFiles.checkpoint, runFiles.summary]) {
    if (await exists(join(folder, file))) {
      throw new UsageError(
        `${folder} holds a run already (${file}); go on with that run by --resume ${folder}, or choose another folder`,
      );
    }
  }
}

async function makeFreshFolder(wanted: string): Promise<string> {
  await makeFolder(dirname(wanted));
  for (let attempt = 1; ; attempt++) {
    const folder = attempt === 1 ? wanted : `${wanted}-${attempt}`;
    try {
      // Not recursive: making the folder is what claims the name, also among runs that start at once.
      await mkdir(folder);
      return folder;
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw storageFailure("written", folder, error);
    }
  }
}

function timeStamp(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${date}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}

/**
 * Checks that a folder is one of a run, to go on with or to report on.
 *
 * @returns the same path.
 * @throws UsageError when it is missing or holds no config.yaml, naming the nearest run folder there is.
 */
export async function openRunFolder(folder: string): Promise<string> {
  if (await exists(join(folder, runFiles.config))) return folder;
  if (await exists(folder)) {
    const inside = (await runsIn(folder)).at(-1);
    const remedy =
      inside === undefined ? "give the folder that a run has made" : `did you mean "${join(folder, inside)}"?`;
    throw new UsageError(`${folder} is not the folder of a run: there is no ${runFiles.config} in it; ${remedy}`);
  }
  const suggestion = didYouMean(basename(folder), await runsIn(dirname(resolve(folder))));
  throw new UsageError(`the run folder ${folder} does not exist${suggestion}; give the folder that a run has made`);
}

/** Names of the run folders in a folder, the oldest first where they are named by time. */
async function runsIn(folder: string): Promise<string[]> {
  const runs: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    if (await exists(join(folder, name, runFiles.config))) runs.push(name);
  }
  return runs.sort();
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: unknown) => {
    throw storageFailure("read", path, error);
  });
}

/** Writes config.yaml: plain data that says everything the run depends on. Throws StorageError when it cannot. */
export async function writeConfig(folder: string, config: Readonly<Record<string, unknown>>): Promise<void> {
  await writeWhole(
    join(folder, runFiles.config),
    `# Everything that this run depends on, defaults filled in.\n${writeYaml(config)}`,
  );
}

/** Reads config.yaml back. Throws StorageError when it cannot be read, DataError when it is not YAML or no mapping. */
export async function readConfig(folder: string): Promise<Record<string, unknown>> {
  const path = join(folder, runFiles.config);
  const read = readYaml(await readText(path));
  if ("fault" in read) {
    const where = read.at ? ` at line ${read.at.line}, column ${read.at.column}` : "";
    throw new DataError(`${path} is not valid YAML: ${read.fault}${where}; mend that place`);
  }
  const config: unknown = read.value;
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new DataError(`${path} is not a list of "key: value" lines; restore it from a copy`);
  }
  return config as Record<string, unknown>;
}

/**
 * Writes summary.json, and forgets what an earlier try of the run had failed of. Throws StorageError when it cannot,
 * SulcusError when a number of it is not finite.
 */
export async function writeSummary(folder: string, summary: RunSummary): Promise<void> {
  expectFinite(join(folder, runFiles.summary), summary);
  await writeWhole(join(folder, runFiles.summary), `${toExactJson(summary, 2)}\n`);
  await removeFile(join(folder, runFiles.failure));
}

/** Reads summary.json back. Throws StorageError when it cannot be read, DataError when it is not a summary. */
export async function readSummary(folder: string): Promise<RunSummary> {
  const path = join(folder, runFiles.summary);
  const text = await readText(path);
  let value: unknown;
  try {
    value = fromExactJson(text);
  } catch {
    throw new DataError(`${path} is not a summary: it is not whole JSON; resume the run to write it again`);
  }
  const result = checked(RunSummary, value);
  if ("value" in result) return result.value;
  throw new DataError(`${path} is not a summary: ${result.fault}; resume the run to write it again`);
}
