import type { Point } from "./strokes.ts";

/** A figure of straight strokes. */
interface SymbolShape {
  readonly name: string;
  /** Corners of each stroke, in the unit square. */
  readonly strokes: readonly (readonly Point[])[];
}

const northwest: Point = [0, 0];
const north: Point = [0.5, 0];
const northeast: Point = [1, 0];
const west: Point = [0, 0.5];
const east: Point = [1, 0.5];
const southwest: Point = [0, 1];
const south: Point = [0.5, 1];
const southeast: Point = [1, 1];

/**
 * The ten figures, by label. They share strokes (a bar at the top, a stem, a diagonal), so no pixel tells one from all others,
 * and none is another one turned by less than 45 degrees.
 */
export const symbolShapes: readonly SymbolShape[] = [
  {
    name: "plus",
    strokes: [
      [north, south],
      [west, east],
    ],
  },
  {
    name: "cross",
    strokes: [
      [northwest, southeast],
      [northeast, southwest],
    ],
  },
  { name: "square", strokes: [[northwest, northeast, southeast, southwest, northwest]] },
  { name: "diamond", strokes: [[north, east, south, west, north]] },
  {
    name: "tee",
    strokes: [
      [northwest, northeast],
      [north, south],
    ],
  },
  { name: "seven", strokes: [[northwest, northeast, southwest]] },
  { name: "zed", strokes: [[northwest, northeast, southwest, southeast]] },
  { name: "hourglass", strokes: [[northwest, northeast, southwest, southeast, northwest]] },
  { name: "corner", strokes: [[northwest, southwest, southeast]] },
  { name: "vee", strokes: [[northwest, south, northeast]] },
];
