import type { Condition } from "../conditions.ts";
import { exactlyAligned } from "../exact-alignment.ts";
import { listed, share } from "../numbers.ts";
import { seedNote } from "../seeds-in-words.ts";
import { haveCourse } from "../steps.ts";
import { namesOf } from "./condition-encoding.ts";
import type { Figure } from "./figure.ts";
import { percentAxis } from "./percent-axis.ts";
import {
  finalValues,
  type PanelAxis,
  type PanelPoint,
  panelPoints,
  panelSpec,
  projectionNumbers,
  projectionsIn,
} from "./projection-panels.ts";

/** Share of weights whose update and gradient have one sign, against epochs, a panel per projection. */
export function signAgreementFigure(conditions: readonly Condition[]): Figure | undefined {
  const values = panelPoints(conditions, ({ signAgreement }) => (signAgreement === null ? null : 100 * signAgreement));
  if (values.length === 0 || !haveCourse(conditions) || exactlyAligned(conditions)) return undefined;
  return {
    name: "sign-agreement",
    title: "Agreement in sign with the gradient",
    caption: caption(conditions),
    description: `Line chart of the share of weights whose update has the sign of the gradient against training epochs for ${listed(namesOf(conditions))}, a panel for each of ${projectionsIn(values)}.`,
    spec: panelSpec(conditions, values, axisOf(values)),
    numbers: projectionNumbers(conditions, "sign_agreement", ({ signAgreement }) => signAgreement),
  };
}

function axisOf(values: readonly PanelPoint[]): PanelAxis {
  const { from, ticks } = percentAxis(values.flatMap(({ value }) => value ?? []));
  const room = 0.04 * (100 - from);
  return {
    title: "same sign (%)",
    domain: [from - room, 100 + room],
    ticks,
    ...(from <= 50 ? { reference: { at: 50, text: "50 %: unrelated" } } : {}),
  };
}

function caption(conditions: readonly Condition[]): string {
  const ends = conditions.flatMap((condition) => {
    const finals = finalValues(condition, ({ signAgreement }) => signAgreement).map(({ mean }) => mean);
    if (finals.length === 0) return [];
    const [low, high] = [share(Math.min(...finals)), share(Math.max(...finals))];
    return `${condition.name} ends ${low === high ? `at ${low}` : `between ${low} and ${high}`}`;
  });
  return [
    "Share of the weights of each projection whose update and gradient have the same sign; where both are 0, they agree.",
    "An update that agrees in every sign lowers the loss at first order, whatever the angle between the two.",
    seedNote(conditions),
    ends.length ? `${listed(ends)}.` : "",
  ]
    .filter(Boolean)
    .join(" ");
}
