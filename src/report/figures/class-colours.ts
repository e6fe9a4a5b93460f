import { COLOURS } from "./condition-encoding.ts";

const [blue, vermillion, green, pink, sky, orange, black] = COLOURS;
const [wine, purple, olive] = ["#882255", "#6A3D9A", "#999933"];

/**
 * A colour for each of ten classes. No ten colours are safe for every eye, so that whoever uses them writes the class too;
 * digits that are easily taken for each other (3, 5 and 8; 4, 7 and 9) have colours that differ most.
 */
const CLASS_COLOURS = [blue, vermillion, wine, pink, orange, sky, purple, green, olive, black];

/** A scale that gives each class, 0, 1, 2 and so on, its colour; colours repeat after ten. */
export function classScale(classes: number) {
  const domain = Array.from({ length: classes }, (_, index) => index);
  return { domain, range: domain.map((index) => CLASS_COLOURS[index % CLASS_COLOURS.length]!) };
}
