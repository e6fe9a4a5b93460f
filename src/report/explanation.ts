import { attentionInWords } from "../papers/attention/chapter/attention-in-words.ts";
import { widthsInWords } from "../papers/gevb/chapter/width-results.ts";
import type { TableCell } from "../papers/gevb/table-record.ts";
import { modulesInWords } from "../papers/modules/chapter/modules-in-words.ts";
import { specializationWarnings } from "../papers/modules/chapter/specialization-notes.ts";
import { type Condition, isTrained } from "./conditions.ts";
import { exactlyAligned } from "./exact-alignment.ts";
import { listed, MISSING, number, range, whole } from "./numbers.ts";
import { alignedProjections, type ReportData, type RunRecord } from "./report-data.ts";
import { seedsInWords } from "./seeds-in-words.ts";

/** One paragraph on what was run, from what the data say; plain text. */
export function explanation(
  { experiment, runs, table = [], widths }: ReportData,
  conditions: readonly Condition[],
): string {
  const cells = combinations(table);
  const networks = widths ? widthsInWords(widths) : "";
  if (runs.length === 0) return `Experiment ${experiment}: ${[cells, networks].filter(Boolean).join(" ")}`;
  const who = `Experiment ${experiment}: ${participants(runs, conditions)}.`;
  return [
    who,
    circuit(runs),
    modulesInWords(runs),
    attentionInWords(runs),
    training(runs, conditions),
    evaluations(runs),
    alignment(runs, conditions),
    cells && `Table: ${cells}`,
    networks,
  ]
    .filter(Boolean)
    .join(" ");
}

/** "24 combinations of architecture, units, rule and sign, 18 of them run, 90 runs in all; 1 failed." */
function combinations(table: readonly TableCell[]): string {
  if (table.length === 0) return "";
  const run = table.filter(({ runs }) => runs.length > 0).length;
  const all = table.reduce((sum, { runs }) => sum + runs.length, 0);
  const failed = table.filter(({ failure }) => failure).length;
  const what = table.length === 1 ? "one combination" : `${whole(table.length)} combinations`;
  return (
    `${what} of architecture, units, learning rule and sign of weights, ` +
    `${run === table.length ? "all run" : `${whole(run)} of them run`}, ` +
    `${whole(all)} ${all === 1 ? "run" : "runs"} in all${failed ? `; ${whole(failed)} failed` : ""}.`
  );
}

/** A warning for each measure that failed or lacks something, and where hardly more than one module is asked; plain text. */
export function measureWarnings(runs: readonly RunRecord[]): string[] {
  const failed = runs.flatMap(({ label, seed, failedMeasures = [] }) =>
    failedMeasures.map(({ measure, message }) => `${label}, seed ${seed}: measure ${measure} failed: ${message}.`),
  );
  return [...shortened(failed), ...shortened(specializationWarnings(runs))];
}

/** Warnings that a report has room for. */
const SHOWN = 5;

function shortened(warnings: readonly string[]): string[] {
  const left = warnings.length - SHOWN;
  return left > 0 ? [...warnings.slice(0, SHOWN), `${left} more warnings like the last one.`] : [...warnings];
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

function alignment(runs: readonly RunRecord[], conditions: readonly Condition[]): string {
  if (alignedProjections(runs).length === 0) return "";
  if (exactlyAligned(conditions))
    return "Every update that was measured is the gradient itself (angle 0°, all signs equal), so that no figure of alignment is drawn.";
  return [
    "The angle to the gradient compares the weight changes a rule asks for with those of gradient descent:",
    "0° is the same direction, 90° an unrelated one.",
    ...(runs.some(lacksDirection)
      ? [
          "Where a rule's change or the gradient is 0 in every weight of a projection (units that are silent or saturated,",
          "a readout that decides nothing) there is no direction to compare, no angle and no sign: such a measurement is left",
          `out of means and figures, and a table shows ${MISSING}.`,
        ]
      : []),
  ].join(" ");
}

/** Whether some projection of a run had no direction to compare at some evaluation. */
function lacksDirection({ evaluations, summary }: RunRecord): boolean {
  return [...evaluations, summary].some(({ alignment: measured }) =>
    Object.values(measured).some(({ angle }) => angle === null),
  );
}

/** What all runs have in common, or nothing. */
function agreed<T>(runs: readonly RunRecord[], value: (run: RunRecord) => T): T | undefined {
  const values = runs.map(value);
  const same = values.every((each) => JSON.stringify(each) === JSON.stringify(values[0]));
  return same ? values[0] : undefined;
}
