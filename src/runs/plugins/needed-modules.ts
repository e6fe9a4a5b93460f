import { SulcusError, UsageError } from "../../kinds/errors.ts";
import type { Library } from "../../kinds/library.ts";
import { loadPlugins } from "./load-plugins.ts";
import { moduleSources } from "./module-sources.ts";

/** A module whose plug-ins another process has to load, as plain data. */
export interface NeededModule {
  readonly module: string;
  readonly sha256: string;
}

/**
 * The modules of a library's plug-ins.
 *
 * @throws UsageError for a plug-in that a program has handed over, which another process cannot get
 */
export function neededModules({ used }: Pick<Library, "used">): NeededModule[] {
  const modules = new Map<string, NeededModule>();
  for (const { plugin, origin } of used) {
    if (origin === undefined)
      throw new UsageError(
        `plug-in "${plugin.name}" was handed over by a program, and worker processes load plug-ins from modules; name its module instead, such as use: ["./mine.ts"], or leave workers out`,
      );
    modules.set(origin.module, { module: origin.module, sha256: origin.sha256 });
  }
  return [...modules.values()];
}

/**
 * The library of another process, here.
 *
 * @throws SulcusError where a module has changed since
 */
export async function withModules(library: Library, modules: readonly NeededModule[]): Promise<Library> {
  let opened = library;
  for (const { module, sha256 } of modules) {
    const sources = moduleSources(module);
    if (sources.sha256 !== sha256)
      throw new SulcusError(
        `the plug-in ${module} has changed while the runs go on: its sha256 is ${sources.sha256}, and was ${sha256}; restore it, and go on by --resume`,
      );
    const { origin, plugins } = await loadPlugins(sources);
    for (const plugin of plugins) opened = opened.with(plugin, origin);
  }
  return opened;
}
