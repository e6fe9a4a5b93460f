import { type Command, Option } from "commander";
import type * as z from "zod";
import { largestSeed } from "../../compute/random-state.ts";
import { UsageError } from "../../kinds/errors.ts";
import type { KindIn } from "../../kinds/kind.ts";
import type { Library } from "../../kinds/library.ts";
import { shown } from "../../kinds/shown.ts";
import type { Shortcut } from "../../runs/experiment.ts";
import { type SettingMeta, settingMeta } from "../../runs/setting-meta.ts";
import type { Sweep } from "../../runs/sweep.ts";
import { parseSweepValues } from "../../runs/sweep-values.ts";
import { parseNumber, type SettingValue } from "../settings.ts";
import type { Given } from "./given.ts";
import { valued } from "./valued.ts";

/** A setting of an experiment that has an option of its own. */
export interface SettingOption {
  /** Dotted path in the settings. */
  readonly path: string;
  readonly flag: string;
  /** The name that Commander gives it. */
  readonly attribute: string;
  readonly type: "number" | "boolean" | "list" | "text";
  readonly schema?: z.ZodType;
  readonly meta: SettingMeta;
  /** What makes the setting out of a text. */
  readonly of?: Shortcut["of"] | undefined;
}

/** Options that every command of an experiment has, which no setting takes. */
const taken = [
  "seed",
  "seeds",
  "out",
  "resume",
  "set",
  "json",
  "workers",
  "dry-run",
  "config",
  "use",
  "trust-changed",
  "help",
];

/**
 * The options of an experiment: a setting that has a help text, in the order of the settings, then measures that a single value
 * asks for, then what lies deeper.
 */
export function settingOptions({ settings, shortcuts = {} }: KindIn<"experiment">, library: Library): SettingOption[] {
  const own = Object.entries(settings.shape).flatMap(([name, schema]) => {
    const meta = settingMeta(schema);
    return meta?.help === undefined ? [] : [optionOf(name, name, meta, schema as z.ZodType)];
  });
  const deeper = Object.entries(shortcuts).map(([name, { setting, help, value = "n", of }]) => ({
    ...optionOf(name, setting, { help, value, sweep: of === undefined }),
    of,
  }));
  const measures = library.list("measure").flatMap(({ kind, shorthand, summary, settings: { shape } }) => {
    if (shorthand === undefined || Object.hasOwn(settings.shape, kind)) return [];
    const schema = shape[shorthand] as z.ZodType;
    return [
      optionOf(
        kind,
        kind,
        { ...settingMeta(schema), help: settingMeta(schema)?.help ?? summary, sweep: false },
        schema,
      ),
    ];
  });
  return [...own, ...measures, ...deeper].filter(({ flag }) => !taken.includes(flag));
}

function optionOf(name: string, path: string, meta: SettingMeta, schema?: z.ZodType): SettingOption {
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const attribute = flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return { path, flag, attribute, type: schema ? typeOf(schema) : "number", ...(schema && { schema }), meta };
}

/** What a schema takes, without its default and what else surrounds it. */
function typeOf(schema: z.ZodType): SettingOption["type"] {
  const { type, innerType, in: before, out } = schema._zod.def as unknown as Definition;
  if (innerType) return typeOf(innerType);
  // What is made of a value before it is checked takes texts.
  if (type === "pipe") return before?._zod.def.type === "transform" ? "text" : typeOf((before ?? out)!);
  if (type === "number" || type === "int") return "number";
  if (type === "boolean") return "boolean";
  return type === "array" ? "list" : "text";
}

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
}

/** The option of a setting in `sulcus run`. */
export function runOption({ flag, type, schema, meta }: SettingOption): Option {
  const { help = "", value = type === "number" ? "n" : "name" } = meta;
  if (meta.flag !== undefined) return new Option(`--${flag}`, help).preset(meta.flag);
  if (type !== "boolean") return valued(`--${flag} <${value}>`, help);
  const isOn = schema?.safeParse(undefined).data === true;
  return new Option(isOn ? `--no-${flag}` : `--${flag}`, isOn ? (meta.off ?? `not: ${help}`) : help);
}

/** Whether an option puts something into the place of a part as a whole. */
export const isWhole = ({ of, path }: SettingOption): boolean => of !== undefined && !path.includes(".");

/** The settings that a sweep offers as options. */
export const sweepable = (options: readonly SettingOption[]): SettingOption[] =>
  options.filter(({ meta }) => meta.sweep !== false);

/** Declares options of settings. */
export function declareSettings(command: Command, options: readonly SettingOption[], prefix = ""): void {
  for (const option of options.map(runOption)) {
    option.description = prefix + option.description;
    command.addOption(option);
  }
}

/** Settings that options gave, as plain data. */
export function givenSettings(given: Given, options: readonly SettingOption[]): SettingValue[] {
  return options.flatMap(({ attribute, path, type, schema, of }): SettingValue[] => {
    if (!Object.hasOwn(given, attribute)) return [];
    const value = given[attribute];
    if (of) return [[path, (current: unknown) => of(value as string, current)]];
    if (typeof value !== "string") return [[path, value]];
    if (type === "number") return [[path, parseNumber(value)]];
    const list = type === "list" && !schema?.safeParse(value).success;
    return [[path, list ? value.split(",").map((part) => parseNumber(part.trim())) : value]];
  });
}

/** Several values of settings that options gave. */
export function givenSweep(given: Given, options: readonly SettingOption[]): Sweep {
  return Object.fromEntries(
    options.flatMap(({ attribute, path, flag, meta }) => {
      if (!Object.hasOwn(given, attribute)) return [];
      const text = given[attribute] as string;
      const values = parseSweepValues(text, meta.counted);
      if (typeof values !== "string") return [[path, values]];
      throw new UsageError(`--${flag}: got ${shown(text)}, expected ${values}`);
    }),
  );
}

/** Assignments of several values, "optimiser.rate=0.1,0.01", apart from those of one, and of settings that take lists. */
export function sweepInAssignments(
  assignments: readonly string[],
  { settings }: KindIn<"experiment">,
): { readonly sweep: Sweep; readonly rest: string[] } {
  const rest: string[] = [];
  const sweep: Record<string, Sweep[string]> = {};
  for (const assignment of assignments) {
    const equals = assignment.indexOf("=");
    const [path, text] = [assignment.slice(0, equals).trim(), assignment.slice(equals + 1).trim()];
    const values = equals < 1 || /^["'[{]/.test(text) || takesList(settings, path) ? text : parseSweepValues(text);
    if (typeof values === "string" || values.length < 2) rest.push(assignment);
    else sweep[path] = values;
  }
  return { sweep, rest };
}

/** Whether a text with commas is a list that the setting itself takes: "rule=gevb,bp". */
const takesList = ({ shape }: z.ZodObject, path: string): boolean =>
  Object.hasOwn(shape, path) && isList(shape[path] as z.ZodType);

function isList(schema: z.ZodType): boolean {
  const { type, innerType, out } = schema._zod.def as unknown as Definition;
  if (innerType) return isList(innerType);
  return type === "pipe" && out !== undefined ? isList(out) : type === "array";
}

/** The one seed that --seed names, or the seeds of --seeds, as a setting. */
export function givenSeeds(given: Given, counted: boolean): SettingValue[] {
  const { seed: one, seeds } = given as { seed?: string; seeds?: string };
  if (one !== undefined && seeds !== undefined)
    throw new UsageError("--seed and --seeds cannot be given together; --seed 3 is one seed, --seeds 1..5 are several");
  if (seeds !== undefined) return [["seeds", counted ? rangeOf(seeds) : seeds]];
  if (one === undefined) return [];
  const seed = parseNumber(one);
  if (typeof seed === "number" && Number.isSafeInteger(seed) && seed >= 0) return [["seeds", [seed]]];
  throw new UsageError(
    `--seed: got ${shown(one)}, expected a whole number from 0 to ${largestSeed}; for several seeds use --seeds`,
  );
}

/** A number of seeds as their range; which seeds, as they are. */
function rangeOf(text: string): string {
  if (!/^\s*\d+\s*$/.test(text)) return text;
  if (Number(text) >= 1) return `1..${text.trim()}`;
  throw new UsageError(`--seeds: got ${shown(text)}, expected at least 1 seed; the one seed 0 is --seed 0`);
}
