import { agreed } from "./agreed.ts";
import type { Reported } from "./chapter.ts";
import type { Condition } from "./conditions.ts";
import { listed, whole } from "./numbers.ts";
import type { RunRecord } from "./run-record.ts";

/**
 * One paragraph on what was run, from what the data say; plain text.
 *
 * @param words what chapters say, in the order of the report
 */
export function explanation(experiment: string, { runs, conditions }: Reported, words: readonly string[]): string {
  const said = words.filter((each) => each !== "");
  if (runs.length === 0) return [`Experiment ${experiment}:`, ...said].join(" ");
  const who = `Experiment ${experiment}: ${participants(runs, conditions)}.`;
  return [who, circuit(runs), ...said].filter(Boolean).join(" ");
}

/** "2 runs, GEVB and BP", "10 runs, GEVB and BP with 5 seeds each", "6 runs, GEVB with 5 seeds and BP with 1 seed". */
function participants(runs: readonly RunRecord[], conditions: readonly Condition[]): string {
  const names = listed(conditions.map(({ name }) => name));
  if (runs.length === 1) return `one run, ${names}`;
  const counts = new Set(conditions.map((condition) => condition.runs.length));
  const [count] = counts;
  if (count === 1 && counts.size === 1) return `${runs.length} runs, ${names}`;
  if (counts.size === 1)
    return `${runs.length} runs, ${names} with ${count} seeds${conditions.length > 1 ? " each" : ""}`;
  const each = conditions.map(
    ({ name, runs: { length } }) => `${name} with ${length} ${length === 1 ? "seed" : "seeds"}`,
  );
  return `${runs.length} runs, ${listed(each)}`;
}

function circuit(runs: readonly RunRecord[]): string {
  const hidden = agreed(runs, (run) => run.config.hidden);
  if (!Array.isArray(hidden) || !hidden.every((units) => typeof units === "number")) return "";
  const sizes = listed(hidden.map(whole));
  return hidden.length === 1
    ? `The circuit has one hidden population of ${sizes} units.`
    : `The circuit has ${hidden.length} hidden populations of ${sizes} units.`;
}
