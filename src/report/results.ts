import type { Interval } from "../analysis/wilson-interval.ts";
import type { Alignment } from "../records/learning-record.ts";
import type { Quantity } from "./chapter.ts";
import { type Condition, isTrained, overSeeds } from "./conditions.ts";
import { exactlyAligned } from "./exact-alignment.ts";
import { arrow } from "./figures/theme.ts";
import type { Table } from "./html/table.ts";
import { lossTitle } from "./loss-title.ts";
import { metricInterval } from "./metric-interval.ts";
import { degrees, duration, MISSING, number, plusMinus, range, share, whole } from "./numbers.ts";
import { alignedProjections, type RunRecord } from "./run-record.ts";
import { haveSeeds, seedsInWords } from "./seeds-in-words.ts";
import { finalValue, type ShownMetric, shownMetrics } from "./shown-metrics.ts";
import type { Spread } from "./spread.ts";
import { haveCourse } from "./steps.ts";
import { TABLED_PROJECTIONS } from "./tabled-projections.ts";

const SIGNS: Record<string, string> = {
  excitatory: "excitatory (W\u00a0\u2265\u00a00)",
  inhibitory: "inhibitory (W\u00a0\u2264\u00a00)",
  mixed: "mixed",
};

/** A number with its unit as text; digits are those that count, where the format leaves a choice. */
type Format = (value: number, digits?: number) => string;

/**
 * What the runs ended with: a column per condition, so that a phone has room for two beside each other.
 *
 * @param quantities what measures add to it
 */
export function resultsTable(conditions: readonly Condition[], quantities: readonly Quantity[] = []): Table {
  const row = (name: string, cell: (condition: Condition) => string, emphasis = false) => ({
    name,
    cells: conditions.map(cell),
    emphasis,
  });
  const quantity = (value: (run: RunRecord) => number | null, format: Format) => (each: Condition) =>
    spreadCell(each, overSeeds(each, value), format);
  const seeds = haveSeeds(conditions);
  const trained = conditions.some(({ runs }) => runs.some(isTrained));
  const what = trained ? "Results at the end of training" : "Results without training";
  return {
    caption: seeds ? `${what}, mean \u00b1 SD over seeds` : what,
    columns: conditions.map(({ name }) => name),
    rows: [
      row("learning rule", ({ runs }) => shared(runs.map(ruleOf))),
      row("sign of weights", ({ runs }) => shared(runs.map(signOf))),
      ...(seeds ? [row("seeds", ({ runs }) => seedsInWords(runs.map(({ seed }) => seed)))] : []),
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
      ...shownMetrics(conditions).flatMap((metric, index) => [
        row(`test ${metric.label}`, (condition) => testCell(condition, metric), index === 0),
        row(
          `training ${metric.label}`,
          quantity((run) => finalValue(run, metric, "train"), metric.format),
        ),
      ]),
      row(
        lossTitle("test loss", conditions),
        quantity(({ summary }) => summary.testLoss, number),
      ),
      ...quantities.map(({ name, value, format = number }) => row(name, quantity(value, format))),
      ...(conditions.some(({ runs }) => runs.some(isTrained))
        ? [
            row(
              "time of a step",
              quantity(({ summary }) => summary.stepMilliseconds, milliseconds),
            ),
          ]
        : []),
      row(seeds ? "time of a run (mean)" : "time of the run", (each) =>
        duration(overSeeds(each, ({ summary }) => summary.seconds).mean),
      ),
    ],
  };
}

/**
 * How the last updates of each condition agreed with the gradient, if some run measured it and not all of them follow it. Of
 * more than 4 projections only where there is no course to draw instead.
 */
export function alignmentTable(conditions: readonly Condition[]): Table | undefined {
  const projections = alignedProjections(conditions.flatMap(({ runs }) => runs));
  if (projections.length === 0 || exactlyAligned(conditions)) return undefined;
  if (projections.length > TABLED_PROJECTIONS && haveCourse(conditions)) return undefined;
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

/** The rule of a run, and that nothing was trained in it where nothing was. */
function ruleOf(run: RunRecord): string {
  return isTrained(run) ? run.rule : `${run.rule} (not trained in this run)`;
}

function signOf({ config }: RunRecord): string {
  const { sign } = config;
  return typeof sign === "string" ? (own(SIGNS, sign) ?? sign) : MISSING;
}

/** "1.87 ± 0.05 %"; of one seed "1.87 %" and below it "95 % CI 1.62 to 2.15 %". */
function testCell(condition: Condition, metric: ShownMetric): string {
  const [run, ...others] = condition.runs as [RunRecord, ...RunRecord[]];
  const over = overSeeds(condition, (each) => finalValue(each, metric, "test"));
  const text = spreadCell(condition, over, metric.format);
  return others.length > 0 ? text : withInterval(text, metricInterval(run, metric.name));
}

/** "95.00 %" and below it "95 % CI 91.1 to 97.3 %", the confidence interval of a share of independent trials. */
export function withInterval(text: string, interval: Interval | undefined): string {
  if (!interval) return text;
  const [low, high] = interval.map((end) => (100 * end).toFixed(1));
  return `${text}\n95\u00a0%\u00a0CI ${low}\u00a0to\u00a0${high}\u00a0%`;
}

/** "1.87 %" of one seed, "1.87 ± 0.05 %" of several, with "(4 of 5 seeds)" behind it where one has no result. */
export function spreadCell({ runs }: Condition, over: Spread, format: Format): string {
  const { mean, count } = over;
  if (runs.length === 1 || count === 0) return format(mean);
  const text = count === 1 ? format(mean) : plusMinus(over, format);
  return count === runs.length ? text : `${text} (${count}\u00a0of\u00a0${runs.length}\u00a0seeds)`;
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
  const both = `${angle.count > 1 && angle.deviation > 0 ? plusMinus(angle, degrees) : degrees(angle.mean)},\u00a0${share(agreement.mean)}`;
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

/** The entry of a name that came from outside, which may be that of something every object inherits. */
function own<T>(entries: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}
