import type * as z from "zod";
import type { SweepValue } from "./sweep-values.ts";

/** What the schema of a setting says to people, by `.meta({ help, ... })`. */
export interface SettingMeta {
  /** What it is, in a few words. A setting that has them has an option of its own. */
  readonly help?: string;
  /** What stands for the value in help: "n". */
  readonly value?: string;
  /** What its option says that turns it off, where it is on unless something is said: "--no-gating". */
  readonly off?: string;
  /** Its value where the option is given without one. */
  readonly flag?: string;
  /** Whether a sweep has the option; default true. */
  readonly sweep?: boolean;
  /** In a sweep, what is written behind a whole number by itself, where it is a count and no value: "c" makes "1" "1c". */
  readonly counted?: string;
  /** What reports call a value in a sweep; default: name and value, "rate 0.001". */
  readonly inWords?: (value: SweepValue) => string | undefined;
}

/** What a schema says, or the one in it where it only adds a default or the like. */
export function settingMeta(schema: z.core.$ZodType | undefined): SettingMeta | undefined {
  if (schema === undefined) return undefined;
  const meta = (schema as z.ZodType).meta() as SettingMeta | undefined;
  if (meta?.help !== undefined) return meta;
  const { innerType } = schema._zod.def as { innerType?: z.core.$ZodType };
  return innerType === undefined ? meta : (settingMeta(innerType) ?? meta);
}
