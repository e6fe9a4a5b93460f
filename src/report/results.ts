import { arrow } from "./figures/theme.ts";
import type { Table } from "./html/table.ts";
import { degrees, duration, MISSING, number, percent, whole } from "./numbers.ts";
import { alignedProjections, distinctLabels, divergedAt, type RunRecord } from "./report-data.ts";

const SIGNS: Record<string, string> = {
  excitatory: "excitatory (W\u00a0\u2265\u00a00)",
  inhibitory: "inhibitory (W\u00a0\u2264\u00a00)",
  mixed: "mixed",
};

/** What the runs ended with: a column per run, so that a phone has room for two beside each other. */
export function resultsTable(runs: readonly RunRecord[]): Table {
  const row = (name: string, cell: (run: RunRecord) => string, emphasis = false) => ({
    name,
    cells: runs.map(cell),
    emphasis,
  });
  return {
    caption: "Results at the end of training",
    columns: distinctLabels(runs),
    rows: [
      row("learning rule", (run) => run.rule),
      row("sign of weights", signOf),
      ...(runs.some((run) => divergedAt(run) !== undefined) ? [row("outcome", outcome)] : []),
      row("epochs", (run) => number(run.summary.epochs)),
      row("steps", (run) => whole(run.summary.steps)),
      row("test error", (run) => percent(run.summary.testError), true),
      row("training error", (run) => percent(run.summary.trainError)),
      row("test loss (nats)", (run) => number(run.summary.testLoss)),
      ...(runs.some(({ representation }) => representation)
        ? [
            row("silhouette", ({ representation }) => (representation ? number(representation.silhouette) : MISSING)),
            row("neighbour purity", ({ representation }) =>
              representation ? percent(representation.purity) : MISSING,
            ),
          ]
        : []),
      row("time of a step", (run) => milliseconds(run.summary.stepMilliseconds)),
      row("time of the run", (run) => duration(run.summary.seconds)),
    ],
  };
}

/** How the last updates of each run agreed with the gradient, if any run measured it. */
export function alignmentTable(runs: readonly RunRecord[]): Table | undefined {
  const projections = alignedProjections(runs);
  if (projections.length === 0) return undefined;
  return {
    caption: "Angle between update and gradient at the end, and share of weights in which both have the same sign",
    columns: distinctLabels(runs),
    rows: projections.map((projection) => ({
      name: arrow(projection),
      cells: runs.map((run) => alignmentOf(run, projection)),
    })),
  };
}

/** The configuration of all runs; rows in which runs differ come first and stand out. */
export function configurationTable(runs: readonly RunRecord[]): Table {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.config)))];
  const rows = names.map((name) => {
    const cells = runs.map((run) => settingOf(own(run.config, name)));
    return { name, cells, emphasis: new Set(cells).size > 1 };
  });
  return {
    caption: rows.some((row) => row.emphasis) ? "Settings; bold ones differ between runs" : "Settings",
    columns: distinctLabels(runs),
    rows: [...rows.filter((row) => row.emphasis), ...rows.filter((row) => !row.emphasis)],
  };
}

function signOf({ config }: RunRecord): string {
  const { sign } = config;
  return typeof sign === "string" ? (own(SIGNS, sign) ?? sign) : MISSING;
}

function outcome(run: RunRecord): string {
  const epoch = divergedAt(run);
  return epoch === undefined ? "finished" : `diverged by epoch ${number(epoch)}`;
}

function alignmentOf({ summary }: RunRecord, projection: string): string {
  const alignment = own(summary.alignment, projection);
  if (!alignment) return MISSING;
  return `${degrees(alignment.angle)},\u00a0${share(alignment.signAgreement)}`;
}

/** Rounded down, so that "100 %" is said of all weights and never of almost all. */
function share(value: number): string {
  return Number.isFinite(value) ? `${Math.floor(1000 * value + 1e-9) / 10}\u00a0%` : MISSING;
}

function milliseconds(value: number): string {
  return Number.isFinite(value) ? `${number(value)} ms` : MISSING;
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
