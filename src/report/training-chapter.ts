import { agreed } from "./agreed.ts";
import type { Chapter, Quantity } from "./chapter.ts";
import { type Condition, isTrained } from "./conditions.ts";
import { errorsFigure } from "./figures/errors.ts";
import { learningCurvesFigure } from "./figures/learning-curves.ts";
import { number, range, whole } from "./numbers.ts";
import { resultsTable } from "./results.ts";
import type { RunRecord } from "./run-record.ts";
import { seedsInWords } from "./seeds-in-words.ts";

/**
 * How runs learned and what they ended with.
 *
 * @param quantities rows that other chapters add to the table of results
 */
export const trainingChapter = (quantities: readonly Quantity[] = []): Chapter => ({
  figures: ({ conditions }) => [errorsFigure(conditions), learningCurvesFigure(conditions)],
  tables: ({ conditions }) => (conditions.length > 0 ? [resultsTable(conditions, quantities)] : []),
  words: ({ runs, conditions }) =>
    runs.length === 0 ? "" : [training(runs, conditions), evaluations(runs)].filter(Boolean).join(" "),
});

function training(runs: readonly RunRecord[], conditions: readonly Condition[]): string {
  const epochs = range(
    runs.map(({ summary }) => summary.epochs),
    number,
  );
  const steps = range(
    runs.map(({ summary }) => summary.steps),
    number,
  );
  const each = runs.length === 1 ? "It was" : "Each was";
  if (!runs.some(isTrained))
    return `${each} not trained in this run, and is measured ${start(runs)}${seeded(conditions)}.`;
  return `${each} trained for ${epochs} ${epochs === "1" ? "epoch" : "epochs"} (${steps} steps)${seeded(conditions)}.`;
}

/** How runs started that trained nothing: most of them with weights that were trained before. */
function start(runs: readonly RunRecord[]): string {
  const read = runs.filter(({ config }) => typeof config.from === "string");
  if (read.length < runs.length) return "as it started";
  const from = agreed(runs, ({ config }) => config.from);
  return typeof from === "string"
    ? `with the weights of "${from}"`
    : "with the weights of the file that it started from";
}

/** Which seeds random numbers came from, where all conditions had the same. */
function seeded(conditions: readonly Condition[]): string {
  const seeds = new Set(conditions.map(({ runs }) => seedsInWords(runs.map(({ seed }) => seed))));
  const [words] = seeds;
  if (seeds.size !== 1) return "";
  return conditions[0]?.runs.length === 1
    ? `, all random numbers from seed ${words}`
    : `, with seeds ${words} for all random numbers`;
}

function evaluations(runs: readonly RunRecord[]): string {
  const last = runs.map((run) => run.evaluations.at(-1));
  const times = agreed(runs, (run) => run.evaluations.length);
  const count = last[0]?.count;
  const kind = last[0]?.set;
  if (count === undefined || kind === undefined) return "";
  if (!last.every((each) => each?.count === count && each?.set === kind)) return "";
  const shown = agreed(runs, (run) => run.evaluations.at(-1)?.stimuli);
  const stimuli =
    shown === undefined
      ? `${whole(count)} ${kind} stimuli`
      : `${whole(count)} decisions on ${whole(shown)} ${kind} stimuli`;
  if (times === 1) return `Performance was measured once, on ${stimuli}.`;
  return `Performance was measured${times === undefined ? "" : ` ${times} times`}, the last time on ${stimuli}.`;
}
