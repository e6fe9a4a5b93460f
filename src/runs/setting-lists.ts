import * as z from "zod";
import { largestSeed } from "../compute/random-state.ts";
import { parseSeeds } from "./seed-range.ts";

/** Several of something, each once. */
const listOf = <Entry extends z.ZodType>(entry: Entry) =>
  z
    .array(entry)
    .min(1)
    .refine((entries) => new Set(entries).size === entries.length, "expected every entry once");

/** A list, or one entry, or a text of entries with commas between them ("gevb,bp"); always a list once parsed. */
export const nameList = <Entry extends z.ZodType<string>>(entry: Entry) =>
  z.preprocess(
    (given) => (typeof given === "string" ? given.split(",").map((name) => name.trim()) : given),
    listOf(entry),
  );

/** A list of seeds, or one, or a text such as "1..5" or "1,3,5"; always a list once parsed. */
export const seedList = z.preprocess(
  (given, context) => {
    if (typeof given === "number") return [given];
    if (typeof given !== "string") return given;
    const seeds = parseSeeds(given);
    if (typeof seeds !== "string") return seeds;
    context.addIssue({ code: "custom", message: `expected ${seeds}`, input: given });
    return z.NEVER;
  },
  listOf(z.int().min(0).max(largestSeed)),
);

/** Seeds of an experiment, a run each. */
export const seeds = (initial: readonly number[]) =>
  seedList
    .default([...initial])
    .meta({ help: "several seeds, a run each: 1..5 or 1,3,5", value: "list", sweep: false });

/** A list of whole numbers, or one, or a text such as "32,64,128"; always a list once parsed. */
export const wholeNumberList = (entry: z.ZodType<number>) =>
  z.preprocess((given) => {
    if (typeof given === "number") return [given];
    if (typeof given !== "string") return given;
    return given.split(",").map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : part.trim()));
  }, listOf(entry));
