import type { TwoSampleTest } from "../analysis/two-sample-test.ts";
import { number } from "./numbers.ts";

/** "paired t-test, t(9) = 4.1, p = 0.003", or why there is no test. */
export function testInWords(result: TwoSampleTest): string {
  if (result.test === "none") return `no test, for ${result.reason}`;
  const { test, statistic, degreesOfFreedom, p } = result;
  const name = test === "paired" ? "paired t-test" : "Welch's t-test";
  return `${name}, t(${number(degreesOfFreedom)}) = ${number(statistic)}, ${chanceInWords(p)}`;
}

/** "p = 0.003", "p < 0.001". */
function chanceInWords(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${number(p, 2)}`;
}

/** The largest p of one test made with several seeds: "p < 0.001", "p up to 0.03"; empty where no seed has a test. */
export function chancesInWords(results: readonly TwoSampleTest[]): string {
  const chances = results.flatMap((result) => (result.test === "none" ? [] : [result.p]));
  if (chances.length === 0) return "";
  const largest = Math.max(...chances);
  return chances.length === 1 || largest < 0.001 ? chanceInWords(largest) : `p up to ${number(largest, 2)}`;
}
