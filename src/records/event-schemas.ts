import * as z from "zod";
import { type Parsed, parsePlain } from "../kinds/plain-data.ts";
import type { WidthAlignment } from "../papers/gevb/width-record.ts";
import type { Alignment, Evaluation, RunSummary } from "./learning-record.ts";

// Keys that are not listed are kept: another version of Sulcus may have measured more.
const number = z.number();
const count = z.int().min(0);
/**
 * Null is what is not defined: a mean where nothing was asked, the angle of a vector of zeros, a step's time where none
 * was made.
 */
const numberOrNull = number.nullable();

const alignment = z.record(
  z.string(),
  z.looseObject({ angle: numberOrNull, signAgreement: numberOrNull }) satisfies z.ZodType<Alignment>,
);

/** A line of metrics.jsonl after parsing. */
export const evaluationSchema = z.looseObject({
  step: count,
  epoch: number,
  trainLoss: numberOrNull,
  trainError: numberOrNull,
  set: z.enum(["validation", "test"]),
  count,
  stimuli: count.exactOptional(),
  loss: numberOrNull,
  error: numberOrNull,
  alignment,
}) satisfies z.ZodType<Evaluation>;

/** A line of metrics.jsonl of networks of several widths, after parsing. */
export const widthAlignmentSchema = z.looseObject({
  width: count,
  seed: count,
  alignment,
}) satisfies z.ZodType<WidthAlignment>;

/** summary.json after parsing. */
export const summarySchema = z.looseObject({
  label: z.string(),
  rule: z.string(),
  steps: count,
  epochs: number,
  testError: numberOrNull,
  testLoss: numberOrNull,
  trainError: numberOrNull,
  alignment,
  seconds: number,
  stepMilliseconds: numberOrNull,
}) satisfies z.ZodType<RunSummary>;

/**
 * A parsed value as the schema's type, or what is wrong with it, in words: "loss: got nothing, expected a number". The value is given
 * back itself, because the schema's copy of it lacks keys such as "__proto__", and a population may be called anything.
 */
export function checked<T>(schema: z.ZodType<T>, value: unknown): Parsed<T> {
  const parsed = parsePlain(schema, value);
  return "value" in parsed ? { value: value as T } : parsed;
}
