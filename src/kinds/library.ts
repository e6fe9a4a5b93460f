import { replaceParts } from "./described.ts";
import { DescriptionError, lookUp, UsageError } from "./errors.ts";
import { type Family, wordsOf } from "./families.ts";
import {
  type Kind,
  type KindIn,
  type Library,
  partOf,
  type Settings,
  type SettingsSchema,
  settingsIn,
  type UsedPlugin,
} from "./kind.ts";
import { parsePlain } from "./plain-data.ts";
import { shown } from "./shown.ts";

export type { Library } from "./kind.ts";

/** Kinds of a family by name, and where each came from. */
interface Entry {
  readonly kind: Kind;
  readonly from: UsedPlugin | undefined;
}

/**
 * A library of kinds.
 *
 * @throws UsageError where two have one name in one family
 */
export function libraryOf(kinds: readonly Kind[]): Library {
  return opened(
    kinds.map((kind) => ({ kind, from: undefined })),
    [],
  );
}

function opened(entries: readonly Entry[], used: readonly UsedPlugin[]): Library {
  const byFamily = new Map<Family, Record<string, Entry>>();
  for (const entry of entries) {
    const { family, kind } = entry.kind;
    const kinds = byFamily.get(family) ?? {};
    if (!byFamily.has(family)) byFamily.set(family, kinds);
    if (Object.hasOwn(kinds, kind))
      throw new UsageError(
        `${wordsOf(family).one} ${shown(kind)} comes from ${inWords(kinds[kind]!)} and again from ${inWords(entry)}; give one of them another name`,
      );
    kinds[kind] = entry;
  }
  const library: Library = {
    used,
    get: <F extends Family>(family: F, kind: string, within = "") =>
      lookUp(`${within}${wordsOf(family).one}`, kind, byFamily.get(family) ?? {}).kind as KindIn<F>,
    list: <F extends Family>(family: F) =>
      Object.values(byFamily.get(family) ?? {}).map((entry) => entry.kind) as KindIn<F>[],
    families: () => [...byFamily.keys()],
    resolve(family, description, within = "") {
      const part = partOf(description);
      const { settings } = library.get(family, part.kind, within);
      const owner = `${within}${wordsOf(family).one} "${part.kind}": `;
      const given = Object.entries(settingsIn(part)).filter(([, value]) => value !== undefined);
      const parsed = parsePlain(settings, Object.fromEntries(given));
      if ("fault" in parsed) throw new DescriptionError(`${owner}${parsed.fault}`);
      checkStays(owner, settings, parsed.value);
      const resolved = replaceParts(settings, parsed.value, (inner, innerPart, path) =>
        library.resolve(inner, innerPart, `${owner}${path.join(".")}: `),
      );
      return { kind: part.kind, ...(resolved as Settings) };
    },
    refuse(family, description, context, within = "") {
      const part = library.resolve(family, description, within);
      return library.get(family, part.kind).refuse?.(settingsIn(part), context, library);
    },
    build(family, description, context, within = "") {
      const part = library.resolve(family, description, within);
      const kind = library.get(family, part.kind);
      const settings = settingsIn(part);
      const reason = context === undefined ? undefined : kind.refuse?.(settings, context, library);
      if (reason !== undefined) throw new DescriptionError(`${within}${wordsOf(family).one} "${part.kind}": ${reason}`);
      return kind.build(settings, context, library);
    },
    with(plugin, origin) {
      const from = { plugin, origin };
      return opened([...entries, ...plugin.parts.map((kind) => ({ kind, from }))], [...used, from]);
    },
  };
  return library;
}

/**
 * What a run records of its settings is what it reads again when it goes on.
 *
 * @throws DescriptionError naming a setting that changes when it is read again
 */
function checkStays(owner: string, schema: SettingsSchema, settings: Settings): void {
  const again = parsePlain(schema, settings);
  const faulty = "fault" in again ? again.fault : changedIn(settings, again.value);
  if (faulty !== undefined)
    throw new DescriptionError(
      `${owner}the settings are not the same when a run reads back what it recorded: ${faulty}; let its schema give settings as they came, and change them in build`,
    );
}

function changedIn(before: Settings, after: Settings): string | undefined {
  const name = Object.keys(after).find((key) => !isSame(before[key], after[key]));
  return name === undefined ? undefined : `${name}: ${shown(before[name])} became ${shown(after[name])}`;
}

/** Whether two values are of the same parts. An array that was handed on as it came is not looked at number by number. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const [left, right] = [one, other] as Readonly<Record<string, unknown>>[];
  const names = Object.keys(left!);
  return names.length === Object.keys(right!).length && names.every((name) => isSame(left![name], right![name]));
}

function inWords({ from }: Entry): string {
  if (from === undefined) return "Sulcus itself";
  const { plugin, origin } = from;
  return `plug-in ${shown(plugin.name)}${origin ? ` (${origin.module})` : ""}`;
}
