import type * as z from "zod";
import { UsageError } from "../kinds/errors.ts";
import type { DataSchema } from "../kinds/expectation.ts";
import { dataSchema, parsePlain, unknownSetting } from "../kinds/plain-data.ts";
import { shown } from "../kinds/shown.ts";
import { readYaml } from "../runs/record/yaml-text.ts";
import { assigned } from "./assignment.ts";

/** Settings as a person wrote them, by where they were written; later members win over earlier ones. */
export interface SettingSources {
  /** Content of a configuration file, and its name for messages. */
  file?: { name: string; settings: Record<string, unknown> };
  /** Assignments "key=value": dotted keys, values in YAML. */
  assignments?: readonly string[];
  /** Values of explicit options. */
  options?: Record<string, unknown>;
}

const schemas = new WeakMap<z.ZodObject, DataSchema>();

/** The settings of an experiment: what each expects, and its default where it has one. */
export function settingSchema(config: z.ZodObject): DataSchema {
  const known = schemas.get(config);
  if (known) return known;
  const schema = dataSchema(config);
  const defaults = config.parse({});
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    if (defaults[name] !== undefined) property.default = defaults[name];
  schemas.set(config, schema);
  return schema;
}

/**
 * One set of valid settings of an experiment out of all sources. Holds only what a source said: which defaults fill the
 * rest is for the experiment to choose.
 *
 * @throws UsageError with one sentence on the first wrong key or value.
 */
export function resolveSettings(config: z.ZodObject, sources: SettingSources): Record<string, unknown> {
  const { file, assignments = [], options = {} } = sources;
  const schema = settingSchema(config);
  if (file) check(config, file.settings, `${file.name}: `);
  let settings: Record<string, unknown> = { ...file?.settings };
  for (const assignment of assignments) {
    const { path, value } = parseAssignment(assignment);
    const [root, ...rest] = path as [string, ...string[]];
    const names = Object.keys(schema.properties ?? {});
    if (!names.includes(root)) throw new UsageError(unknownSetting([root], names));
    // A part of a setting can be assigned to even if only the defaults have the whole.
    const current = Object.hasOwn(settings, root) ? settings[root] : schema.properties?.[root]?.default;
    settings[root] = assigned(current, rest, value, root);
  }
  settings = { ...settings, ...options };
  check(config, settings, "");
  return settings;
}

/**
 * A YAML value in one line of text, such as "3e-4", "true" or "[512, 256]".
 *
 * @throws UsageError when it is not YAML; the message starts with `what`.
 */
export function parseValue(text: string, what: string): unknown {
  const read = readYaml(text);
  if ("value" in read) return read.value;
  throw new UsageError(`${what}: got ${shown(text)}, expected a value in YAML, such as 12, text or [1, 2]`);
}

/** The number that a text is in YAML, else the text itself, for the message of whoever expected a number. */
export function parseNumber(text: string): number | string {
  const read = readYaml(text);
  return "value" in read && typeof read.value === "number" ? read.value : text;
}

/** Path and value of an assignment "key=value". */
export function parseAssignment(text: string): { path: string[]; value: unknown } {
  const equals = text.indexOf("=");
  if (equals < 1) {
    throw new UsageError(`--set: got ${shown(text)}, expected key=value, such as --set epochs=5`);
  }
  const key = text.slice(0, equals).trim();
  return { path: key.split("."), value: parseValue(text.slice(equals + 1), key) };
}

/** @throws UsageError on the first fault, told in one sentence that starts with `prefix`. */
function check(config: z.ZodObject, settings: Record<string, unknown>, prefix: string): void {
  const parsed = parsePlain(config, settings);
  if ("fault" in parsed) throw new UsageError(prefix + parsed.fault);
}
