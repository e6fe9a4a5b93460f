import type * as z from "zod";
import { didYouMean, UsageError } from "../kinds/errors.ts";
import { unknownSetting } from "../kinds/plain-data.ts";
import { shown } from "../kinds/shown.ts";

/** Settings as plain data. */
type Plain = Readonly<Record<string, unknown>>;

/**
 * Settings in which the part at a dotted path is replaced. A part of a setting can be assigned to also where the default alone has
 * the whole.
 *
 * @param schema of the settings
 * @param path as `pathOf` gives it
 * @throws UsageError where there is no such setting, or no such part of it
 */
export function assignedSetting(schema: z.ZodObject, settings: Plain, path: readonly string[], value: unknown): Plain {
  const [root, ...rest] = path as [string, ...string[]];
  const names = Object.keys(schema.shape);
  const known = Object.hasOwn(schema.shape, root);
  if (!known && schema.def.catchall?._zod.def.type === "never") throw new UsageError(unknownSetting([root], names));
  const current = Object.hasOwn(settings, root) ? settings[root] : defaultOf(known ? schema.shape[root]! : undefined);
  return { ...settings, [root]: assigned(current, rest, value, root) };
}

/** The parts of a dotted path: "circuit.populations.v1.units". */
export const pathOf = (text: string): string[] => text.split(".");

function defaultOf(schema: z.core.$ZodType | undefined): unknown {
  return (schema as z.ZodType | undefined)?.safeParse(undefined).data;
}

/**
 * A copy of a plain value in which the part at a path is replaced: `assigned([1024, 512], ["1"], 256)` is [1024, 256]. In a list of
 * what has names, such as populations, a name leads to its member. Parts of an object may be new, parts of a list may not. A
 * text is the bare name of a kind, which a setting is given to.
 *
 * @param name Dotted name of the value, for messages.
 * @throws UsageError where the path leads into something that has no such part.
 */
export function assigned(current: unknown, path: readonly string[], value: unknown, name: string): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const inner = `${name}.${key}`;
  if (Array.isArray(current)) {
    const index = placeIn(current, key, name);
    return current.with(index, assigned(current[index], rest, value, inner));
  }
  if (typeof current === "object" && current !== null) {
    const part = Object.hasOwn(current, key) ? (current as Record<string, unknown>)[key] : undefined;
    // A computed key makes an own property even of "__proto__".
    return { ...current, [key]: assigned(part, rest, value, inner) };
  }
  if (typeof current === "string") return { kind: current, [key]: assigned(undefined, rest, value, inner) };
  // Deep in a description, what holds a part is often left to defaults.
  if (current === undefined && name.includes(".") && !/^\d+$/.test(key))
    return { [key]: assigned(undefined, rest, value, inner) };
  if (current === undefined)
    throw new UsageError(`${shown(inner)} cannot be set, since ${name} is not set; set the whole of ${name}`);
  throw new UsageError(`${shown(inner)} cannot be set, since ${name} is one value without parts`);
}

/** The index that a key means in a list: itself, or that of the member of that name; a projection is called "pre->post" as well. */
function placeIn(list: readonly unknown[], key: string, name: string): number {
  const names = list.map((member) => {
    const { name: own, pre, post } = (member ?? {}) as Readonly<Record<string, unknown>>;
    return own ?? (typeof pre === "string" && typeof post === "string" ? `${pre}->${post}` : undefined);
  });
  const named = names.indexOf(key);
  if (named >= 0) return named;
  const index = Number(key);
  if (/^\d+$/.test(key) && index < list.length) return index;
  const range = `a whole number from 0 to ${list.length - 1}`;
  const known = names.filter((each): each is string => typeof each === "string");
  throw new UsageError(
    known.length === 0
      ? `${name}: got the index ${shown(key)}, expected ${range}`
      : `${name}: got ${shown(key)}${didYouMean(key, known)}, expected one of the names ${known.join(", ")}, or ${range}`,
  );
}
