/** The part of JSON Schema that settings use. */
export interface SettingSchema {
  type?: string;
  enum?: unknown[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  items?: SettingSchema;
  minItems?: number;
  properties?: Record<string, SettingSchema>;
}

/** Bounds of the integers that a double holds exactly; the schema of every whole number carries them, no user means them. */
const unbounded = (value: number | undefined): boolean => value === undefined || Math.abs(value) >= 2 ** 53 - 1;

/** "from 0 to 9", "of at least 1", "above 0" or nothing, with a space before. */
function range(schema: SettingSchema): string {
  const { minimum, maximum, exclusiveMinimum } = schema;
  if (!unbounded(exclusiveMinimum)) return ` above ${exclusiveMinimum}`;
  if (!unbounded(minimum) && !unbounded(maximum)) return ` from ${minimum} to ${maximum}`;
  if (!unbounded(minimum)) return ` of at least ${minimum}`;
  if (!unbounded(maximum)) return ` of at most ${maximum}`;
  return "";
}

/**
 * What a setting expects, in words that fit after "expected": "a whole number of at least 1".
 *
 * @param plural Whether several such values are meant ("whole numbers of at least 1").
 */
export function expectation(schema: SettingSchema, plural = false): string {
  const one = (singular: string, several: string) => (plural ? several : singular);
  if (schema.enum) return `${one("one", "any")} of ${schema.enum.join(", ")}`;
  switch (schema.type) {
    case "integer":
      return one("a whole number", "whole numbers") + range(schema);
    case "number":
      return one("a number", "numbers") + range(schema);
    case "boolean":
      return "true or false";
    case "string":
      return one("text", "texts");
    case "array": {
      const list = schema.minItems ? one("a non-empty list", "non-empty lists") : one("a list", "lists");
      return schema.items ? `${list} of ${expectation(schema.items, true)}` : list;
    }
    case "object":
      return `settings (${Object.keys(schema.properties ?? {}).join(", ")})`;
    default:
      return "another value";
  }
}
