import * as z from "zod";
import { type Family, wordsOf } from "./families.ts";
import { type Description, type Part, partOf } from "./kind.ts";

/** A schema of zod knows what it was made of. */
interface Definition {
  readonly type: string;
  /** The family of a part. */
  family?: Family;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly items?: readonly z.ZodType[];
  readonly options?: readonly z.ZodType[];
  readonly in?: z.ZodType;
  readonly getter?: () => z.ZodType;
}
const definitionOf = (schema: z.ZodType): Definition => schema._zod.def as unknown as Definition;

/**
 * The schema of a part of a description that a library knows: `{ kind, ...settings }`, or the bare name where no setting is
 * given. The schema takes any name and any settings: `Library.resolve` checks them by the kind's own schema and fills in
 * its defaults. A bare name becomes a part.
 */
export function described(family: Family): z.ZodType<Part, Description> {
  const part = z
    .union([z.string().min(1), z.looseObject({ kind: z.string().min(1) })], {
      error: `expected the name of ${withArticle(wordsOf(family).one)}, or its settings with that name as kind`,
    })
    .transform(partOf);
  // The mark stands in the definition, which every refinement of the schema copies.
  definitionOf(part).family = family;
  return part;
}

const withArticle = (noun: string) => `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;

/**
 * Plain data with every described part replaced.
 *
 * @param schema what the data were parsed by
 * @param replace gives the new part; `path` leads to it
 */
export function replaceParts(
  schema: z.ZodType,
  data: unknown,
  replace: (family: Family, part: Part, path: readonly string[]) => unknown,
  path: readonly string[] = [],
): unknown {
  const { type, family, innerType, element, valueType, shape, items, options, getter, ...others } =
    definitionOf(schema);
  if (data === undefined || data === null) return data;
  if (family !== undefined) return replace(family, data as Part, path);
  const within = (inner: z.ZodType, part: unknown, key: string) => replaceParts(inner, part, replace, [...path, key]);
  if (innerType) return replaceParts(innerType, data, replace, path);
  if (type === "pipe" && others.in) return replaceParts(others.in, data, replace, path);
  if (getter) return replaceParts(getter(), data, replace, path);
  if (options) {
    const option = options.find((candidate) => candidate.safeParse(data).success);
    return option ? replaceParts(option, data, replace, path) : data;
  }
  if (Array.isArray(data)) {
    const inner = (index: number) => element ?? items?.[index];
    return data.map((part: unknown, index) => {
      const schemaOfPart = inner(index);
      return schemaOfPart ? within(schemaOfPart, part, String(index)) : part;
    });
  }
  if (typeof data !== "object" || !(shape || valueType)) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, part]: [string, unknown]) => {
      const inner = shape?.[key] ?? valueType;
      return [key, inner ? within(inner, part, key) : part];
    }),
  );
}
