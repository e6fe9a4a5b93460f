import * as z from "zod";
import { DescriptionError, didYouMean } from "./errors.ts";
import { type DataSchema, expectation } from "./expectation.ts";
import { escaped, shown } from "./shown.ts";

/** Plain data as a schema makes of them, or the first thing that is wrong with them, as a sentence. */
export type Parsed<T> = { readonly value: T } | { readonly fault: string };

/**
 * Reads plain data (a description, settings, a file's content) by a schema and fills in its defaults.
 *
 * Faults read `populations.0.bias: got "yes", expected one of channel, unit, none`, or, with the nearest known name,
 * `unknown setting "populations.0.gian" (did you mean "gain"?); known: ...`; they name no owner, which goes before them.
 * Where a type cannot say what is expected, the schema's own message does: one that begins with "expected" is told with
 * the value that came, any other one as it is.
 */
export function parsePlain<Schema extends z.ZodType>(schema: Schema, data: unknown): Parsed<z.output<Schema>> {
  const parsed = schema.safeParse(data, { reportInput: true });
  if (parsed.success) return { value: parsed.data };
  const { issues } = parsed.error;
  // A misspelt name goes first: what it was to set may be missing because of it.
  const first = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0]!;
  return { fault: faultOf(schema, data, first) };
}

/**
 * The same for a description that somebody has written.
 *
 * @param owner what the sentence begins with: `circuit "v1"`, `run`, a file
 * @throws DescriptionError
 */
export function parseDescription<Schema extends z.ZodType>(
  owner: string,
  schema: Schema,
  data: unknown,
): z.output<Schema> {
  const parsed = parsePlain(schema, data);
  if ("value" in parsed) return parsed.value;
  throw new DescriptionError(`${owner}: ${parsed.fault}`);
}

/** Characters of a place that a message names at most. */
const longestPlace = 120;

/** What a schema says as JSON Schema of the data that it takes. */
export function dataSchema(schema: z.ZodType): DataSchema {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as DataSchema;
}

/** `unknown setting "gian" (did you mean "gain"?); known: name, gain`. */
export function unknownSetting(path: readonly PropertyKey[], known: readonly string[]): string {
  const given = String(path.at(-1));
  const choice = known.length > 0 ? `known: ${known.join(", ")}` : "there are none to give";
  return `unknown setting ${shown(path.join("."))}${didYouMean(given, known)}; ${choice}`;
}

function faultOf(schema: z.ZodType, data: unknown, issue: z.core.$ZodIssue): string {
  const { path, message } = issue;
  const place = placeAt(dataSchema(schema), data, path);
  if (issue.code === "unrecognized_keys")
    return unknownSetting([...path, issue.keys[0]!], Object.keys(place.properties ?? {}));
  const field = path.length > 0 ? `${named(path)}: ` : "";
  if (issue.code === "custom" && !message.startsWith("expected ")) return `${field}${message}`;
  const { value, expected } = told(issue, place);
  const text = message.startsWith("expected ") ? message : `expected ${expectation(expected)}`;
  const hint = typeof value === "string" && expected.enum ? didYouMean(value, expected.enum.map(String)) : "";
  const quotes = expected.type === "string" && typeof value === "number" ? ` in quotes, such as '"${value}"'` : "";
  return `${field}got ${shown(value)}, ${text}${quotes}${hint}`;
}

/** A place, as a message names it; names that a person chose may be anything. */
function named(path: readonly PropertyKey[]): string {
  const text = escaped(path.join("."));
  return text.length > longestPlace ? `...${text.slice(-longestPlace)}` : text;
}

/** The value that came, and what was expected in its place. */
function told(issue: z.core.$ZodIssue, place: DataSchema): { value: unknown; expected: DataSchema } {
  const value = issue.input;
  // Where no kind of a union is meant, the value is the whole, but it is the kind that is wrong.
  if (issue.code !== "invalid_union" || issue.discriminator === undefined) return { value, expected: place };
  const kinds = (issue as { options?: unknown[] }).options ?? [];
  return { value: partOf(value, issue.discriminator), expected: { enum: kinds } };
}

const partOf = (data: unknown, key: PropertyKey): unknown =>
  (data as Record<PropertyKey, unknown> | null | undefined)?.[key];

/** What the schema says of the place that a path leads to. */
function placeAt(whole: DataSchema, data: unknown, path: readonly PropertyKey[]): DataSchema {
  let [place, part] = [alternativeFor(whole, data), data];
  for (const key of path) {
    part = partOf(part, key);
    const { additionalProperties: others } = place;
    const inner =
      typeof key === "number"
        ? (place.prefixItems?.[key] ?? (place.items || undefined))
        : (place.properties?.[String(key)] ?? (typeof others === "object" ? others : undefined));
    place = alternativeFor(inner ?? {}, part);
  }
  return place;
}

/** Of alternatives, the one whose fixed values the data have; all of them where the data are a single value. */
function alternativeFor(schema: DataSchema, data: unknown): DataSchema {
  if (typeof data !== "object" || data === null) return schema;
  const fits = ({ properties = {} }: DataSchema) =>
    Object.entries(properties).every(([key, { const: fixed }]) => fixed === undefined || partOf(data, key) === fixed);
  return (schema.oneOf ?? schema.anyOf)?.find((other) => other.properties && fits(other)) ?? schema;
}
