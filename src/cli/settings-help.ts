import type * as z from "zod";
import { expectation } from "../kinds/expectation.ts";
import { settingMeta } from "../runs/setting-meta.ts";
import { settingSchema } from "./settings.ts";

/** The settings of a schema, one a line, with what each expects, its default, and what it is where it says so. */
export function settingsHelp(config: z.ZodObject): string {
  const settings = Object.entries(settingSchema(config).properties ?? {});
  const width = Math.max(...settings.map(([name]) => name.length));
  const lines = settings.map(([name, schema]) => {
    const preset = schema.default === undefined ? "" : ` (default ${JSON.stringify(schema.default)})`;
    const help = settingMeta(config.shape[name])?.help;
    return `  ${name.padEnd(width)}  ${expectation(schema)}${preset}${help === undefined ? "" : `: ${help}`}`;
  });
  return ["\nSettings:", ...lines].join("\n");
}
