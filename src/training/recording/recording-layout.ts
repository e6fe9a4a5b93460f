import type { MapSize } from "../../compute/kernels/window.ts";
import type { Shape } from "../../compute/shape.ts";
import type { Quantity } from "./probe.ts";
import { isState, type ProbedArray } from "./probed-arrays.ts";

/** An array of a recording. */
export interface ArrayLayout {
  /** "v1/rates"; of parameters their name, "v1->v2/weight". */
  readonly name: string;
  readonly of: string;
  readonly what: Quantity;
  readonly shape: Shape;
  /**
   * What each axis runs over. Of states: "trial", "presentation" (where trials are shown several times in a row), "step",
   * "component" (of vector units), "unit". Of weights: as the topology lays them out, such as "post", "pre". Of biases:
   * "component", "unit" or, where positions of a map share one, "channel".
   */
  readonly axes: readonly string[];
  /** Time steps along the axis "step". */
  readonly steps?: readonly number[];
  /** Units along the axis "unit", where not all were recorded. */
  readonly units?: readonly number[];
  /** Where all units are recorded that are laid out in space: unit (row, column, channel) is (row width + column) channels + channel. */
  readonly map?: MapSize;
}

/** What is told of each trial. */
export interface FactorLayout {
  /** "trial" (its place in the set), "label" and "target" ("label/1", "label/2" of several), and the task's own factors. */
  readonly name: string;
  /** Whether it holds whole numbers from 0 on. */
  readonly whole: boolean;
  /** [trials], of targets that change from step to step [trials, steps], and of those of several values also [..., units]. */
  readonly shape: Shape;
  /** "trial", "step", "unit". */
  readonly axes: readonly string[];
}

/** What is known of a recording before it begins. */
export interface RecordingLayout {
  readonly arrays: readonly ArrayLayout[];
  readonly factors: readonly FactorLayout[];
  readonly trials: number;
}

/** The layout of an array of so many trials, each shown so often in a row. */
export function layoutOfArray(array: ProbedArray, trials: number, presentations: number): ArrayLayout {
  const { name, of, what } = array;
  if (!isState(array)) return { name, of, what, shape: array.shape, axes: array.axes };
  const { steps, chosen, layout } = array;
  const axes: [string, number][] = [
    ["trial", trials],
    ...(presentations > 1 ? [["presentation", presentations] as [string, number]] : []),
    ["step", steps.length],
    ...(layout.dimension > 1 ? [["component", layout.dimension] as [string, number]] : []),
    ["unit", chosen?.length ?? layout.units],
  ];
  return {
    name,
    of,
    what,
    shape: axes.map(([, size]) => size),
    axes: axes.map(([axis]) => axis),
    steps,
    ...(chosen ? { units: chosen } : {}),
    ...(chosen || layout.map.height * layout.map.width === 1 ? {} : { map: layout.map }),
  };
}
