import { givenManipulations } from "../manipulation-options.ts";
import type { Given } from "./given.ts";

/** Options that are settings of the run, by the name Commander gives them, and whether their value is a number. */
const kinds = {
  dataset: "text",
  arch: "text",
  units: "number",
  rule: "text",
  sign: "text",
  epochs: "number",
  seeds: "text",
  limit: "number",
  representation: "number",
  widths: "text",
  density: "text",
  scenes: "text",
  digits: "number",
  strength: "number",
  iterations: "number",
  from: "text",
  analyse: "text",
  modules: "number",
  steps: "number",
  task: "text",
  source: "text",
  depth: "number",
  batch: "number",
  initial: "text",
  device: "text",
  provider: "text",
  accelerators: "switch",
} as const;

/** Settings that options gave, as plain data. */
export async function settingOptions(given: Given): Promise<Record<string, unknown>> {
  const { parseNumber } = await import("../settings.ts");
  const named = Object.entries(kinds).filter(([name]) => Object.hasOwn(given, name));
  const manipulations = givenManipulations(given);
  return {
    ...Object.fromEntries(
      named.map(([name, kind]) => [name, kind === "number" ? parseNumber(given[name] as string) : given[name]]),
    ),
    ...(manipulations ? { manipulations } : {}),
  };
}
