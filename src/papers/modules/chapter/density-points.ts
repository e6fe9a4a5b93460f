import type { MeasuredRun } from "../../../report/chapter.ts";
import { type Condition, conditionsOf } from "../../../report/conditions.ts";
import { distinct } from "../../../report/distinct.ts";
import { number } from "../../../report/numbers.ts";
import type { SpecializationRecord } from "../specialization-record.ts";
import { connectionsInWords, densityInWords } from "./density-in-words.ts";

/** A run of a circuit whose modules were measured. */
export type ModulesRun = MeasuredRun<SpecializationRecord>;

/** Runs that differ in nothing but their seed, by how their modules are connected. */
export interface DensityPoint extends Condition<ModulesRun> {
  /** What it has in common with points that differ in the connections between modules alone; drawn as one curve. */
  series: string;
  /** Share of the possible connections between modules that exist, mean over ordered pairs of modules. */
  density: number;
  /** Their number, mean over ordered pairs of modules. */
  connections: number;
  /** Newman's Q, of the first run. */
  modularity: number;
  /** Whether each module has exactly one connection to each other. */
  single: boolean;
}

/**
 * The runs by series and rising density. Runs whose modules have as many connections
 * each are one point, whatever the wiring was asked for as: of those that also share a seed, which are the same, the first
 * counts.
 */
export function densityPoints(runs: readonly ModulesRun[]): DensityPoint[] {
  const series = grouped(runs, setupOf);
  const names = seriesNames(series);
  return series.flatMap((members, index) => {
    const byWiring = grouped(members, ({ record }) => JSON.stringify(record.structure.connections));
    const points = byWiring.map((same) => pointOf(names[index] as string, same));
    return points.sort((a, b) => a.density - b.density);
  });
}

/** Whether points of some series differ in density, so that there is a curve to draw. */
export function haveDensities(points: readonly DensityPoint[]): boolean {
  return points.some(({ series, density }) =>
    points.some((each) => each.series === series && each.density !== density),
  );
}

/** Names of the series, in order. */
export function seriesOf(points: readonly DensityPoint[]): string[] {
  return [...new Set(points.map(({ series }) => series))];
}

/** Values of ordered pairs of different modules: a matrix without its diagonal. */
export function offDiagonal<Value>(matrix: readonly (readonly Value[])[]): Value[] {
  return matrix.flatMap((row, post) => row.filter((_, pre) => pre !== post));
}

/** Arithmetic mean; NaN of no values. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The runs by a key, in order of first appearance. */
function grouped(runs: readonly ModulesRun[], keyOf: (run: ModulesRun) => string): ModulesRun[][] {
  const groups = new Map<string, ModulesRun[]>();
  for (const run of runs) groups.set(keyOf(run), [...(groups.get(keyOf(run)) ?? []), run]);
  return [...groups.values()];
}

function pointOf(series: string, runs: readonly ModulesRun[]): DensityPoint {
  const { structure } = runs[0]!.record;
  const counts = offDiagonal(structure.connections);
  const density = meanOf(offDiagonal(structure.density));
  const single = counts.every((count) => count === 1);
  const seeds = new Set<number>();
  return {
    series,
    name: single ? connectionsInWords(1) : densityInWords(density, number(density)),
    density,
    connections: meanOf(counts),
    modularity: structure.modularity,
    single,
    runs: runs.filter(({ seed }) => !seeds.has(seed) && seeds.add(seed)),
  };
}

/** Everything a run depends on but its seed and the connections between modules. */
function setupOf({ rule, config, record }: ModulesRun): string {
  // The sign in the record is made of the circuit's projections; modules that are not connected have no projection in it.
  const { seed: _, sign: __, circuit, ...rest } = config;
  const { projections = [], ...others } = (circuit ?? {}) as { projections?: { pre: string; post: string }[] };
  const { modules } = record;
  const between = ({ pre, post }: { pre: string; post: string }) =>
    pre !== post && modules.includes(pre) && modules.includes(post);
  return JSON.stringify([rule, rest, others, projections.filter((projection) => !between(projection))]);
}

/** What the conditions of a series share ("BP" of "BP, density 0.1" and "BP, density 1"), less what all series share. */
function seriesNames(series: readonly (readonly ModulesRun[])[]): string[] {
  const partsOf = series.map((runs) => {
    const [first = [], ...others] = conditionsOf(runs).map(({ name }) => name.split(", "));
    return first.filter((part) => others.every((parts) => parts.includes(part)));
  });
  const own = (parts: string[]) => parts.filter((part) => !partsOf.every((all) => all.includes(part)));
  return distinct(partsOf.map((parts, index) => own(parts).join(", ") || (series[index]![0] as ModulesRun).rule));
}
