import { UsageError } from "../kinds/errors.ts";
import type { RunNaming } from "./run-config.ts";

/** Plain data by name. */
export type Plain = Readonly<Record<string, unknown>>;

/** What a file of settings, or config.yaml of a run folder, stands for. */
export type Recorded =
  /** One run with all its parts; without a naming where a person has described it. */
  | { readonly kind: "run"; readonly naming?: RunNaming; readonly description: Plain }
  /** Settings of an experiment that has made several runs of them, and those that it has swept. */
  | { readonly kind: "collection"; readonly experiment: string; readonly settings: Plain; readonly sweep?: Plain }
  /** Settings, of whichever experiment they are given to. */
  | { readonly kind: "settings"; readonly settings: Plain };

/**
 * Tells apart what the content of a YAML file may be, without looking at what its parts say.
 *
 * @param file its name, for messages
 * @throws UsageError where it is a configuration that lacks a part
 */
export function recordedIn(file: string, content: Plain): Recorded {
  const { experiment, label, condition, run, settings, sweep } = content;
  if (experiment === undefined)
    return "circuit" in content ? { kind: "run", description: content } : { kind: "settings", settings: content };
  if (typeof experiment === "string" && typeof label === "string" && isPlain(run))
    return {
      kind: "run",
      naming: { experiment, label, ...(typeof condition === "string" ? { condition } : {}) },
      description: run,
    };
  if (typeof experiment === "string" && isPlain(settings) && (sweep === undefined || isPlain(sweep)))
    return { kind: "collection", experiment, settings, ...(sweep === undefined ? {} : { sweep }) };
  throw new UsageError(
    `${file} names an experiment, and is neither the configuration of a run (experiment, label, run) nor of several (experiment, settings); restore it from a copy`,
  );
}

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);
