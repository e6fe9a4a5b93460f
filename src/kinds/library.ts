import { replaceParts } from "./described.ts";
import { DescriptionError, lookUp, UsageError } from "./errors.ts";
import { type Families, type Family, wordsOf } from "./families.ts";
import { type Description, type Kind, type Part, partOf, type Settings, settingsIn } from "./kind.ts";
import { parsePlain } from "./plain-data.ts";
import type { Origin, Plugin } from "./plugin.ts";
import { shown } from "./shown.ts";

/** A plug-in that a library has been opened for, and the module it came from where it came from one. */
export interface UsedPlugin {
  readonly plugin: Plugin;
  readonly origin?: Origin | undefined;
}

/**
 * Which kinds there are. A library never changes: `with` gives a new one. It is handed down from the door (command line,
 * `run`, a page) to whatever reads descriptions, so that no import has an effect.
 */
export interface Library {
  /** Plug-ins that it was opened for, in order. */
  readonly used: readonly UsedPlugin[];
  /**
   * @param within what a message begins with, such as "config.yaml, "
   * @throws UsageError naming what was given, all kinds of the family and the nearest one
   */
  get<F extends Family>(family: F, kind: string, within?: string): Kind<F>;
  /** Kinds of a family, in the order in which they came. */
  list<F extends Family>(family: F): readonly Kind<F>[];
  /** Families that have kinds, in the order in which they came. */
  families(): readonly Family[];
  /**
   * A part with every default written out, at every depth. It stays the same when it is resolved again.
   *
   * @param within what a message begins with
   * @throws UsageError for a kind that is not known, DescriptionError for a setting that it does not take
   */
  resolve(family: Family, description: Description, within?: string): Part;
  /** Why a part makes no sense in a context; undefined where it does. Throws as `resolve` does. */
  refuse<F extends Family>(
    family: F,
    description: Description,
    context: NonNullable<Families[F]["context"]>,
    within?: string,
  ): string | undefined;
  /**
   * Builds a part.
   *
   * @throws as `resolve` does, and DescriptionError where the kind refuses the context
   */
  build<F extends Family>(
    family: F,
    description: Description,
    context: Families[F]["context"],
    within?: string,
  ): Families[F]["built"];
  /**
   * The same library with the kinds of a plug-in.
   *
   * @param origin the module that the plug-in was loaded from, where there is one
   * @throws UsageError where a kind's name is taken, naming both origins
   */
  with(plugin: Plugin, origin?: Origin): Library;
}

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
      lookUp(`${within}${wordsOf(family).one}`, kind, byFamily.get(family) ?? {}).kind as Kind<F>,
    list: <F extends Family>(family: F) =>
      Object.values(byFamily.get(family) ?? {}).map((entry) => entry.kind) as Kind<F>[],
    families: () => [...byFamily.keys()],
    resolve(family, description, within = "") {
      const part = partOf(description);
      const { settings } = library.get(family, part.kind, within);
      const owner = `${within}${wordsOf(family).one} "${part.kind}": `;
      const given = Object.entries(settingsIn(part)).filter(([, value]) => value !== undefined);
      const parsed = parsePlain(settings, Object.fromEntries(given));
      if ("fault" in parsed) throw new DescriptionError(`${owner}${parsed.fault}`);
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

function inWords({ from }: Entry): string {
  if (from === undefined) return "Sulcus itself";
  const { plugin, origin } = from;
  return `plug-in ${shown(plugin.name)}${origin ? ` (${origin.module})` : ""}`;
}
