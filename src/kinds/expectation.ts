/** The part of JSON Schema by which plain data are described. */
export interface DataSchema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  items?: DataSchema | false;
  prefixItems?: DataSchema[];
  minItems?: number;
  properties?: Record<string, DataSchema>;
  additionalProperties?: DataSchema | boolean;
  oneOf?: DataSchema[];
  anyOf?: DataSchema[];
}

/** Bounds of the integers that a double holds exactly; the schema of every whole number carries them, no user means them. */
const unbounded = (value: number | undefined): boolean => value === undefined || Math.abs(value) >= 2 ** 53 - 1;

/** A bound as people write it: 10000 as "10,000". */
const bound = (value: number | undefined): string =>
  Number.isInteger(value) && Math.abs(value!) >= 10_000 && Math.abs(value!) < 1e15
    ? value!.toLocaleString("en")
    : String(value);

/** "from 0 to 9", "from 0 to below 1", "of at least 1", "above 0" or nothing, with a space before. */
function range(schema: DataSchema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (!unbounded(exclusiveMaximum)) {
    const below = `below ${bound(exclusiveMaximum)}`;
    if (!unbounded(exclusiveMinimum)) return ` above ${bound(exclusiveMinimum)} and ${below}`;
    return unbounded(minimum) ? ` ${below}` : ` from ${bound(minimum)} to ${below}`;
  }
  if (!unbounded(exclusiveMinimum))
    return unbounded(maximum)
      ? ` above ${bound(exclusiveMinimum)}`
      : ` above ${bound(exclusiveMinimum)} and at most ${bound(maximum)}`;
  if (!unbounded(minimum) && !unbounded(maximum)) return ` from ${bound(minimum)} to ${bound(maximum)}`;
  if (!unbounded(minimum)) return ` of at least ${bound(minimum)}`;
  if (!unbounded(maximum)) return ` of at most ${bound(maximum)}`;
  return "";
}

/**
 * What a schema expects, in words that fit after "expected": "a whole number of at least 1".
 *
 * @param plural Whether several such values are meant ("whole numbers of at least 1").
 */
export function expectation(schema: DataSchema, plural = false): string {
  const one = (singular: string, several: string) => (plural ? several : singular);
  const alternatives =
    schema.oneOf ??
    schema.anyOf ??
    (Array.isArray(schema.type) ? schema.type.map((type) => ({ ...schema, type })) : []);
  if (alternatives.length > 0) {
    return [...new Set(alternatives.map((other) => expectation(other, plural)))].join(" or ");
  }
  if (schema.enum) return `${one("one", "any")} of ${schema.enum.join(", ")}`;
  if (schema.const !== undefined) return String(schema.const);
  switch (schema.type) {
    case "integer":
      return one("a whole number", "whole numbers") + range(schema);
    case "number": {
      const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema;
      const below = unbounded(minimum) && unbounded(exclusiveMinimum);
      const finite = below || (unbounded(maximum) && unbounded(exclusiveMaximum)) ? "finite " : "";
      return one(`a ${finite}number`, `${finite}numbers`) + range(schema);
    }
    case "boolean":
      return "true or false";
    case "string":
      return schema.minLength ? one("non-empty text", "non-empty texts") : one("text", "texts");
    case "null":
      return "nothing";
    case "array": {
      if (schema.prefixItems) return `${one("a list", "lists")} of ${schema.prefixItems.length}`;
      const list = schema.minItems ? one("a non-empty list", "non-empty lists") : one("a list", "lists");
      return schema.items ? `${list} of ${expectation(schema.items, true)}` : list;
    }
    case "object": {
      const names = Object.keys(schema.properties ?? {});
      return names.length > 0 ? `settings (${names.join(", ")})` : "settings";
    }
    default:
      return "another value";
  }
}
