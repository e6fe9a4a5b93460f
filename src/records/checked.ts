import type * as z from "zod";
import { type Parsed, parsePlain } from "../kinds/plain-data.ts";

/**
 * A parsed value as the schema's type, or what is wrong with it, in words: "loss: got nothing, expected a number". The value is
 * given back itself, because the schema's copy of it lacks keys that the schema does not list, which another version of Sulcus
 * may have written, and keys such as "__proto__": a population may be called anything.
 */
export function checked<T>(schema: z.ZodType<T>, value: unknown): Parsed<T> {
  const parsed = parsePlain(schema, value);
  return "value" in parsed ? { value: value as T } : parsed;
}
