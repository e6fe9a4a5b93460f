import { dirname, extname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { UsageError } from "../../kinds/errors.ts";
import { packageFile } from "./module-file.ts";
import { serveOwnPackage } from "./own-package.ts";

/** Checksum with which each file has been imported: what Node has loaded once, it does not read again. */
const imported = new Map<string, string>();

/**
 * What a module exports. TypeScript is read by Node itself where it can (22.18 on), else by the package tsx.
 *
 * @param file absolute path
 * @param sha256 of its text: a file that has changed since it was last imported is imported anew
 * @throws UsageError for TypeScript that nothing here reads; what the module itself throws
 */
export async function importModule(file: string, sha256: string): Promise<Readonly<Record<string, unknown>>> {
  // A stack trace shall reach the module's own line from deep within Sulcus, and lead to the source of what was built.
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, deepestTrace);
  process.setSourceMapsEnabled?.(true);
  const { href } = pathToFileURL(file);
  const again = imported.has(file) && imported.get(file) !== sha256;
  const found = await importFrom(file, again ? `${href}?sha256=${sha256}` : href);
  if (!again) imported.set(file, sha256);
  return found as Readonly<Record<string, unknown>>;
}

const deepestTrace = 100;

const isTypeScript = (file: string) => [".ts", ".mts"].includes(extname(file));

async function importFrom(file: string, url: string): Promise<unknown> {
  if (isTypeScript(file) && !process.features.typescript) await readByTsx(file);
  serveOwnPackage();
  return import(url);
}

/** Whether tsx reads TypeScript already. */
let reading = false;

/** Lets the package tsx read TypeScript from now on, as the module finds it, or the working directory, or Sulcus. */
async function readByTsx(file: string): Promise<void> {
  if (reading) return;
  const folders = [dirname(file), process.cwd(), dirname(fileURLToPath(import.meta.url))];
  const reader = folders.map((folder) => packageFile("tsx/esm/api", folder)).find((found) => found !== undefined);
  if (reader === undefined)
    throw new UsageError(
      `${file} is TypeScript, which Node ${process.versions.node} does not read; build it to JavaScript, install the package tsx beside it (npm install tsx), or take Node 22.18 or newer`,
    );
  const { register } = (await import(pathToFileURL(reader).href)) as { register: () => unknown };
  register();
  serveOwnPackage(true);
  reading = true;
}
