import { arrow } from "../../../report/figures/theme.ts";
import type { Table } from "../../../report/html/table.ts";
import { degrees, listed, MISSING, percent, whole } from "../../../report/numbers.ts";
import { comparedInWords, type WidthSeries, widthLimit, widthPoints } from "../width-record.ts";

/** Angles by width, a column a projection. */
export function widthTable(series: WidthSeries): Table {
  const points = widthPoints(series);
  const projections = [...new Set(points.map(({ projection }) => projection))];
  const widths = [...new Set(points.map(({ width }) => width))];
  return {
    caption:
      "Angle between update and gradient (mean \u00b1 SD over seeds), and share of weights in which both have the same sign",
    columns: projections.map(arrow),
    rows: widths.map((width) => ({
      name: `width ${whole(width)}`,
      cells: projections.map((projection) => {
        const point = points.find((each) => each.projection === projection && each.width === width);
        if (!point) return "";
        if (point.compared === 0) return MISSING;
        const deviation = point.compared > 1 ? ` \u00b1 ${point.deviation.toFixed(1)}°` : "";
        return `${degrees(point.angle)}${deviation}, ${percent(point.signAgreement)}${comparedInWords(point)}`;
      }),
    })),
  };
}

/** What was measured, in words. */
export function widthsInWords(series: WidthSeries): string {
  const { depth, batch, sign, initial, networks } = series;
  const widths = [...new Set(networks.map(({ width }) => width))];
  const seeds = [...new Set(networks.map(({ seed }) => seed))];
  const start = initial === "on-off" ? "ON/OFF" : "He's";
  const limit = widthLimit(series);
  return [
    `${whole(networks.length)} networks of ${depth} hidden ${depth === 1 ? "population" : "populations"} with ${listed(widths.map(whole))} units each`,
    `(${seeds.length === 1 ? "seed" : "seeds"} ${listed(seeds.map(String))}), ${sign} weights, ${start} at the start, before any learning.`,
    `For one batch of ${whole(batch)} digits the update that GEVB asks for is compared with the gradient of the loss:`,
    "0° is the same direction, 90° an unrelated one.",
    ...(networks.some(({ alignment }) => Object.values(alignment).some(({ angle }) => angle === null))
      ? [
          "Where one of them is 0 in every weight of a projection there is no direction to compare and no angle: such a network",
          `is left out of means and figures, and a table shows ${MISSING}.`,
        ]
      : []),
    ...(limit === undefined
      ? []
      : [
          `Onto the last hidden population the angle tends to ${degrees(limit)}: there the gradient is the update times each`,
          "unit's single readout weight, which no width averages out.",
        ]),
  ].join(" ");
}
