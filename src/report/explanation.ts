import { listed, number, whole } from "./numbers.ts";
import { alignedProjections, distinctLabels, divergedAt, type ReportData, type RunRecord } from "./report-data.ts";
import { widthsInWords } from "./width-results.ts";

/** One paragraph on what was run, from what the data say; plain text. */
export function explanation({ experiment, runs, widths }: ReportData): string {
  if (widths) return `Experiment ${experiment}: ${widthsInWords(widths)}`;
  const labels = distinctLabels(runs);
  const who =
    runs.length === 1
      ? `Experiment ${experiment}: one run, ${labels[0]}.`
      : `Experiment ${experiment}: ${runs.length} runs, ${listed(labels)}.`;
  return [who, circuit(runs), training(runs), evaluations(runs), alignment(runs)].filter(Boolean).join(" ");
}

/** A warning for each run whose numbers were lost; plain text. */
export function warnings(runs: readonly RunRecord[]): string[] {
  const labels = distinctLabels(runs);
  return runs.flatMap((run, index) => {
    const epoch = divergedAt(run);
    if (epoch === undefined) return [];
    return [
      `${labels[index]} diverged: its loss was no longer a finite number at epoch ${number(epoch)}. ` +
        "Its results say nothing about the learning rule; try a smaller learning rate.",
    ];
  });
}

function circuit(runs: readonly RunRecord[]): string {
  const hidden = agreed(runs, (run) => run.config.hidden);
  if (!Array.isArray(hidden) || !hidden.every((units) => typeof units === "number")) return "";
  const sizes = listed(hidden.map(whole));
  return hidden.length === 1
    ? `The circuit has one hidden population of ${sizes} units.`
    : `The circuit has ${hidden.length} hidden populations of ${sizes} units.`;
}

function training(runs: readonly RunRecord[]): string {
  const epochs = range(runs.map((run) => run.summary.epochs));
  const steps = range(runs.map((run) => run.summary.steps));
  const seed = agreed(runs, (run) => run.config.seed);
  const each = runs.length === 1 ? "It was" : "Each was";
  const seeded = typeof seed === "number" ? `, all random numbers from seed ${seed}` : "";
  return `${each} trained for ${epochs} ${epochs === "1" ? "epoch" : "epochs"} (${steps} steps)${seeded}.`;
}

/** "10", or "10 to 20" where runs differ. */
function range(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => number(value));
  return low === high ? `${low}` : `${low} to ${high}`;
}

function evaluations(runs: readonly RunRecord[]): string {
  const last = runs.map((run) => run.evaluations.at(-1));
  const times = agreed(runs, (run) => run.evaluations.length);
  const count = last[0]?.count;
  const kind = last[0]?.digits;
  if (count === undefined || kind === undefined) return "";
  if (!last.every((each) => each?.count === count && each?.digits === kind)) return "";
  const often = times === undefined ? "" : times === 1 ? " once" : ` ${times} times`;
  return `Performance was measured${often}, the last time on ${whole(count)} ${kind} digits.`;
}

function alignment(runs: readonly RunRecord[]): string {
  if (alignedProjections(runs).length === 0) return "";
  return (
    "The angle to the gradient compares the weight changes a rule asks for with those of gradient descent: " +
    "0° is the same direction, 90° an unrelated one."
  );
}

/** What all runs have in common, or nothing. */
function agreed<T>(runs: readonly RunRecord[], value: (run: RunRecord) => T): T | undefined {
  const values = runs.map(value);
  const same = values.every((each) => JSON.stringify(each) === JSON.stringify(values[0]));
  return same ? values[0] : undefined;
}
