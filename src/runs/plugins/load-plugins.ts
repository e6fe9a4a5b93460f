import { realpathSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { firstLine, SulcusError, UsageError } from "../../kinds/errors.ts";
import { definePlugin, type Origin, type Plugin } from "../../kinds/plugin.ts";
import { namingPlugin } from "../../kinds/plugin-fault.ts";
import { shown } from "../../kinds/shown.ts";
import { importModule } from "./import-module.ts";
import type { ModuleSources } from "./module-sources.ts";

/** A module and the plug-ins that it exports. */
export interface LoadedModule {
  readonly origin: Origin;
  readonly plugins: readonly Plugin[];
}

/**
 * The plug-ins that a module exports as default: one of `definePlugin`, or a list of them.
 *
 * @throws UsageError where it exports none, SulcusError naming the module and its line where it throws
 */
export async function loadPlugins(sources: ModuleSources): Promise<LoadedModule> {
  const { file } = sources;
  const origin = originOf(sources);
  const content = await throughModule(origin, () => importModule(file, sources.sha256));
  const found = [content.default].flat();
  if (content.default === undefined || found.length === 0 || !found.every(isPlugin))
    throw new UsageError(
      `${file} exports ${shown(content.default)} as default, expected a plug-in or a list of plug-ins; write export default definePlugin({ name: "mine", parts: [...] })`,
    );
  return { origin, plugins: await throughModule(origin, async () => found.map(definePlugin)) };
}

/** Where a module's plug-ins come from. */
export function originOf({ file, files, sha256, texts }: ModuleSources): Origin {
  const paths = files.flatMap((path) => [...new Set([path, realpathSync(path)])]);
  return { module: file, sha256, files: paths.flatMap((path) => [path, pathToFileURL(path).href]), texts };
}

/** What is thrown while a module is read names the module. */
async function throughModule<T>(origin: Origin, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const told = namingPlugin(error, { used: [{ plugin: { name: basename(origin.module), parts: [] }, origin }] });
    throw told instanceof SulcusError
      ? told
      : new SulcusError(`the plug-in ${origin.module} cannot be loaded: ${firstLine(error)}`, { cause: error });
  }
}

const isPlugin = (value: unknown): value is Plugin =>
  typeof value === "object" && value !== null && "name" in value && "parts" in value;
