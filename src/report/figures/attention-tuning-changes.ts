import type { TopLevelSpec } from "vega-lite";
import { attendedConditions } from "../attention/attended.ts";
import type { TuningRecord } from "../attention-record.ts";
import type { Condition } from "../conditions.ts";
import { number, percent, range, whole } from "../numbers.ts";
import { haveSeeds } from "../seeds-in-words.ts";
import { conditionScales, namesOf } from "./condition-encoding.ts";
import type { Figure } from "./figure.ts";
import { tidy } from "./mean-and-band.ts";
import { FIGURE_WIDTH, INK, inert, THEME } from "./theme.ts";

const SPACING = 20;
/** Pixels of a row. */
const STEP = 44;
/** Share of a row that points are scattered over. */
const SCATTER = 0.7;
/** Places of successive points: multiples of the golden ratio, which fill a row evenly whatever their number. */
const GOLDEN = 0.618034;

interface Row {
  row: string;
  condition: string;
  units: readonly { gain: number; shift: number }[];
  untuned: number;
  step: number;
}

/** By how much attention scales the tuning curves of each stage's units, and by how much it moves their peaks. */
export function tuningChangesFigure(conditions: readonly Condition[]): Figure | undefined {
  const rows = rowsOf(conditions);
  if (rows.every(({ units }) => units.length === 0)) return undefined;
  const steps = rows.map(({ step }) => step).filter(Number.isFinite);
  const step = Math.max(...steps);
  const names = rows.map(({ row }) => row);
  const shifts = rows.flatMap(({ units }) => units.map(({ shift }) => Math.abs(shift))).filter(Number.isFinite);
  const reach = Math.min(90, 1.08 * Math.max(2 * step, ...shifts));
  const panel = (key: "gain" | "shift", x: object, references: readonly number[], labelled: boolean) => ({
    width: (FIGURE_WIDTH - SPACING) / 2,
    height: { step: STEP },
    layer: layersOf(conditions, rows, { key, x, references, names, labelled }),
  });
  const gains = rows.flatMap(({ units }) => units.map(({ gain }) => gain)).filter(Number.isFinite);
  return {
    name: "attention-tuning-changes",
    title: "What attention does to tuning curves",
    caption: [
      "Left: gain of each tuned unit, the slope of its attended over its unattended tuning curve (dotted: 1, unchanged). Right:",
      `degrees by which its peak moves (dotted: one step of the bars to either side, ${range(steps, number)}°). A point is a unit, a stroke the`,
      "median. Attention that only scales leaves the shifts between the dotted lines.",
      `${rows.map(inWords).join("; ")}.`,
      haveSeeds(conditions) ? "Units of all seeds are shown together." : "",
    ]
      .filter(Boolean)
      .join(" "),
    description: `Strip plots of gain and of peak shift by attention. ${rows.map(inWords).join("; ")}.`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: THEME,
      spacing: SPACING,
      hconcat: [
        panel(
          "gain",
          {
            title: "gain",
            scale: { domain: [Math.min(1, ...gains), Math.max(1, ...gains)], nice: true, zero: false, padding: 4 },
          },
          [1],
          true,
        ),
        panel(
          "shift",
          { title: "peak shift (°)", scale: { domain: [-reach, reach], nice: false } },
          [-step, step],
          false,
        ),
      ],
    } satisfies TopLevelSpec,
  };
}

interface Strip {
  key: "gain" | "shift";
  x: object;
  references: readonly number[];
  names: readonly string[];
  labelled: boolean;
}

function layersOf(
  conditions: readonly Condition[],
  rows: readonly Row[],
  { key, x, references, names, labelled }: Strip,
) {
  const horizontal = { type: "quantitative" as const, axis: { tickCount: 5, grid: false }, ...x };
  const y = {
    field: "row",
    type: "nominal" as const,
    title: null,
    scale: { domain: [...names] },
    axis: labelled ? { grid: true, ticks: false, domain: false, labelPadding: 8 } : null,
  };
  const color = {
    field: "condition",
    type: "nominal" as const,
    scale: conditionScales(namesOf(conditions)).color,
    legend: null,
  };
  const points = rows.flatMap(({ row, condition, units }) =>
    units.flatMap((unit, index) => {
      const value = tidy(unit[key]);
      return value === null ? [] : [{ row, condition, value, place: tidy((index * GOLDEN) % 1) }];
    }),
  );
  const medians = rows.flatMap(({ row, units }) => {
    const value = tidy(median(units.map((unit) => unit[key])));
    return value === null ? [] : [{ row, value }];
  });
  return [
    {
      data: { values: references.map((at) => ({ at: tidy(at) })) },
      mark: { type: "rule" as const, color: "#555555", strokeDash: [2, 2] },
      encoding: { x: { field: "at", ...horizontal } },
    },
    {
      data: { values: points },
      mark: { type: "circle" as const, size: 22, opacity: 0.6 },
      encoding: {
        x: { field: "value", ...horizontal },
        y,
        yOffset: {
          field: "place",
          type: "quantitative" as const,
          scale: { domain: [0.5 - 0.5 / SCATTER, 0.5 + 0.5 / SCATTER], nice: false, zero: false },
        },
        color,
      },
    },
    {
      data: { values: medians },
      mark: { type: "tick" as const, thickness: 3, size: 0.8 * STEP, color: INK, opacity: 1 },
      encoding: { x: { field: "value", ...horizontal }, y },
    },
  ];
}

/** A row for each stage of each condition, with the units of all its seeds. */
function rowsOf(conditions: readonly Condition[]): Row[] {
  const attended = attendedConditions(conditions);
  const stages = [
    ...new Set(attended.flatMap(({ runs }) => runs.flatMap((run) => run.attention.tuning.map((each) => each.stage)))),
  ];
  return stages.flatMap((stage) =>
    attended.flatMap(({ name, runs }) => {
      const records = runs.flatMap(({ attention }) => attention.tuning.filter((each) => each.stage === stage));
      if (records.length === 0) return [];
      return [
        {
          row: inert(attended.length > 1 ? `${stage}, ${name}` : stage),
          condition: name,
          units: records.flatMap(({ units }) => units),
          untuned: records.reduce((sum, { untuned }) => sum + untuned, 0),
          step: stepOf(records[0]!),
        },
      ];
    }),
  );
}

/** Degrees between neighbouring bars. */
function stepOf({ angles }: TuningRecord): number {
  return angles.length > 1 ? (angles[1] as number) - (angles[0] as number) : 180;
}

function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** "V1: median gain 1.12, peaks of 95.00 % of 20 tuned units stay, 3 not tuned". */
function inWords({ row, units, untuned, step }: Row): string {
  const left = untuned > 0 ? `, ${whole(untuned)} not tuned` : "";
  if (units.length === 0) return `${row}: no tuned unit${left}`;
  const steady = units.filter(({ shift }) => Math.abs(shift) < step).length;
  return [
    `${row}: median gain ${number(median(units.map(({ gain }) => gain)))}`,
    `${percent(steady / units.length)} of the peaks of ${whole(units.length)} tuned units move by less than a step${left}`,
  ].join(", ");
}
