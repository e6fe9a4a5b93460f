import { type Condition, divergedAt, isTrained, overSeeds } from "./conditions.ts";
import { arrow } from "./figures/theme.ts";
import type { Table } from "./html/table.ts";
import type { Alignment } from "./learning-record.ts";
import { lossTitle } from "./loss-title.ts";
import { degrees, duration, MISSING, number, percent, plusMinus, range, share, whole } from "./numbers.ts";
import { alignedProjections, type RunRecord } from "./report-data.ts";
import type { Representation } from "./representation-record.ts";
import { haveSeeds, seedsInWords } from "./seeds-in-words.ts";
import type { Spread } from "./spread.ts";
import { TABLED_PROJECTIONS } from "./tabled-projections.ts";

const SIGNS: Record<string, string> = {
  excitatory: "excitatory (W\u00a0\u2265\u00a00)",
  inhibitory: "inhibitory (W\u00a0\u2264\u00a00)",
  mixed: "mixed",
};

/** A number with its unit as text; digits are those that count, where the format leaves a choice. */
type Format = (value: number, digits?: number) => string;

/** What the runs ended with: a column per condition, so that a phone has room for two beside each other. */
export function resultsTable(conditions: readonly Condition[]): Table {
  const row = (name: string, cell: (condition: Condition) => string, emphasis = false) => ({
    name,
    cells: conditions.map(cell),
    emphasis,
  });
  const quantity = (value: (run: RunRecord) => number | null, format: Format) => (each: Condition) =>
    spreadCell(each, overSeeds(each, value), format);
  const score = (value: (representation: Representation) => number, format: Format) =>
    quantity(({ representation }) => (representation ? value(representation) : Number.NaN), format);
  const seeds = haveSeeds(conditions);
  const diverged = conditions.some(({ runs }) => runs.some((run) => divergedAt(run) !== undefined));
  const represented = conditions.some(({ runs }) => runs.some(({ representation }) => representation));
  const trained = conditions.some(({ runs }) => runs.some(isTrained));
  const what = trained ? "Results at the end of training" : "Results without training";
  return {
    caption: seeds ? `${what}, mean \u00b1 SD over seeds` : what,
    columns: conditions.map(({ name }) => name),
    rows: [
      row("learning rule", ({ runs }) => shared(runs.map(ruleOf))),
      row("sign of weights", ({ runs }) => shared(runs.map(signOf))),
      ...(seeds ? [row("seeds", ({ runs }) => seedsInWords(runs.map(({ seed }) => seed)))] : []),
      ...(diverged ? [row("outcome", outcome)] : []),
      row("epochs", ({ runs }) =>
        range(
          runs.map(({ summary }) => summary.epochs),
          number,
        ),
      ),
      row("steps", ({ runs }) =>
        range(
          runs.map(({ summary }) => summary.steps),
          whole,
        ),
      ),
      row(
        "test error",
        quantity(({ summary }) => summary.testError, percent),
        true,
      ),
      row(
        "training error",
        quantity(({ summary }) => summary.trainError, percent),
      ),
      row(
        lossTitle("test loss", conditions),
        quantity(({ summary }) => summary.testLoss, number),
      ),
      ...(represented
        ? [
            row(
              "silhouette",
              score(({ silhouette }) => silhouette, number),
            ),
            row(
              "neighbour purity",
              score(({ purity }) => purity, percent),
            ),
          ]
        : []),
      row(
        "time of a step",
        quantity(({ summary }) => summary.stepMilliseconds, milliseconds),
      ),
      row(seeds ? "time of a run (mean)" : "time of the run", (each) =>
        duration(overSeeds(each, ({ summary }) => summary.seconds).mean),
      ),
    ],
  };
}

/** How the last updates of each condition agreed with the gradient, if some run measured it of no more than 4 projections. */
export function alignmentTable(conditions: readonly Condition[]): Table | undefined {
  const projections = alignedProjections(conditions.flatMap(({ runs }) => runs));
  if (projections.length === 0 || projections.length > TABLED_PROJECTIONS) return undefined;
  const what = "Angle between update and gradient at the end, and share of weights in which both have the same sign";
  return {
    caption: haveSeeds(conditions) ? `${what}; mean \u00b1 SD over seeds` : what,
    columns: conditions.map(({ name }) => name),
    rows: projections.map((projection) => ({
      name: arrow(projection),
      cells: conditions.map((condition) => alignmentOf(condition, projection)),
    })),
  };
}

/** The configuration of all conditions; rows in which they differ come first and stand out. */
export function configurationTable(conditions: readonly Condition[]): Table {
  const names = [...new Set(conditions.flatMap(({ runs }) => runs.flatMap(({ config }) => Object.keys(config))))];
  const rows = names.map((name) => {
    const cells = conditions.map(({ runs }) => shared(runs.map(({ config }) => settingOf(own(config, name)))));
    return { name, cells, emphasis: new Set(cells).size > 1 };
  });
  const who = haveSeeds(conditions) ? "conditions" : "runs";
  return {
    caption: rows.some((row) => row.emphasis) ? `Settings; bold ones differ between ${who}` : "Settings",
    columns: conditions.map(({ name }) => name),
    rows: [...rows.filter((row) => row.emphasis), ...rows.filter((row) => !row.emphasis)],
  };
}

/** The rule of a run, and that it trained nothing where it did not. */
function ruleOf(run: RunRecord): string {
  return isTrained(run) ? run.rule : `${run.rule} (nothing trained)`;
}

function signOf({ config }: RunRecord): string {
  const { sign } = config;
  return typeof sign === "string" ? (own(SIGNS, sign) ?? sign) : MISSING;
}

function outcome({ runs }: Condition): string {
  const lost = runs.flatMap((run) => {
    const epoch = divergedAt(run);
    return epoch === undefined ? [] : [{ seed: run.seed, epoch: number(epoch) }];
  });
  if (lost.length === 0) return "finished";
  if (runs.length === 1) return `diverged by epoch ${lost[0]?.epoch}`;
  const which = lost.map(({ seed, epoch }) => `seed ${seed} by epoch ${epoch}`).join(", ");
  const means = lost.length === runs.length ? "" : "; not in the means";
  return `${lost.length} of ${runs.length} seeds diverged (${which})${means}`;
}

/** "1.87 %" of one seed, "1.87 ± 0.05 % (5 seeds)" of several, "(4 of 5 seeds)" where one has no result. */
export function spreadCell({ runs }: Condition, over: Spread, format: Format): string {
  const { mean, count } = over;
  if (runs.length === 1 || count === 0) return format(mean);
  const seeds = count === runs.length ? `${count}\u00a0seeds` : `${count}\u00a0of\u00a0${runs.length}\u00a0seeds`;
  return `${count === 1 ? format(mean) : plusMinus(over, format)} (${seeds})`;
}

function alignmentOf(condition: Condition, projection: string): string {
  const over = (value: (alignment: Alignment) => number | null) =>
    overSeeds(condition, ({ summary }) => {
      const alignment = own(summary.alignment, projection);
      return alignment ? value(alignment) : null;
    });
  const angle = over((alignment) => alignment.angle);
  const agreement = over((alignment) => alignment.signAgreement);
  if (angle.count + agreement.count === 0) return MISSING;
  // The agreement's SD is a matter of tenths of a per cent and left to the figure.
  const both = `${angle.count > 1 ? plusMinus(angle, degrees) : degrees(angle.mean)},\u00a0${share(agreement.mean)}`;
  const seeds = condition.runs.length;
  return angle.count < seeds ? `${both} (${angle.count}\u00a0of\u00a0${seeds}\u00a0seeds)` : both;
}

function milliseconds(value: number, digits?: number): string {
  return Number.isFinite(value) ? `${number(value, digits)} ms` : MISSING;
}

/** What the seeds of a condition have in common, or all that they have. */
function shared(cells: readonly string[]): string {
  return [...new Set(cells)].join("; ");
}

function settingOf(value: unknown): string {
  if (value === undefined) return MISSING;
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(settingOf).join(", ");
  return JSON.stringify(value) ?? String(value);
}

/** The entry of a name that came from outside, which may be that of something every object inherits. */
function own<T>(entries: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}
