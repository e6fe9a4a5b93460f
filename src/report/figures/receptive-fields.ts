import type { TopLevelSpec } from "vega-lite";
import { ShapeError } from "../../kinds/errors.ts";
import type { Chapter } from "../chapter.ts";
import type { Condition } from "../conditions.ts";
import { distinct } from "../distinct.ts";
import { inert } from "../inert.ts";
import { number } from "../numbers.ts";
import type { ReceptiveFields, RunRecord } from "../run-record.ts";
import { textWidth } from "../text-width.ts";
import { divergingScale } from "./diverging-colours.ts";
import { colourFieldImage, fieldImage } from "./field-image.ts";
import type { Figure } from "./figure.ts";
import { arrow, THEME } from "./theme.ts";

/** Screen pixels between the corners of two neighbouring fields, and the part of it that stays white. */
const STEP = 46;
const GAP = 4;
/** A name under a field, in lines. */
const NAME = { fontSize: 10, lineHeight: 11, limit: STEP - 1 };
/** Scalar units have one field each; so many of them stand side by side. */
const SCALAR_UNITS_IN_ROW = 8;

/** What the images of a figure hold. */
interface Quantity {
  /** Beginning of the figure's name and title. */
  name: string;
  title: string;
  /** Title of the colour legend. */
  legend: string;
}

const weights: Quantity = { name: "receptive-fields", title: "Receptive fields", legend: "weight" };
const changes: Quantity = {
  name: "learned-changes",
  title: "What learning added to the receptive fields",
  legend: "change of weight",
};

/** What units that see the input are tuned to. */
export const receptiveFieldsChapter: Chapter = { figures: ({ conditions }) => receptiveFieldFigures(conditions) };

/**
 * A figure for each condition whose first seed brought receptive fields, and one of what training added to them where that
 * is known: rows are units, columns the components of their vectors.
 */
export function receptiveFieldFigures(conditions: readonly Condition[]): Figure[] {
  const shown = conditions.flatMap(({ name, runs }) => {
    const [first] = runs as readonly [RunRecord];
    const label = runs.length === 1 ? name : `${name}, seed ${first.seed}`;
    return first.receptiveFields?.units.length ? [{ label, fields: first.receptiveFields }] : [];
  });
  return shown.flatMap(({ label, fields }, index) => {
    // Numbered, not named after the label, which may hold anything and need not make a file name.
    const number = shown.length === 1 ? "" : `-${index + 1}`;
    const changed = changesOf(fields);
    return [
      receptiveFieldFigure(number, label, fields, weights),
      ...(changed ? [receptiveFieldFigure(number, label, changed, changes)] : []),
    ];
  });
}

/** The changes in the place of the fields; undefined unless all units have them. */
function changesOf(fields: ReceptiveFields): ReceptiveFields | undefined {
  const units = fields.units.flatMap(({ name, changes: added }) => (added ? [{ name, fields: added }] : []));
  return units.length === fields.units.length ? { ...fields, units } : undefined;
}

function receptiveFieldFigure(number: string, label: string, fields: ReceptiveFields, quantity: Quantity): Figure {
  checkShape(label, fields);
  const limit = largestWeight(fields);
  const scalar = fields.components === 1;
  const names = distinct(fields.units.map((unit) => inert(unit.name)));
  const values = fields.units.flatMap((unit, index) =>
    unit.fields.map((field, component) => ({
      row: scalar ? String(Math.floor(index / SCALAR_UNITS_IN_ROW)) : (names[index] as string),
      column: scalar ? index % SCALAR_UNITS_IN_ROW : component,
      name: linesOf(unit.name),
      url:
        fields.channels === 1
          ? fieldImage(field, fields.height, fields.width, limit)
          : colourFieldImage(field, fields.height, fields.width),
      weight: 0,
    })),
  );
  const projection = arrow(fields.projection);
  return {
    name: `${quantity.name}${number}`,
    title: `${quantity.title}, ${label}`,
    caption: caption(label, projection, fields, limit, quantity),
    description: `Images, ${quantity.legend} of projection ${projection} of ${label} onto ${fields.units.length} units, ${fields.components} for each unit.`,
    spec: spec(values, fields, limit, quantity),
    numbers: [],
  };
}

function spec(
  values: { row: string; name: string }[],
  fields: ReceptiveFields,
  limit: number,
  quantity: Quantity,
): TopLevelSpec {
  const scalar = fields.components === 1;
  const lines = Math.max(...values.map(({ name }) => name.split("\n").length));
  const size = { width: STEP - GAP, height: ((STEP - GAP) * fields.height) / fields.width };
  const axis = { ticks: false, domain: false, grid: false, labelAngle: 0, labelPadding: 6 };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: THEME,
    data: { values },
    width: { step: STEP },
    height: { step: scalar ? size.height + 2 * GAP + NAME.lineHeight * lines : size.height + GAP },
    encoding: {
      x: {
        field: "column",
        type: "ordinal",
        scale: { padding: 0 },
        title: scalar ? null : "component of the unit's vector (one per class)",
        axis: scalar ? null : { ...axis, orient: "top" },
      },
      y: {
        field: "row",
        type: "ordinal",
        scale: { padding: 0, domain: [...new Set(values.map((value) => value.row))] },
        title: scalar ? null : "unit",
        axis: scalar ? null : axis,
      },
    },
    layer: [
      {
        mark: { type: "image", ...size, aspect: false, smooth: false },
        encoding: { url: { field: "url", type: "nominal" } },
      },
      ...(fields.channels === 1 ? [legendLayer(limit, quantity)] : []),
      ...(scalar ? [nameLayer(size.height / 2)] : []),
    ],
  };
}

/** Squares without a size: Vega draws a legend only for a scale that some mark uses. */
function legendLayer(limit: number, { legend }: Quantity) {
  return {
    mark: { type: "square" as const, size: 0, opacity: 0 },
    encoding: {
      color: {
        field: "weight",
        type: "quantitative" as const,
        title: legend,
        scale: divergingScale(limit),
        legend: {
          orient: "bottom" as const,
          titleOrient: "top" as const,
          direction: "horizontal" as const,
          gradientLength: 180,
          gradientThickness: 12,
          values: [-limit, 0, limit],
          format: ".2~g",
        },
      },
    },
  };
}

/** "v1 12", in two lines where one is too long for the room below a field. */
function linesOf(name: string): string {
  return textWidth(name, NAME.fontSize, false) > NAME.limit ? name.replace(/ (?=\S+$)/, "\n") : name;
}

/** Names of scalar units, under their fields. */
function nameLayer(below: number) {
  return {
    mark: { type: "text" as const, dy: below, baseline: "top" as const, lineBreak: "\n", ...NAME },
    encoding: { text: { field: "name", type: "nominal" as const } },
  };
}

function checkShape(label: string, { projection, height, width, channels, components, units }: ReceptiveFields): void {
  const owner = `Receptive fields of ${label}, projection ${projection}`;
  if (channels !== 1 && channels !== 3)
    throw new ShapeError(`${owner}: got ${channels} channels, needs 1 or 3; leave out fields that are no images.`);
  for (const unit of units) {
    const wrong = unit.fields.find((field) => field.length !== height * width * channels);
    if (unit.fields.length === components && !wrong) continue;
    const got = wrong ? `a field of ${wrong.length} weights` : `${unit.fields.length} fields`;
    const size = channels === 1 ? `${height} x ${width}` : `${height} x ${width} x ${channels}`;
    throw new ShapeError(`${owner}, unit ${unit.name}: got ${got}, needs ${components} fields of ${size} weights.`);
  }
}

/** The largest size of any weight, so that one scale fits the whole figure; 1 where all are 0. */
function largestWeight({ units }: ReceptiveFields): number {
  let largest = 0;
  for (const { fields } of units)
    for (const field of fields)
      for (const weight of field) if (Number.isFinite(weight)) largest = Math.max(largest, Math.abs(weight));
  return largest || 1;
}

function caption(
  label: string,
  projection: string,
  fields: ReceptiveFields,
  limit: number,
  { legend }: Quantity,
): string {
  const inColour = fields.channels === 3;
  const size = `${fields.height} \u00d7 ${fields.width}${inColour ? " \u00d7 3" : ""}`;
  const scale = inColour
    ? "Red, green and blue are the weights from the three colour channels: mid-grey is 0, brighter positive, darker " +
      "negative, each image on a scale of its own up to \u00b1 its largest weight."
    : `White is 0, blue negative, red positive, on one scale up to \u00b1${number(limit, 2)}.`;
  const what =
    legend === weights.legend
      ? `Weights of ${projection} in run ${label}`
      : `Weights of ${projection} in run ${label} at the end of training, less what they were at its start`;
  if (fields.components === 1) return `${what}, one image of ${size} weights for each unit. ${scale}`;
  const layout = `each row is a unit, each column a component of its vector, which stands for one class; every image holds ${size} weights.`;
  const hint =
    legend === weights.legend
      ? "An ON/OFF pair of units starts as each other's negative."
      : "Strokes that a component has come to like (red) or dislike (blue) stand out from the noise of the start.";
  return [`${what}: ${layout}`, scale, inColour ? "" : hint].filter(Boolean).join(" ");
}
