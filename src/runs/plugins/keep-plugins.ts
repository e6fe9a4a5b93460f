import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Library, Origin, UsedPlugin } from "../../kinds/kind.ts";
import { writeWhole } from "../record/atomic-file.ts";
import { exists, makeFolder } from "../record/make-folder.ts";
import { runFiles } from "../record/run-files.ts";
import { readConfig, writeConfig } from "../record/run-folder.ts";
import { type PluginsRecorded, type UsedModule, UsedModules } from "./used-modules.ts";

/** Folder of copies in a run folder. */
export const pluginFolder = "plugins";

/** What a run folder keeps of the plug-ins that its run uses. */
export interface KeptPlugins {
  /** For config.yaml, under "use". */
  readonly use: readonly UsedModule[];
  /** Text of each copy, by its path in the run folder. */
  readonly copies: Readonly<Record<string, string>>;
}

/**
 * What to keep of a library's plug-ins: a module of one file as plugins/mine.ts, one of several in a folder plugins/mine. A
 * changed module, and a second one of the same name, has its checksum's first letters in the name, so that no copy is written
 * over.
 *
 * @param earlier what config.yaml has kept so far, where a run goes on
 */
export function keptPlugins({ used }: Pick<Library, "used">, earlier: readonly UsedModule[] = []): KeptPlugins {
  const copies: Record<string, string> = {};
  const taken = new Map(earlier.flatMap(({ copy, sha256 }) => (copy === undefined ? [] : [[copy, sha256]])));
  const use = used.map(({ plugin, origin }): UsedModule => {
    const before = earlier.find((entry) => entry.plugin === plugin.name);
    if (origin === undefined) return before ?? { plugin: plugin.name, ...versionOf(plugin) };
    const { module, sha256 } = origin;
    const copy = copyName(origin, taken);
    taken.set(copy, sha256);
    for (const [path, text] of copiesOf(origin, copy)) copies[path] = text;
    const sums = [
      ...(before?.before ?? []),
      ...(before?.sha256 === undefined || before.sha256 === sha256 ? [] : [before.sha256]),
    ];
    return {
      module,
      plugin: plugin.name,
      ...versionOf(plugin),
      sha256,
      copy,
      ...(sums.length > 0 ? { before: sums } : {}),
    };
  });
  return { use, copies };
}

const versionOf = ({ version }: UsedPlugin["plugin"]) => (version === undefined ? {} : { version });

/** Path of a module's copy: the first free of its own name and one with its checksum. */
function copyName(origin: Origin, taken: ReadonlyMap<string, string | undefined>): string {
  const { sha256, texts = {} } = origin;
  const [path = "module.js"] = Object.keys(texts);
  const alone = Object.keys(texts).length === 1;
  const [stem, ending] = splitEnding(path.split("/").at(-1)!);
  const named = (suffix: string) =>
    alone ? `${pluginFolder}/${stem}${suffix}${ending}` : `${pluginFolder}/${stem}${suffix}/${path}`;
  const plain = named("");
  return !taken.has(plain) || taken.get(plain) === sha256 ? plain : named(`-${sha256.slice(0, 8)}`);
}

function splitEnding(name: string): [stem: string, ending: string] {
  const at = name.lastIndexOf(".");
  return at > 0 ? [name.slice(0, at), name.slice(at)] : [name, ""];
}

/** Path and text of every file of a copy, given the path of the module itself. */
function copiesOf({ texts = {} }: Origin, copy: string): [string, string][] {
  const [first = ""] = Object.keys(texts);
  const home = copy.slice(0, copy.length - first.length);
  return Object.keys(texts).length === 1
    ? [[copy, texts[first]!]]
    : Object.entries(texts).map(([path, text]) => [home + path, text]);
}

/**
 * Keeps copies of a library's plug-ins in a run folder.
 *
 * @param earlier what config.yaml has under "use", where a run goes on
 * @returns what config.yaml shall have there; nothing where there are none
 * @throws StorageError
 */
export async function keepPlugins(
  folder: string,
  library: Pick<Library, "used">,
  earlier?: unknown,
): Promise<{ readonly use?: readonly UsedModule[] }> {
  const { use, copies } = keptPlugins(library, UsedModules.safeParse(earlier).data);
  for (const [path, text] of Object.entries(copies)) {
    const copy = join(folder, ...path.split("/"));
    if (await exists(copy)) continue;
    await makeFolder(dirname(copy));
    await writeWhole(copy, text);
  }
  return use.length > 0 ? { use } : {};
}

/**
 * Keeps in config.yaml which plug-ins a run goes on with: others than it began with only where somebody has trusted a changed
 * one, or has added one.
 *
 * @throws StorageError, DataError where the folder cannot be read or written
 */
export async function updatePlugins(folder: string, library: Pick<Library, "used">): Promise<void> {
  const { use: earlier, ...config } = await readConfig(folder);
  const kept = await keepPlugins(folder, library, earlier);
  if (kept.use === undefined || isDeepStrictEqual(kept.use, earlier)) return;
  const { experiment, label, condition, ...rest } = config;
  const naming = Object.fromEntries(
    Object.entries({ experiment, label, condition }).filter(([, value]) => value !== undefined),
  );
  await writeConfig(folder, { ...naming, ...kept, ...rest });
}

/** The plug-ins that config.yaml of a folder names; undefined where there is none. */
export async function pluginsIn(folder: string): Promise<PluginsRecorded | undefined> {
  const file = join(folder, runFiles.config);
  return (await exists(file)) ? { file, use: (await readConfig(folder)).use } : undefined;
}
