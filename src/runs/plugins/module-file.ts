import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";

/** Characters of a path that messages show. */
const longestPath = 300;

/**
 * The file of a module that holds plug-ins, as an absolute path.
 *
 * @param named a path (`./mine.ts`, `/tmp/mine.mjs`, `mine.js`) or the name of a package
 * @param folder where relative paths and packages are looked for
 * @throws UsageError where there is neither
 */
export function moduleFile(named: string, folder = process.cwd()): string {
  const path = named.startsWith("file:") ? fileURLToPath(named) : resolve(folder, named);
  if (isFile(path)) return path;
  if (/^(file:|\.{0,2}[\\/])/.test(named) || isAbsolute(named))
    throw new UsageError(`there is no module ${shown(path, longestPath)}; give the path of a .js, .mjs or .ts file`);
  const packaged = packageFile(named, folder);
  if (packaged !== undefined) return packaged;
  throw new UsageError(
    `there is neither a file nor a package ${shown(named)}, seen from ${folder}; give a path such as ./mine.ts, or install the package there`,
  );
}

/** Whether a path leads to a file. */
export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/**
 * The file that importing a package from a folder loads; undefined where there is none. Node resolves packages from its own
 * modules alone in this way, and `require` would give the file that is meant for it.
 *
 * @param name of the package, with the path of an entry of it, if it is not the main one
 */
export function packageFile(name: string, folder: string): string | undefined {
  const [, packageName, entry = ""] = /^((?:@[^/]+\/)?[^/@.][^/]*)(\/.+)?$/.exec(name) ?? [];
  if (packageName === undefined) return undefined;
  const require = createRequire(join(folder, "module.js"));
  for (const modules of require.resolve.paths(packageName) ?? []) {
    const home = join(modules, packageName);
    const description = join(home, "package.json");
    if (!isFile(description)) continue;
    const { exports } = JSON.parse(readFileSync(description, "utf8")) as { exports?: unknown };
    if (exports === undefined) return required(require, name);
    const target = importTarget(entryOf(exports, `.${entry}`));
    return target === undefined ? undefined : join(home, target);
  }
  return undefined;
}

function required(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}

/** What a package exports under a path; the main entry may stand alone. */
function entryOf(exports: unknown, path: string): unknown {
  const paths =
    typeof exports === "object" && exports !== null && Object.keys(exports).some((key) => key.startsWith("."));
  if (paths) return (exports as Record<string, unknown>)[path];
  return path === "." ? exports : undefined;
}

/** The path that conditional exports name for an import in Node. */
function importTarget(exports: unknown): string | undefined {
  if (typeof exports === "string") return exports;
  if (typeof exports !== "object" || exports === null) return undefined;
  for (const [condition, target] of Object.entries(exports)) {
    if (!["import", "node", "module-sync", "default"].includes(condition)) continue;
    const found = importTarget(target);
    if (found !== undefined) return found;
  }
  return undefined;
}
