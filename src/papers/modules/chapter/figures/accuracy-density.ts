import { curvePanels } from "../../../../report/figures/curve-panels.ts";
import type { Figure } from "../../../../report/figures/figure.ts";
import { curveNote } from "../../../../report/seeds-in-words.ts";
import type { SpecializationRecord } from "../../specialization-record.ts";
import { type DensityPoint, haveDensities, meanOf, seriesOf } from "../density-points.ts";
import { densityAxis } from "./density-axis.ts";
import { curveOver } from "./density-curves.ts";

type Ablation = SpecializationRecord["ablation"];

/** What the accuracy is measured of: curves' names and their values, shares from 0 to 1. */
const circuits: readonly { name: string; accuracy(ablation: Ablation): number }[] = [
  { name: "whole circuit", accuracy: ({ whole }) => whole },
  { name: "connections cut", accuracy: ({ cut }) => cut },
  { name: "one module silenced", accuracy: ({ silenced }) => meanOf(silenced) },
];

/** Test accuracy of whole and ablated circuits against inter-module density, a panel a series. */
export function accuracyDensityFigure(points: readonly DensityPoint[]): Figure | undefined {
  if (!haveDensities(points)) return undefined;
  const axis = densityAxis(points);
  const several = seriesOf(points);
  const panels = several.map((series) => ({
    title: several.length > 1 ? series : "",
    y: { title: "accuracy (%)", domain: [0, 100] as const, ticks: [0, 20, 40, 60, 80, 100] },
    curves: circuits.map(({ name, accuracy }) =>
      curveOver(
        name,
        points.filter((point) => point.series === series),
        ({ density }) => density,
        ({ record }) => 100 * accuracy(record.ablation),
      ),
    ),
  }));
  return {
    name: "accuracy-density",
    title: "Accuracy against inter-module density",
    caption: [
      "Share of test trials that the trained circuit decides rightly; the same circuit without the connections between its",
      "modules; and with one module silenced (mean over modules). The more a circuit loses without its connections, the more",
      "its modules rely on each other.",
      curveNote(points),
    ]
      .filter(Boolean)
      .join(" "),
    description:
      "Line chart of test accuracy against inter-module density for the whole circuit, without connections and with one module silenced.",
    ...curvePanels(panels, axis, { legend: "circuit" }),
  };
}
