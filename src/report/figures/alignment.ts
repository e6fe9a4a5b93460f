import type { Condition } from "../conditions.ts";
import { exactlyAligned } from "../exact-alignment.ts";
import { degrees, listed } from "../numbers.ts";
import { seedNote } from "../seeds-in-words.ts";
import { haveCourse } from "../steps.ts";
import { namesOf } from "./condition-encoding.ts";
import type { Figure } from "./figure.ts";
import { finalValues, panelPoints, panelSpec, projectionNumbers, projectionsIn } from "./projection-panels.ts";

/** Angle between update and gradient against epochs, a panel per projection, a line per condition. */
export function alignmentFigure(conditions: readonly Condition[]): Figure | undefined {
  const values = panelPoints(conditions, ({ angle }) => angle);
  if (values.length === 0 || !haveCourse(conditions) || exactlyAligned(conditions)) return undefined;
  const obtuse = values.some(({ value }) => value !== null && value > 100);
  return {
    name: "alignment",
    title: "Alignment with the gradient",
    caption: caption(conditions),
    description: `Line chart of the angle between update and gradient against training epochs for ${listed(namesOf(conditions))}, a panel for each of ${projectionsIn(values)}.`,
    spec: panelSpec(conditions, values, {
      title: "angle to gradient (°)",
      // Room below 0, where the line of back-propagation lies, and above 90 for the words on the reference line.
      domain: obtuse ? [-8, 184] : [-4, 106],
      ticks: obtuse ? [0, 90, 180] : [0, 30, 60, 90],
      reference: { at: 90, text: "90°: unrelated" },
    }),
    numbers: projectionNumbers(conditions, "angle", ({ angle }) => angle),
  };
}

function caption(conditions: readonly Condition[]): string {
  const ends = conditions.flatMap((condition) => {
    const finals = finalValues(condition, ({ angle }) => angle).map(({ mean }) => mean);
    if (finals.length === 0) return [];
    if (finals.every((angle) => angle === 0)) return `${condition.name} is exactly aligned (0°)`;
    const [low, high] = [degrees(Math.min(...finals)), degrees(Math.max(...finals))];
    return `${condition.name} ends ${low === high ? `at ${low}` : `between ${low} and ${high}`}`;
  });
  return [
    "Angle between the weight change that a rule asks for and the gradient of the loss, for each projection. At 0° the",
    "rule follows the gradient; at 90° (dotted) a step along it does not lower the loss at first order; below, it does.",
    seedNote(conditions),
    ends.length ? `${listed(ends)}.` : "",
  ]
    .filter(Boolean)
    .join(" ");
}
