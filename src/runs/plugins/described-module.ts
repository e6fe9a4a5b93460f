import { UsageError } from "../../kinds/errors.ts";
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
 * @throws UsageError where it exports no such thing, or a description and settings are given; SulcusError naming the module and
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
      ? await throughModule(origin, async () => (exported as (given: Plain) => unknown)(settings), "module")
      : exported;
  if (typeof described === "object" && described !== null && !Array.isArray(described)) return described as Plain;
  throw new UsageError(
    `${file} exports ${shown(exported)} as default, expected the description of a run, with circuit, task, rule and optimiser, or a function of settings that returns one`,
  );
}
