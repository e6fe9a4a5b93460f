import { parseDocument } from "yaml";
import { UsageError } from "../compute/errors.ts";
import { dataSchema, parsePlain, unknownSetting } from "../compute/plain-data.ts";
import { GevbConfig, type GevbOptions } from "../experiments/config.ts";
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

/** The settings of a run and what each expects. */
export const settingSchema = dataSchema(GevbConfig);

const defaults = GevbConfig.parse({}) as Record<string, unknown>;

/**
 * One set of valid settings out of all sources. Holds only what a source said: which defaults fill the rest is for the
 * experiment to choose.
 *
 * @throws UsageError with one sentence on the first wrong key or value.
 */
export function resolveSettings(sources: SettingSources): GevbOptions {
  const { file, assignments = [], options = {} } = sources;
  if (file) check(file.settings, `${file.name}: `);
  let settings: Record<string, unknown> = { ...file?.settings };
  for (const assignment of assignments) {
    const { path, value } = parseAssignment(assignment);
    const [root, ...rest] = path as [string, ...string[]];
    const known = Object.keys(settingSchema.properties ?? {});
    if (!known.includes(root)) throw new UsageError(unknownSetting([root], known));
    // A part of a setting can be assigned to even if only the defaults have the whole.
    const current = Object.hasOwn(settings, root) ? settings[root] : defaults[root];
    settings[root] = assigned(current, rest, value, root);
  }
  settings = { ...settings, ...options };
  check(settings, "");
  return settings as GevbOptions;
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

/** @throws UsageError on the first fault, told in one sentence that starts with `prefix`. */
function check(settings: Record<string, unknown>, prefix: string): void {
  const parsed = parsePlain(GevbConfig, settings);
  if ("fault" in parsed) throw new UsageError(prefix + parsed.fault);
}
