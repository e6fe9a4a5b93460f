import * as z from "zod";
import { UsageError } from "../kinds/errors.ts";
import type { Library } from "../kinds/library.ts";
import { assignedSetting, pathOf } from "./assignment.ts";
import type { Collection } from "./collection.ts";
import type { Cell } from "./execution/cell.ts";
import { TaskShelf } from "./execution/task-shelf.ts";
import { settingMeta } from "./setting-meta.ts";
import type { SweepValue } from "./sweep-values.ts";

/** The values of each setting that is swept, by its dotted path. */
export const Sweep = z.record(z.string(), z.array(z.union([z.number(), z.string(), z.boolean()])).min(1));
export type Sweep = Readonly<Record<string, readonly SweepValue[]>>;

/** More runs than this are taken for a slip. */
const mostCells = 10_000;

/** One value for each swept setting. */
type Point = readonly (readonly [setting: string, value: SweepValue])[];

interface SweptExperiment {
  readonly name: string;
  /** Of its settings. */
  readonly schema: z.ZodObject;
  /** The runs of one point. */
  collect(settings: Plain, tasks: TaskShelf): Promise<Collection>;
  readonly library: Library;
}

type Plain = Readonly<Record<string, unknown>>;

/**
 * The product of all swept values, each point with the runs that the experiment makes of it: one for every seed. A run is
 * named by its point and its seed, "rate-0.001-seed-3". Runs that share a task follow one another, one seed after the other.
 *
 * @param sweep values by dotted path; a setting with a single value is a setting of all points, and names none
 * @param settings of all points
 * @throws UsageError for a setting that there is not, or a sweep of a single run; and as the experiment does for settings
 * that it refuses
 */
export async function sweepCollection(
  { name, schema, collect, library }: SweptExperiment,
  sweep: Sweep,
  settings: Plain,
): Promise<Collection> {
  const several = Object.entries(sweep).filter(([, values]) => values.length > 1);
  const single = Object.entries(sweep).filter(([, values]) => values.length === 1);
  const at = (point: Point, rest: Plain) =>
    point.reduce((changed, [path, value]) => assignedSetting(schema, changed, pathOf(path), value), rest);
  const shared = at(
    single.map(([setting, [value]]) => [setting, value!] as const),
    settings,
  );
  const runs = several.reduce((product, [, values]) => product * values.length, 1);
  if (runs > mostCells) throw new UsageError(`${name}: got a sweep of ${runs} points, expected at most ${mostCells}`);

  const tasks = new TaskShelf(library);
  const points: { point: Point; collection: Collection }[] = [];
  for (const point of pointsOf(several)) points.push({ point, collection: await collect(at(point, shared), tasks) });
  const words = wordsOfValues(
    schema,
    several.map(([setting]) => setting),
  );
  const cells = points.flatMap(({ point, collection }) => cellsOf(point, collection.cells, words));
  if (cells.length === 1)
    throw new UsageError(`${name}: got a sweep of one run; give several values of a setting, or several seeds`);
  return {
    experiment: name,
    sweep: Object.fromEntries(several),
    settings: several.reduce(
      (rest, [setting]) => without(rest, pathOf(setting)),
      points[0]!.collection.settings as Plain,
    ),
    cells: byTask(cells),
    tasks,
  };
}

/** Settings without one that has several values; in a list it stays as it is, since the others would move up. */
function without(settings: Plain, path: readonly string[]): Plain {
  const [key, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) return Object.fromEntries(Object.entries(settings).filter(([name]) => name !== key));
  const inner = settings[key];
  const isPlain = typeof inner === "object" && inner !== null && !Array.isArray(inner);
  return isPlain ? { ...settings, [key]: without(inner as Plain, rest) } : settings;
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
function cellsOf(point: Point, cells: readonly Cell[], { nameOf, inWords }: ValueWords): Cell[] {
  const alike = new Set(cells.map(({ condition }) => condition)).size === 1;
  return cells.map((cell) => ({
    name: [
      ...point.map(([setting, value]) => nameOf(setting, value)),
      alike ? `seed-${cell.description.seed}` : cell.name,
    ].join("-"),
    condition: [
      ...point.map(([setting, value]) => inWords(setting, value)),
      ...(alike && point.length > 0 ? [] : [cell.condition]),
    ].join(", "),
    description: cell.description,
  }));
}

/** How values of swept settings are told. */
interface ValueWords {
  /** In the name of a run: "rate-0.001"; what a file system may not like in a text is written as in a web address. */
  nameOf(...value: Point[number]): string;
  /** In reports: "rate 0.001", or as the setting's schema has it. */
  inWords(...value: Point[number]): string;
}

/** A setting deep down goes by its last name, "rate" for "optimiser.rate", where no other one ends so. */
function wordsOfValues(schema: z.ZodObject, settings: readonly string[]): ValueWords {
  const lastOf = (setting: string) => pathOf(setting).at(-1)!;
  const lasts = settings.map(lastOf);
  const shortest = (setting: string) =>
    lasts.filter((last) => last === lastOf(setting)).length === 1 ? lastOf(setting) : setting;
  return {
    nameOf: (setting, value) => `${shortest(setting)}-${encodeURIComponent(String(value))}`,
    inWords: (setting, value) =>
      settingMeta(schema.shape[setting])?.inWords?.(value) ?? `${shortest(setting)} ${value}`,
  };
}

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
