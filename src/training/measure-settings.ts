import * as z from "zod";
import { DescriptionError } from "../kinds/errors.ts";
import { settingsIn } from "../kinds/kind.ts";
import type { Library } from "../kinds/library.ts";
import { unknownSetting } from "../kinds/plain-data.ts";
import { shown } from "../kinds/shown.ts";

export type Given = Readonly<Record<string, unknown>>;

/**
 * The measures that a run description names, each under its own key, with all their settings: in the order of the library.
 * `true` and nothing stand for settings that are all defaults; `false` says that the measure is not to be taken.
 *
 * @param given keys of a run description that are no settings of runs
 * @param owner what messages begin with: "run", a file
 * @param known settings of runs, for the message where a key is none and names no measure
 * @throws DescriptionError naming the nearest key that there is, or the setting that a measure does not take
 */
export function resolveMeasures(given: Given, library: Library, owner: string, known: readonly string[]): Given {
  const kinds = library.list("measure");
  const names = kinds.map(({ kind }) => kind);
  const stray = Object.keys(given).find((key) => given[key] !== undefined && !names.includes(key));
  if (stray !== undefined) throw new DescriptionError(`${owner}: ${unknownSetting([stray], [...known, ...names])}`);
  return Object.fromEntries(
    kinds.flatMap(({ kind, shorthand }) => {
      const value = given[kind];
      if (value === undefined) return [];
      if (value === false) return [[kind, false]];
      const settings = settingsIn(
        library.resolve("measure", { ...settingsGiven(value, shorthand, `${owner}: ${kind}`), kind }, `${owner}: `),
      );
      const [only, ...more] = Object.keys(settings);
      return [[kind, only === shorthand && only !== undefined && more.length === 0 ? settings[only] : settings]];
    }),
  );
}

/** Settings as a person gives them, as a record of them. */
export function settingsGiven(value: unknown, shorthand: string | undefined, place: string): Given {
  if (value === true || value === null) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Given;
  if (shorthand !== undefined) return { [shorthand]: value };
  throw new DescriptionError(`${place}: got ${shown(value)}, expected its settings, or true or false`);
}

/** The members of plain data under some keys, and those under others. */
export function partedAt(keys: readonly string[], data: Given): [Given, Given] {
  const entries = Object.entries(data);
  const kept = (own: boolean) => Object.fromEntries(entries.filter(([key]) => keys.includes(key) === own));
  return [kept(true), kept(false)];
}

/**
 * The schema of settings, and beside them a key for each measure that is no setting already, so that parts of it can be
 * assigned to; `resolveMeasures` checks its value.
 */
export function settingsWithMeasures(settings: z.ZodObject, library: Library): z.ZodObject {
  const measures = library.list("measure").filter(({ kind }) => !Object.hasOwn(settings.shape, kind));
  return settings.extend(Object.fromEntries(measures.map(({ kind }) => [kind, z.unknown().default({})])));
}
