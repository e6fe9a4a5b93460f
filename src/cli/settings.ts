import { inspect } from "node:util";
import { parseDocument } from "yaml";
import * as z from "zod";
import { didYouMean, UsageError } from "../compute/errors.ts";
import { assigned } from "./assignment.ts";
import { expectation, type SettingSchema } from "./expectation.ts";

/** Settings as a person wrote them, by where they were written; later members win over earlier ones. */
export interface SettingSources {
  /** Content of a configuration file, and its name for messages. */
  file?: { name: string; settings: Record<string, unknown> };
  /** Assignments "key=value": dotted keys, values in YAML. */
  assignments?: readonly string[];
  /** Values of explicit options. */
  options?: Record<string, unknown>;
}

const schemas = new WeakMap<z.ZodObject, SettingSchema>();

/** The settings of an experiment: what each expects, and its default where it has one. */
export function settingSchema(config: z.ZodObject): SettingSchema {
  const known = schemas.get(config);
  if (known) return known;
  const schema = z.toJSONSchema(config, { io: "input" }) as SettingSchema;
  const defaults = config.parse({});
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    if (defaults[name] !== undefined) property.default = defaults[name];
  schemas.set(config, schema);
  return schema;
}

/**
 * One set of valid settings of an experiment out of all sources. Holds only what a source said: which defaults fill the rest is for the
 * experiment to choose.
 *
 * @throws UsageError with one sentence on the first wrong key or value.
 */
export function resolveSettings(config: z.ZodObject, sources: SettingSources): Record<string, unknown> {
  const { file, assignments = [], options = {} } = sources;
  const schema = settingSchema(config);
  const check = (given: Record<string, unknown>, prefix: string) => checkSettings(config, schema, given, prefix);
  if (file) check(file.settings, `${file.name}: `);
  let settings: Record<string, unknown> = { ...file?.settings };
  for (const assignment of assignments) {
    const { path, value } = parseAssignment(assignment);
    const [root, ...rest] = path as [string, ...string[]];
    if (!Object.hasOwn(schema.properties ?? {}, root)) throw unknownSetting(schema, [], root);
    // A part of a setting can be assigned to even if only the defaults have the whole.
    const current = Object.hasOwn(settings, root) ? settings[root] : schema.properties?.[root]?.default;
    settings[root] = assigned(current, rest, value, root);
  }
  settings = { ...settings, ...options };
  check(settings, "");
  return settings;
}

/**
 * A YAML value in one line of text, such as "3e-4", "true" or "[512, 256]".
 *
 * @throws UsageError when it is not YAML; the message starts with `what`.
 */
export function parseValue(text: string, what: string): unknown {
  const document = parseDocument(text);
  const wrong = document.errors[0] ?? document.warnings[0];
  if (!wrong) {
    try {
      return document.toJS();
    } catch {
      // An alias without its anchor; YAML finds that out only here.
    }
  }
  throw new UsageError(`${what}: got ${JSON.stringify(text)}, expected a value in YAML, such as 12, text or [1, 2]`);
}

/** The number that a text is in YAML, else the text itself, for the message of whoever expected a number. */
export function parseNumber(text: string): number | string {
  const document = parseDocument(text);
  const value: unknown = document.errors.length > 0 ? text : document.toJSON();
  return typeof value === "number" ? value : text;
}

function parseAssignment(text: string): { path: string[]; value: unknown } {
  const equals = text.indexOf("=");
  if (equals < 1) {
    throw new UsageError(`--set: got ${JSON.stringify(text)}, expected key=value, such as --set epochs=5`);
  }
  const key = text.slice(0, equals).trim();
  return { path: key.split("."), value: parseValue(text.slice(equals + 1), key) };
}

/** @throws UsageError on the first issue, told in one sentence that starts with `prefix`. */
function checkSettings(
  config: z.ZodObject,
  schema: SettingSchema,
  settings: Record<string, unknown>,
  prefix: string,
): void {
  const issue = config.safeParse(settings, { reportInput: true }).error?.issues[0];
  if (!issue) return;
  const place = schemaAt(schema, issue.path);
  if (issue.code === "unrecognized_keys") throw unknownSetting(place, issue.path, issue.keys[0] ?? "", prefix);
  // Of a list that was given as a text, the entry.
  const value = issue.input;
  const hint = typeof value === "string" && place.enum ? didYouMean(value, place.enum as string[]) : "";
  const quotes = place.type === "string" && typeof value === "number" ? ` in quotes, such as '"${value}"'` : "";
  const expected = issue.code === "custom" ? issue.message : `expected ${expectation(place)}`;
  const sentence = `${issue.path.join(".")}: got ${shown(value)}, ${expected}${quotes}${hint}`;
  throw new UsageError(prefix + sentence);
}

function schemaAt(whole: SettingSchema, path: readonly PropertyKey[]): SettingSchema {
  return path.reduce<SettingSchema>(
    (schema, key) => (typeof key === "number" ? schema.items : schema.properties?.[String(key)]) ?? {},
    whole,
  );
}

function unknownSetting(place: SettingSchema, path: readonly PropertyKey[], key: string, prefix = ""): UsageError {
  const known = Object.keys(place.properties ?? {});
  const name = JSON.stringify([...path, key].join("."));
  return new UsageError(`${prefix}unknown setting ${name}${didYouMean(key, known)}; known: ${known.join(", ")}`);
}

/** A value as the message repeats it: on one line, and short. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  const text = typeof value === "string" ? JSON.stringify(value) : inspect(value, { breakLength: Infinity, depth: 1 });
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
