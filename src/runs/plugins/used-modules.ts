import { dirname, join, resolve } from "node:path";
import * as z from "zod";
import { DescriptionError, didYouMean, UsageError } from "../../kinds/errors.ts";
import type { Plugin } from "../../kinds/kind.ts";
import type { Library } from "../../kinds/library.ts";
import { parsePlain } from "../../kinds/plain-data.ts";
import { shown } from "../../kinds/shown.ts";
import { type LoadedModule, loadPlugins } from "./load-plugins.ts";
import { isFile, moduleFile } from "./module-file.ts";
import { type ModuleSources, moduleSources } from "./module-sources.ts";

/** A plug-in that a run uses, as config.yaml keeps it. */
export const UsedModule = z.strictObject({
  /** Absolute path of its module; absent where a program has handed the plug-in over. */
  module: z.string().min(1).optional(),
  plugin: z.string().min(1),
  version: z.string().optional(),
  sha256: z.string().optional(),
  /** Path of the copy in the run folder. */
  copy: z.string().optional(),
  /** Checksums that it had before, where the run went on with a changed module that somebody trusted; the latest last. */
  before: z.array(z.string()).optional(),
});
export type UsedModule = z.infer<typeof UsedModule>;

/** Those of config.yaml. */
export const UsedModules = z.array(UsedModule);

/** What a file says under "use": plug-ins of a run that was made, or modules that a person names. */
const Used = z.array(z.union([z.string().min(1), UsedModule]));

/** Modules and plug-ins that a command or program asks for. */
export interface PluginsAsked {
  /** Paths, names of packages, or plug-ins themselves. */
  readonly use?: readonly (string | Plugin)[] | undefined;
  /** Whether a module may differ from what a run has used before. */
  readonly trustChanged?: boolean | undefined;
}

/** What is recorded in a file of the plug-ins that it needs. */
export interface PluginsRecorded {
  /** The file, for messages and for relative paths in it. */
  readonly file: string;
  /** What stands there under "use". */
  readonly use: unknown;
}

/**
 * A library with the plug-ins that are asked for, and with those that a file has recorded. Of a plug-in that both name, the
 * module that is asked for is taken, which is how a module that has moved is found.
 *
 * @throws UsageError where a module is missing, holds no plug-in or has changed, or a name is taken; SulcusError where it throws
 */
export async function openLibrary(
  library: Library,
  { use = [], trustChanged = false }: PluginsAsked,
  recorded?: PluginsRecorded,
): Promise<Library> {
  const asked: LoadedModule[] = [];
  let opened = library;
  for (const module of use) {
    if (typeof module === "string") asked.push(await loadOnce(asked, moduleSources(moduleFile(module))));
    else opened = opened.with(module);
  }
  const entries = recorded === undefined ? [] : entriesOf(recorded);
  const needed: LoadedModule[] = [];
  for (const entry of entries) {
    const { file } = recorded!;
    if (typeof entry === "string") {
      needed.push(await loadOnce([...asked, ...needed], moduleSources(moduleFile(entry, dirname(resolve(file))))));
      continue;
    }
    const inProgram = opened.used.some(({ plugin }) => plugin.name === entry.plugin);
    const given = asked.find(({ plugins }) => plugins.some(({ name }) => name === entry.plugin));
    if (inProgram && given === undefined) continue;
    if (given) requireSame(entry, given.origin.sha256, { file, trustChanged, module: given.origin.module });
    else needed.push(await loadRecorded(entry, { file, trustChanged, loaded: needed }));
  }
  for (const { origin, plugins } of new Set([...needed, ...asked]))
    for (const plugin of plugins) opened = opened.with(plugin, origin);
  return opened;
}

/** The module of a file, which is not loaded again where it is loaded. */
async function loadOnce(loaded: readonly LoadedModule[], sources: ModuleSources): Promise<LoadedModule> {
  return loaded.find(({ origin }) => origin.module === sources.file) ?? loadPlugins(sources);
}

function entriesOf({ file, use }: PluginsRecorded): z.infer<typeof Used> {
  const parsed = parsePlain(Used, use ?? []);
  if ("value" in parsed) return parsed.value;
  throw new DescriptionError(`${file}, use: ${parsed.fault}`);
}

interface InFile {
  readonly file: string;
  readonly trustChanged: boolean;
}

async function loadRecorded(
  entry: UsedModule,
  { file, trustChanged, loaded }: InFile & { readonly loaded: readonly LoadedModule[] },
): Promise<LoadedModule> {
  const { plugin, module } = entry;
  const needs = `${file} needs the plug-in ${shown(plugin)}`;
  if (module === undefined)
    throw new UsageError(
      `${needs}, which a program has handed over; name its module by --use, such as --use ./mine.ts`,
    );
  if (!isFile(module)) {
    const copy = copyOf(entry, file);
    const remedy =
      copy === undefined ? "name its module by --use" : `the copy in the run folder may stand in: --use ${copy}`;
    throw new UsageError(`${needs}, and its module ${module} is gone; ${remedy}`);
  }
  // The checksum is looked at first: a changed module does not run unless it is trusted.
  const sources = moduleSources(module);
  requireSame(entry, sources.sha256, { file, trustChanged, module });
  const found = await loadOnce(loaded, sources);
  const names = found.plugins.map(({ name }) => name);
  if (names.includes(plugin)) return found;
  throw new UsageError(`${needs}, and its module ${module} has ${names.join(", ")}${didYouMean(plugin, names)}`);
}

/** @throws UsageError where a module is not the one that was recorded, unless it is trusted */
function requireSame(
  entry: UsedModule,
  sha256: string,
  { file, trustChanged, module }: InFile & { readonly module: string },
): void {
  if (trustChanged || entry.sha256 === undefined || entry.sha256 === sha256) return;
  const copy = copyOf(entry, file);
  const kept = copy === undefined ? "" : `, take the copy in the run folder (--use ${copy})`;
  throw new UsageError(
    `the plug-in ${shown(entry.plugin)} of ${file} has changed: ${module} has the sha256 ${sha256}, and was ${entry.sha256}; restore it${kept}, or go on with the changed one by --trust-changed`,
  );
}

/** The copy that a run folder keeps, where it does. */
function copyOf({ copy }: UsedModule, file: string): string | undefined {
  const path = copy === undefined ? undefined : join(dirname(file), copy);
  return path !== undefined && isFile(path) ? path : undefined;
}
