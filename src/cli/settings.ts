import * as z from "zod";
import { UsageError } from "../kinds/errors.ts";
import type { DataSchema } from "../kinds/expectation.ts";
import { dataSchema, parsePlain } from "../kinds/plain-data.ts";
import { shown } from "../kinds/shown.ts";
import { assignedSetting, pathOf } from "../runs/assignment.ts";
import { readYaml } from "../runs/record/yaml-text.ts";

/** A setting by its dotted path, and its value, or what makes it out of the value that is there. */
export type SettingValue = readonly [path: string, value: unknown | ((current: unknown) => unknown)];

/** Settings as a person wrote them, by where they were written; later members win over earlier ones. */
export interface SettingSources {
  /** Content of a configuration file, and its name for messages. */
  file?: { name: string; settings: Readonly<Record<string, unknown>> } | undefined;
  /** What options put into the place of a part as a whole, which assignments may change. */
  wholes?: readonly SettingValue[];
  /** Assignments "key=value": dotted keys, values in YAML. */
  assignments?: readonly string[];
  /** Values of explicit options. */
  options?: readonly SettingValue[];
}

/** What each setting of a schema expects, and its default where it has one. */
export function settingSchema(config: z.ZodObject): DataSchema {
  const schema = dataSchema(config);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const preset = (config.shape[name] as z.ZodType).safeParse(undefined);
    if (preset.success && preset.data !== undefined) property.default = preset.data;
  }
  return schema;
}

/**
 * One set of valid settings of an experiment out of all sources. Holds only what a source said: which defaults fill the
 * rest is for the experiment to choose.
 *
 * @param settled whether all settings that have to be given are there; false where a sweep gives others
 * @throws UsageError with one sentence on the first wrong key or value.
 */
export function resolveSettings(
  config: z.ZodObject,
  { file, wholes = [], assignments = [], options = [] }: SettingSources,
  settled = true,
): Record<string, unknown> {
  const partial = z.object(optional(config)).catchall(config.def.catchall ?? z.never());
  if (file) check(partial, file.settings, `${file.name}: `);
  const pathed = ([path, value]: SettingValue) => ({ path: pathOf(path), value });
  const given = [...wholes.map(pathed), ...assignments.map(parseAssignment), ...options.map(pathed)];
  const settings = given.reduce<Readonly<Record<string, unknown>>>(
    (rest, { path, value }) =>
      assignedSetting(config, rest, path, typeof value === "function" ? value(partAt(rest, path)) : value),
    { ...file?.settings },
  );
  check(settled ? config : partial, settings, "");
  return settings;
}

/** What is at a path; undefined where nothing is. */
const partAt = (settings: unknown, path: readonly string[]): unknown =>
  path.reduce((part, key) => (part as Record<string, unknown> | undefined)?.[key], settings);

/** The same settings, of which none has to be given. */
const optional = ({ shape }: z.ZodObject) =>
  Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, (schema as z.ZodType).optional()]));

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
  return { path: pathOf(key), value: parseValue(text.slice(equals + 1), key) };
}

/** @throws UsageError on the first fault, told in one sentence that starts with `prefix`. */
function check(config: z.ZodObject, settings: Readonly<Record<string, unknown>>, prefix: string): void {
  const parsed = parsePlain(config, settings);
  if ("fault" in parsed) throw new UsageError(prefix + parsed.fault);
}
