import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { firstLine, UsageError } from "../../kinds/errors.ts";
import { isFile } from "./module-file.ts";

/** The text of a module and of the files that it imports by relative paths. */
export interface ModuleSources {
  /** Absolute path of the module. */
  readonly file: string;
  /** Absolute paths of all its files, the module first. */
  readonly files: readonly string[];
  /** Text of each file, by its path from the deepest folder that holds all of them, with slashes. */
  readonly texts: Readonly<Record<string, string>>;
  /**
   * SHA-256 of the module, hexadecimal, as `sha256sum` tells it. Where it imports other files by relative paths: that of a list
   * of all files' sums, sorted by path, a line "sum  path" for each.
   */
  readonly sha256: string;
}

const sum = (text: string) => createHash("sha256").update(text).digest("hex");

/** Relative paths after `from`, `import` or `import(`, also for types alone. */
const relativeImport = /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"'\n]+)["']/g;

/**
 * Reads a module and what it imports by relative paths, at any depth. Packages are not looked into.
 *
 * @throws UsageError where a file cannot be read
 */
export function moduleSources(file: string): ModuleSources {
  const read = new Map<string, string>();
  const visit = (path: string) => {
    if (read.has(path)) return;
    const text = textOf(path);
    read.set(path, text);
    if (path.endsWith(".json")) return;
    for (const [, target] of text.matchAll(relativeImport)) {
      const found = importedFile(resolve(dirname(path), target!));
      if (found !== undefined) visit(found);
    }
  };
  visit(file);
  const files = [...read.keys()];
  const home = commonFolder(files);
  const entries = files.map((path) => [relative(home, path).split(sep).join("/"), read.get(path)!] as const);
  const listed = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, text]) => `${sum(text)}  ${name}\n`);
  return {
    file,
    files,
    texts: Object.fromEntries(entries),
    sha256: entries.length === 1 ? sum(read.get(file)!) : sum(listed.join("")),
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`the module ${path} cannot be read: ${firstLine(error)}`);
  }
}

/** The file of a relative import; undefined where none is there, which the import itself tells. */
function importedFile(path: string): string | undefined {
  return [path, path.replace(/\.(m?)js$/, ".$1ts"), `${path}.ts`, `${path}.js`].find(isFile);
}

function commonFolder(files: readonly string[]): string {
  let folder = dirname(files[0]!);
  while (!files.every((file) => file.startsWith(folder.endsWith(sep) ? folder : folder + sep)))
    folder = dirname(folder);
  return folder;
}
