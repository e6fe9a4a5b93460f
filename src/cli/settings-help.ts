import type * as z from "zod";
import { expectation } from "../kinds/expectation.ts";
import { settingSchema } from "./settings.ts";

/** The settings that --set and a configuration file know, one a line, with what each expects and its default. */
export function settingsHelp(config: z.ZodObject, except: readonly string[] = []): string {
  const settings = Object.entries(settingSchema(config).properties ?? {}).filter(([name]) => !except.includes(name));
  const width = Math.max(...settings.map(([name]) => name.length));
  const lines = settings.map(([name, schema]) => {
    const preset = schema.default === undefined ? "" : ` (default ${JSON.stringify(schema.default)})`;
    return `  ${name.padEnd(width)}  ${expectation(schema)}${preset}`;
  });
  return ["\nSettings:", ...lines].join("\n");
}
