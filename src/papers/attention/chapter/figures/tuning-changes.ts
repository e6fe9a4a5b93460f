import type { TopLevelSpec } from "vega-lite";
import { conditionScales, namesOf } from "../../../../report/figures/condition-encoding.ts";
import type { Figure } from "../../../../report/figures/figure.ts";
import { tidy } from "../../../../report/figures/mean-and-band.ts";
import { FIGURE_WIDTH, INK, THEME } from "../../../../report/figures/theme.ts";
import { inert } from "../../../../report/inert.ts";
import { listed, number, range, shareOf, whole } from "../../../../report/numbers.ts";
import { haveSeeds } from "../../../../report/seeds-in-words.ts";
import type { TuningRecord } from "../../attention-record.ts";
import type { AttendedCondition } from "../attended.ts";

const SPACING = 20;
/** Pixels of a row. */
const STEP = 44;
/** Share of a row that points are scattered over. */
const SCATTER = 0.7;
/** Places of successive points: multiples of the golden ratio, which fill a row evenly whatever their number. */
const GOLDEN = 0.618034;

interface Row {
  stage: string;
  row: string;
  condition: string;
  units: readonly { seed: number; unit: number; gain: number; shift: number }[];
  untuned: number;
  step: number;
}

/** By how much attention scales the tuning curves of each stage's units, and by how much it moves their peaks. */
export function tuningChangesFigure(attended: readonly AttendedCondition[]): Figure | undefined {
  const rows = rowsOf(attended);
  if (rows.every(({ units }) => units.length === 0)) return undefined;
  const steps = rows.map(({ step }) => step).filter(Number.isFinite);
  const step = Math.max(...steps);
  const names = rows.map(({ row }) => row);
  const shifts = rows.flatMap(({ units }) => units.map(({ shift }) => Math.abs(shift))).filter(Number.isFinite);
  const reach = Math.min(90, 1.08 * Math.max(2 * step, ...shifts));
  const panel = (key: "gain" | "shift", x: StripAxis, references: readonly number[]) => ({
    width: (FIGURE_WIDTH - SPACING) / 2,
    height: { step: STEP },
    layer: layersOf(attended, rows, { key, x, references, names, labelled: key === "gain" }),
  });
  const gains = rows.flatMap(({ units }) => units.map(({ gain }) => gain)).filter(Number.isFinite);
  const gainAxis = gainScale(rows.map(({ units }) => units.map(({ gain }) => gain)));
  return {
    name: "attention-tuning-changes",
    title: "What attention does to tuning curves",
    caption: [
      "Left: gain of each tuned unit, the slope of its attended over its unattended tuning curve (dotted: 1, unchanged). Right:",
      `degrees by which its peak moves (dotted: one step of the bars to either side, ${range(steps, number)}°). A point is a unit, a stroke the`,
      "median. Attention that only scales leaves the shifts between the dotted lines.",
      `${rows.map(inWords).join("; ")}.`,
      beyondInWords(gains, gainAxis.domain),
      haveSeeds(attended) ? "Units of all seeds are shown together." : "",
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
            scale: gainAxis,
          },
          [1],
        ),
        panel("shift", { title: "peak shift (°)", scale: { type: "linear", domain: [-reach, reach], nice: false } }, [
          -step,
          step,
        ]),
      ],
    } satisfies TopLevelSpec,
    numbers: rows.flatMap(({ stage, condition, units }) =>
      units.map(({ seed, unit, gain, shift }) => ({ condition, seed, stage, unit, gain, peak_shift: shift })),
    ),
  };
}

/** How many distances between quartiles an axis reaches beyond them. */
const REACH = 3;
/** By how much values beyond that must lengthen the axis before they are taken off it. */
const SQUEEZED = 2;
/** Ratio of the ends of an axis of gains from which on it is logarithmic. */
const LOG_FROM = 4;

/**
 * The axis of gains: around 1 and the gains of every row, but for a few that lie so far from the others of their row that
 * these would be squeezed into a line. Logarithmic where it spans a factor of 4 and all gains are positive.
 */
export function gainScale(rows: readonly (readonly number[])[]): StripAxis["scale"] {
  const ends = rows.flatMap(rangeOf);
  const [low, high] = [Math.min(1, ...ends), Math.max(1, ...ends)];
  const logarithmic = low > 0 && high / low > LOG_FROM;
  const scale = { domain: [low, high] as [number, number], nice: false, padding: 8 };
  return logarithmic ? { ...scale, type: "log" } : { ...scale, type: "linear", zero: false };
}

function rangeOf(gains: readonly number[]): number[] {
  const sorted = gains.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return [];
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] as number;
  const reach = REACH * Math.max(at(0.75) - at(0.25), 0.1);
  const [low, high] = [Math.max(at(0), at(0.25) - reach), Math.min(at(1), at(0.75) + reach)];
  return at(1) - at(0) > SQUEEZED * (high - low) ? [low, high] : [at(0), at(1)];
}

/** "2 gains lie off the axis (-0.5 and 19) and are drawn as triangles on its edges." */
function beyondInWords(gains: readonly number[], [low, high]: readonly [number, number]): string {
  const beyond = gains.filter((gain) => gain < low || gain > high);
  if (beyond.length === 0) return "";
  const [least, most] = [Math.min(...beyond), Math.max(...beyond)];
  const which = beyond.length <= 3 ? listed(beyond.map((gain) => number(gain))) : `${number(least)} to ${number(most)}`;
  return beyond.length === 1
    ? `One gain lies off the axis (${which}) and is drawn as a triangle on its edge.`
    : `${beyond.length} gains lie off the axis (${which}) and are drawn as triangles on its edges.`;
}

/** A horizontal axis. */
interface StripAxis {
  title: string;
  scale: { type: "linear" | "log"; domain: [number, number]; nice: boolean; zero?: boolean; padding?: number };
}

interface Strip {
  key: "gain" | "shift";
  x: StripAxis;
  references: readonly number[];
  names: readonly string[];
  labelled: boolean;
}

function layersOf(
  attended: readonly AttendedCondition[],
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
    scale: conditionScales(namesOf(attended)).color,
    legend: null,
  };
  const [low, high] = x.scale.domain as [number, number];
  const points = rows.flatMap(({ row, condition, units }) =>
    units.flatMap((unit, index) => {
      const within = Math.min(high, Math.max(low, unit[key]));
      const value = tidy(within);
      const side = Math.sign(unit[key] - within);
      return value === null ? [] : [{ row, condition, value, place: tidy((index * GOLDEN) % 1), side }];
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
      mark: { type: "point" as const, filled: true, opacity: 0.6, strokeWidth: 0 },
      encoding: {
        x: { field: "value", ...horizontal },
        y,
        yOffset: {
          field: "place",
          type: "quantitative" as const,
          scale: { domain: [0.5 - 0.5 / SCATTER, 0.5 + 0.5 / SCATTER], nice: false, zero: false },
        },
        color,
        // Of a constant range, since a scale shared by both panels would have a legend.
        shape: {
          condition: [
            { test: "datum.side < 0", value: "triangle-left" },
            { test: "datum.side > 0", value: "triangle-right" },
          ],
          value: "circle",
        },
        size: { condition: { test: "datum.side === 0", value: 22 }, value: 60 },
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
function rowsOf(attended: readonly AttendedCondition[]): Row[] {
  const stages = [
    ...new Set(attended.flatMap(({ runs }) => runs.flatMap((run) => run.record.tuning.map((each) => each.stage)))),
  ];
  return stages.flatMap((stage) =>
    attended.flatMap(({ name, runs }) => {
      const records = runs.flatMap(({ seed, record }) =>
        record.tuning.flatMap((each) => (each.stage === stage ? [{ ...each, seed }] : [])),
      );
      if (records.length === 0) return [];
      return [
        {
          stage,
          row: inert(attended.length > 1 ? `${stage}, ${name}` : stage),
          condition: name,
          units: records.flatMap(({ seed, units }) => units.map((unit) => ({ seed, ...unit }))),
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

/** "V1: median gain 1.12, 19 of 20 (95 %) peaks of tuned units move by less than a step, 3 not tuned". */
function inWords({ row, units, untuned, step }: Row): string {
  const left = untuned > 0 ? `, ${whole(untuned)} not tuned` : "";
  if (units.length === 0) return `${row}: no tuned unit${left}`;
  const steady = units.filter(({ shift }) => Math.abs(shift) < step).length;
  return [
    `${row}: median gain ${number(median(units.map(({ gain }) => gain)))}`,
    `${shareOf(steady, units.length)} peaks of tuned units move by less than a step${left}`,
  ].join(", ");
}
