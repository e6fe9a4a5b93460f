import * as z from "zod";
import { lookUp, UsageError } from "../kinds/errors.ts";
import type { Library } from "../kinds/library.ts";
import type { SweepableSettings } from "../papers/sweepable-settings.ts";
import type { Collection } from "./collection.ts";
import type { Cell } from "./execution/cell.ts";
import { TaskShelf } from "./execution/task-shelf.ts";
import type { SweepValue } from "./sweep-values.ts";
import { valueInWords } from "./value-in-words.ts";

/** The values of each setting that is swept, by its name. */
export const Sweep = z.record(z.string(), z.array(z.union([z.number(), z.string(), z.boolean()])).min(1));
export type Sweep = Readonly<Record<string, readonly SweepValue[]>>;

/** More runs than this are taken for a slip. */
const mostCells = 10_000;

/** One value for each swept setting. */
type Point = readonly (readonly [setting: string, value: SweepValue])[];

interface SweptExperiment {
  readonly name: string;
  /** Settings that may be swept. */
  readonly sweeps: SweepableSettings;
  /** The runs of one point. */
  collect(settings: Record<string, unknown>, tasks: TaskShelf): Promise<Collection>;
  readonly library: Library;
}

/**
 * The product of all swept values, each point with the runs that the experiment makes of it: one for every seed. A run is
 * named by its point and its seed, "rate-0.001-seed-3". Runs that share a task follow one another, one seed after the other.
 *
 * @param sweep a setting with a single value is a setting of all points, and names none
 * @param settings of all points
 * @throws UsageError for a setting that cannot be swept, or a sweep of a single run; and as the experiment does for
 * settings that it refuses
 */
export async function sweepCollection(
  { name, sweeps, collect, library }: SweptExperiment,
  sweep: Sweep,
  settings: Readonly<Record<string, unknown>>,
): Promise<Collection> {
  for (const setting of Object.keys(sweep)) lookUp(`sweepable setting of ${name}`, setting, sweeps);
  const several = Object.entries(sweep).filter(([, values]) => values.length > 1);
  const single = Object.entries(sweep).filter(([, values]) => values.length === 1);
  const shared = { ...settings, ...Object.fromEntries(single.map(([setting, [value]]) => [setting, value])) };
  const runs = several.reduce((product, [, values]) => product * values.length, 1);
  if (runs > mostCells) throw new UsageError(`${name}: got a sweep of ${runs} points, expected at most ${mostCells}`);

  const tasks = new TaskShelf(library);
  const points: { point: Point; collection: Collection }[] = [];
  for (const point of pointsOf(several))
    points.push({ point, collection: await collect({ ...shared, ...Object.fromEntries(point) }, tasks) });
  const cells = points.flatMap(({ point, collection }) => cellsOf(point, collection.cells));
  if (cells.length === 1)
    throw new UsageError(
      `${name}: got a sweep of one run; give several values of ${Object.keys(sweeps).join(", ")}, or several seeds`,
    );
  const swept = new Set(several.map(([setting]) => setting));
  const resolved = Object.entries(points[0]!.collection.settings).filter(([setting]) => !swept.has(setting));
  return {
    experiment: name,
    sweep: Object.fromEntries(several),
    settings: Object.fromEntries(resolved),
    cells: byTask(cells),
    tasks,
  };
}

/** Every combination of the values; the last setting changes fastest. */
function pointsOf(sweep: readonly (readonly [string, readonly SweepValue[]])[]): Point[] {
  return sweep.reduce<Point[]>(
    (points, [setting, values]) =>
      points.flatMap((point) => values.map((value) => [...point, [setting, value] as const])),
    [[]],
  );
}

/** The runs of a point under names of the sweep. What tells them apart besides the seed stays in name and condition. */
function cellsOf(point: Point, cells: readonly Cell[]): Cell[] {
  const alike = new Set(cells.map(({ condition }) => condition)).size === 1;
  return cells.map((cell) => ({
    name: [...point.map(nameOf), alike ? `seed-${cell.description.seed}` : cell.name].join("-"),
    condition: [
      ...point.map(([setting, value]) => valueInWords(setting, value)),
      ...(alike && point.length > 0 ? [] : [cell.condition]),
    ].join(", "),
    description: cell.description,
  }));
}

/** "rate-0.001"; what a file system may not like in a text is written as in a web address. */
const nameOf = ([setting, value]: Point[number]) => `${setting}-${encodeURIComponent(String(value))}`;

/** One seed after the other, and within it one task after the other. */
function byTask(cells: readonly Cell[]): Cell[] {
  const groups = new Map<string, Cell[]>();
  for (const seed of new Set(cells.map(({ description }) => description.seed)))
    for (const cell of cells) {
      if (cell.description.seed !== seed) continue;
      const key = TaskShelf.keyOf(cell.description);
      groups.set(key, [...(groups.get(key) ?? []), cell]);
    }
  return [...groups.values()].flat();
}
