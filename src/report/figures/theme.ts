import type { Config } from "vega-lite";

/** Width of a figure's plotting area, pixels: a column of a paper, and little enough shrinking on a phone. */
export const FIGURE_WIDTH = 420;

/** Sans-serif fonts that are there without loading any. */
const FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/** Room for a label, pixels: some 60 characters. */
const LABEL_LIMIT = 440;

/** Size of axes' labels, pixels. */
export const AXIS_TEXT = 12;
/** Size of axes' titles, pixels. */
export const AXIS_TITLE = 13;

/** Colour of text. */
export const INK = "#222222";
const FAINT = "#6b6b6b";

/** Fonts, axes and legends that all figures share. */
export const THEME: Config = {
  background: "white",
  padding: 8,
  font: FONT,
  // The figure as a whole is described; a label on each of hundreds of points would only be in a screen reader's way.
  aria: false,
  view: { stroke: null },
  title: { fontSize: 13, fontWeight: 600, color: INK, anchor: "start" },
  header: { labelFontSize: 12, labelFontWeight: 600, labelColor: INK, labelPadding: 4, labelLimit: 190 },
  axis: {
    labelFontSize: AXIS_TEXT,
    titleFontSize: AXIS_TITLE,
    titleFontWeight: "normal",
    titlePadding: 8,
    labelColor: INK,
    titleColor: INK,
    domainColor: FAINT,
    tickColor: FAINT,
    tickSize: 4,
    labelFlush: false,
    gridColor: "#e9e9e9",
    labelLimit: LABEL_LIMIT,
    // Where labels take more than this, the axis' title is drawn over them.
    maxExtent: LABEL_LIMIT + 40,
  },
  legend: {
    orient: "top",
    titleOrient: "left",
    titlePadding: 9,
    // Vega's own option, which Vega-Lite hands on but leaves out of its types: legends below, not beside, each other.
    ...({ layout: { top: { anchor: "start", direction: "vertical", margin: 4 } } } as object),
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 600,
    labelColor: INK,
    titleColor: INK,
    labelLimit: LABEL_LIMIT,
    symbolSize: 70,
    symbolStrokeWidth: 2,
    columnPadding: 14,
    rowPadding: 4,
    offset: 8,
  },
  line: { strokeWidth: 2, strokeCap: "butt" },
  point: { size: 40, strokeWidth: 1.5 },
  range: { category: [] },
};

/** A projection's name as it is printed: "pixels->v1" with a proper arrow. */
export function arrow(projection: string): string {
  return projection.replaceAll("->", " \u2192 ");
}
