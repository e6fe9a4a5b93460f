import * as z from "zod";
import type { Alignment, Evaluation, RunSummary } from "../../report/learning-record.ts";
import type { WidthAlignment } from "../../report/width-record.ts";

// z.number() refuses NaN and the infinities, which the losses of a diverged run are. Keys that are not listed are kept:
// another version of Sulcus may have measured more.
const number = z.custom<number>((value) => typeof value === "number", "a number is wanted");
const count = z.int().min(0);

const alignment = z.record(
  z.string(),
  z.looseObject({ angle: number, signAgreement: number }) satisfies z.ZodType<Alignment>,
);

/** A line of metrics.jsonl after parsing. */
export const evaluationSchema = z.looseObject({
  step: count,
  epoch: number,
  trainLoss: number,
  trainError: number,
  digits: z.enum(["validation", "test"]),
  count,
  loss: number,
  error: number,
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
  testError: number,
  testLoss: number,
  trainError: number,
  alignment,
  seconds: number,
  stepMilliseconds: number,
}) satisfies z.ZodType<RunSummary>;

/**
 * A parsed value as the schema's type, or what is wrong with it, in words: "loss: a number is wanted". The value is given
 * back itself, because the schema's copy of it lacks keys such as "__proto__", and a population may be called anything.
 */
export function checked<T>(schema: z.ZodType<T>, value: unknown): { value: T } | { fault: string } {
  const result = schema.safeParse(value);
  return result.success ? { value: value as T } : { fault: firstIssue(result.error) };
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return "it does not fit";
  return issue.path.length === 0 ? issue.message : `${issue.path.join(".")}: ${issue.message}`;
}
