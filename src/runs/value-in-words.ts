import { connectionsInWords, densityInWords } from "../papers/modules/chapter/density-in-words.ts";
import type { SweepValue } from "./sweep-values.ts";

/** What reports call a value of a swept setting: "rate 0.001", "density 1.0", "1 connection". */
export function valueInWords(setting: string, value: SweepValue): string {
  if (setting !== "density") return `${setting} ${value}`;
  const [, count] = /^(\d+)c$/.exec(String(value)) ?? [];
  if (count !== undefined) return connectionsInWords(Number(count));
  return typeof value === "number" ? densityInWords(value) : `density ${value}`;
}
