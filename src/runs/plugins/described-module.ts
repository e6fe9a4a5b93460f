import { didYouMean, UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import { importModule } from "./import-module.ts";
import { originOf, throughModule } from "./load-plugins.ts";
import { moduleSources } from "./module-sources.ts";

type Plain = Readonly<Record<string, unknown>>;

/** Whether a file is a module, and no YAML. */
export const isModule = (file: string): boolean => /\.m?[jt]s$/.test(file);

/**
 * The run that a module exports as default: its description, or a function from settings to one, which may take its time.
 *
 * @param settings for the function
 * @throws UsageError where it exports no such thing, a description and settings are given, or the function does not look at one of
 * them; SulcusError naming the module and
 * its line where it throws
 */
export async function describedIn(file: string, settings: Plain): Promise<Plain> {
  const sources = moduleSources(file);
  const origin = originOf(sources);
  const { default: exported } = await throughModule(origin, () => importModule(file, sources.sha256), "module");
  const names = Object.keys(settings);
  if (typeof exported !== "function" && names.length > 0)
    throw new UsageError(
      `${file} exports a description, which has no setting ${shown(names[0])}; export a function of settings as default, or set a part of the run`,
    );
  const described: unknown =
    typeof exported === "function"
      ? await throughModule(
          origin,
          () => whileReading(file, settings, (given) => (exported as (given: Plain) => unknown)(given)),
          "module",
        )
      : exported;
  if (typeof described === "object" && described !== null && !Array.isArray(described)) return described as Plain;
  throw new UsageError(
    `${file} exports ${shown(exported)} as default, expected the description of a run, with circuit, task, rule and optimiser, or a function of settings that returns one`,
  );
}

/**
 * What a function of settings gives, which may be a promise.
 *
 * @throws UsageError for a setting that it does not look at, as one whose name is misspelt; whoever lists the names looks at all
 */
async function whileReading(file: string, settings: Plain, describe: (given: Plain) => unknown): Promise<unknown> {
  const read = new Set<string>();
  let listed = false;
  const watched = new Proxy(settings, {
    get: (target, name) => {
      read.add(String(name));
      return target[String(name)];
    },
    ownKeys: (target) => {
      listed = true;
      return Reflect.ownKeys(target);
    },
  });
  const described = await describe(watched);
  const unread = Object.keys(settings).find((name) => !read.has(name));
  if (listed || unread === undefined) return described;
  const known = [...read];
  throw new UsageError(
    `${file} makes nothing of the setting ${shown(unread)}${didYouMean(unread, known)}; ${known.length === 0 ? "its function reads none" : `its function reads ${known.join(", ")}`}`,
  );
}
