import * as z from "zod";
import { DescriptionError, UsageError } from "./errors.ts";
import { type Families, type Family, wordsOf } from "./families.ts";
import { parseDescription } from "./plain-data.ts";
import { shown } from "./shown.ts";

const noSettings = z.strictObject({});
/** The schema of a kind without settings. */
export type NoSettings = typeof noSettings;

/** Settings of a kind: a strict object, whose defaults stand in it and nowhere else. */
export type SettingsSchema = z.ZodObject;

/** A part of a description: the name of a kind and its settings. */
export interface Part {
  readonly kind: string;
  readonly [setting: string]: unknown;
}

/** A part as somebody writes it: where no setting is given, the bare name will do. */
export type Description = string | Part;

/** Settings of a kind, checked, every default filled in. */
export type Settings = Readonly<Record<string, unknown>>;

/** The context of a family, where it is known. */
type Known<F extends Family> = NonNullable<Families[F]["context"]>;

/**
 * A kind of task, rule, neuron, topology, ...: all that a description may name. A library holds kinds, and nothing else
 * knows which there are.
 */
export interface Kind<F extends Family = Family> {
  readonly family: F;
  /** Name by which descriptions ask for it: "gevb". */
  readonly kind: string;
  /** One line of explanation, for lists and help. */
  readonly summary: string;
  readonly settings: SettingsSchema;
  /**
   * Why the kind makes no sense in a context, in words; undefined where it does. Asked before any work.
   *
   * @param settings checked, defaults filled in
   */
  refuse?(settings: Settings, context: Known<F>, library: Library): string | undefined;
  /** @param settings checked, defaults filled in, and not refused */
  build(settings: Settings, context: Families[F]["context"], library: Library): Families[F]["built"];
}

/** The settings of a kind may be left out where each has a default. */
type Given<S extends SettingsSchema> =
  Record<never, never> extends z.input<S> ? [settings?: z.input<S>] : [settings: z.input<S>];

/** What a kind gives where it is called. */
type Described<S extends SettingsSchema> = string extends keyof z.output<S> ? Part : Part & z.output<S>;

/**
 * A kind that can be called: `adam({ rate: 1e-3 })` is the description `{ kind: "adam", rate: 0.001, beta1: 0.9, ... }`,
 * checked, defaults filled in. Parts that it names itself are left to the library.
 *
 * @throws DescriptionError naming the setting that is unknown or out of range
 */
export type CallableKind<F extends Family, S extends SettingsSchema> = Kind<F> &
  Families[F]["extra"] & { readonly settings: S } & ((...given: Given<S>) => Described<S>);

/** A kind with all that its family says of it. */
export type KindIn<F extends Family> = Kind<F> & Families[F]["extra"];

/** Kinds that come from outside, in one module. */
export interface Plugin {
  readonly name: string;
  readonly version?: string | undefined;
  readonly parts: readonly Kind[];
}

/** Where a plug-in was loaded from. */
export interface Origin {
  /** Path or package name. */
  readonly module: string;
  /** Checksum of the module, hexadecimal. */
  readonly sha256: string;
  /** The module's files, by the paths and addresses that stack traces have; the module itself first. */
  readonly files?: readonly string[];
  /** Text of each file by its relative path, for whoever keeps a copy. */
  readonly texts?: Readonly<Record<string, string>>;
}

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
  get<F extends Family>(family: F, kind: string, within?: string): KindIn<F>;
  /** Kinds of a family, in the order in which they came. */
  list<F extends Family>(family: F): readonly KindIn<F>[];
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

/** What whoever adds a kind writes. */
export type KindDefinition<F extends Family, S extends SettingsSchema> = {
  readonly kind: string;
  readonly summary: string;
  /** Absent: the kind has none. */
  readonly settings?: S;
  refuse?(settings: z.output<S>, context: Known<F>, library: Library): string | undefined;
  build(settings: z.output<S>, context: Families[F]["context"], library: Library): Families[F]["built"];
} & Families[F]["extra"];

/** Names that stand in descriptions, options and names of files. */
const nameOfKind = /^[A-Za-z][\w-]*$/;

/** Types find most of it out before; a plug-in in JavaScript has none. */
function checkDefinition(one: string, definition: Readonly<Record<string, unknown>>) {
  const { kind, settings } = definition;
  if (typeof kind !== "string" || !nameOfKind.test(kind))
    throw new UsageError(
      `${one}: kind is ${shown(kind)}, expected a name that starts with a letter and goes on with letters, digits, - or _`,
    );
  for (const [member, type, expected] of [
    ["summary", "string", "a text"],
    ["build", "function", "a function"],
  ] as const)
    if (typeof definition[member] !== type)
      throw new UsageError(`${one} "${kind}": ${member} is ${shown(definition[member])}, expected ${expected}`);
  if (settings === undefined) return;
  const { shape } = (settings ?? {}) as { readonly shape?: unknown };
  if (typeof shape !== "object" || shape === null)
    throw new UsageError(`${one} "${kind}": settings is ${shown(settings)}, expected z.strictObject({ ... }) of zod`);
  if (Object.hasOwn(shape, "kind"))
    throw new UsageError(
      `${one} "${kind}": no setting can be called "kind", which names the ${one}; call it otherwise`,
    );
}

/**
 * What `build` of a family gives, as far as anybody can tell before it is used: a function, or an object with functions of these
 * names. Absent: it is checked elsewhere, or has no such form.
 */
type Form = "function" | readonly string[];

/**
 * What defines kinds of a family: `defineRule = definer("rule", ["updates"])`.
 *
 * @returns a function from a definition to a kind that can be called for its description. It throws a UsageError where the definition
 *   lacks a summary or `build`, has a name that descriptions and files cannot hold, or settings that are no object of zod or name one of
 *   them "kind"; the kind's `build` throws a DescriptionError where it gives something else than the family's form
 */
export const definer =
  <F extends Family>(family: F, form?: Form) =>
  <S extends SettingsSchema = NoSettings>(definition: KindDefinition<F, S>): CallableKind<F, S> => {
    const { one } = wordsOf(family);
    checkDefinition(one, definition);
    const settings = definition.settings ?? noSettings;
    const describe = (given: unknown = {}) => ({
      kind: definition.kind,
      ...parseDescription(`${one} "${definition.kind}"`, settings, given),
    });
    const build = (chosen: z.output<S>, context: Families[F]["context"], library: Library) => {
      const built: unknown = definition.build(chosen, context, library);
      const fault = form && formFault(form, built);
      if (fault !== undefined) throw new DescriptionError(`${one} "${definition.kind}": ${fault}`);
      return built;
    };
    return Object.assign(describe, definition, { family, settings, build }) as unknown as CallableKind<F, S>;
  };

/** What is wrong with what a `build` gave; undefined where nothing is. */
function formFault(form: Form, built: unknown): string | undefined {
  if (form === "function")
    return typeof built === "function" ? undefined : `build gives ${shown(built)}, expected a function`;
  const members = (built ?? {}) as Readonly<Record<string, unknown>>;
  const lacking = form.find((member) => typeof members[member] !== "function");
  return lacking && `build gives an object whose "${lacking}" is ${shown(members[lacking])}, expected a function`;
}

/** A description that may be a bare name, as a part. */
export const partOf = (description: Description): Part =>
  typeof description === "string" ? { kind: description } : description;

/** The settings that a part gives. */
export function settingsIn({ kind: _, ...settings }: Part): Settings {
  return settings;
}

/** The shortest way to write a part: its bare name where it has no settings. */
export const shortest = (part: Part): Description => (Object.keys(part).length === 1 ? part.kind : part);
