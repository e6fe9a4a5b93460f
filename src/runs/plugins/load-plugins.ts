import { realpathSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { firstLine, SulcusError, UsageError } from "../../kinds/errors.ts";
import type { Origin, Plugin } from "../../kinds/kind.ts";
import { definePlugin } from "../../kinds/plugin.ts";
import { namingModule } from "../../kinds/plugin-fault.ts";
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
  const found: readonly unknown[] = [content.default].flat();
  if (content.default === undefined || found.length === 0 || !found.every(isPlugin))
    throw new UsageError(
      `${file} exports ${shown(content.default)} as default, expected a plug-in or a list of plug-ins; write export default definePlugin({ name: "mine", parts: [...] })`,
    );
  return {
    origin,
    plugins: await throughModule(origin, async () => found.map((plugin) => definePlugin(plugin as Plugin))),
  };
}

/** Where a module's plug-ins come from. */
export function originOf({ file, files, sha256, texts }: ModuleSources): Origin {
  const paths = files.flatMap((path) => [...new Set([path, realpathSync(path)])]);
  return { module: file, sha256, files: paths.flatMap((path) => [path, pathToFileURL(path).href]), texts };
}

/**
 * Awaits what a module does. What it throws names the module.
 *
 * @param what it is taken for
 */
export async function throughModule<T>(
  origin: Origin,
  work: () => Promise<T>,
  what: "plug-in" | "module" = "plug-in",
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error) error.message = inOneLine(error);
    const told = namingModule(error, [{ called: `${what} ${shown(basename(origin.module))}`, origin }]);
    if (told instanceof SulcusError) throw told;
    const where = error instanceof SyntaxError ? await syntaxFault(origin) : "";
    throw new SulcusError(`the ${what} ${origin.module}${where} cannot be loaded: ${firstLine(error)}`, {
      cause: error,
    });
  }
}

const isPlugin = (value: unknown): value is Plugin =>
  typeof value === "object" && value !== null && "name" in value && "parts" in value;

/** ":12:5", where a text is no JavaScript: Node tells the place on stderr alone. Nothing where it is none, or TypeScript. */
async function syntaxFault({ module, texts = {} }: Origin): Promise<string> {
  const { parse } = await import("acorn");
  const [text = ""] = Object.values(texts);
  if (!/\.m?js$/.test(module)) return "";
  try {
    parse(text, { ecmaVersion: "latest", sourceType: "module" });
    return "";
  } catch (error) {
    const { loc } = error as { loc?: { line: number; column: number } };
    return loc ? `:${loc.line}:${loc.column + 1}` : "";
  }
}

/** tsx tells what is wrong in a line of its own. Node reads TypeScript without what has to be compiled. */
function inOneLine({ message, code }: Error & { code?: string }): string {
  if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX")
    return `${message.split("\n").at(-1)!.trim()}; write it otherwise, or build the module to JavaScript`;
  return /ERROR: (.+)/.exec(message)?.[1] ?? message;
}
