import type { Condition } from "./conditions.ts";
import { listed } from "./numbers.ts";

/** Whether some condition has more than one seed, so that there are means to speak of. */
export function haveSeeds(conditions: readonly Condition[]): boolean {
  return conditions.some(({ runs }) => runs.length > 1);
}

/** "5 seeds" where all conditions have as many, else "seeds (GEVB 5, BP 1)". */
export function seedCounts(conditions: readonly Condition[]): string {
  const counts = conditions.map(({ runs }) => runs.length);
  const [first] = counts;
  if (counts.every((count) => count === first)) return first === 1 ? "1 seed" : `${first} seeds`;
  return `seeds (${conditions.map(({ name, runs }) => `${name} ${runs.length}`).join(", ")})`;
}

/** "1", "1 to 5", "1, 3 and 7". */
export function seedsInWords(seeds: readonly number[]): string {
  const sorted = [...seeds].sort((a, b) => a - b);
  const [first, last] = [sorted[0] as number, sorted.at(-1) as number];
  const consecutive = sorted.length > 2 && sorted.every((seed, index) => seed === first + index);
  return consecutive ? `${first} to ${last}` : listed(sorted.map(String));
}

/**
 * What the caption of curves says about seeds: how many there are, what bands mean, and whether some are not in the means to
 * the end. Empty where every condition has one seed.
 */
export function seedNote(conditions: readonly Condition[]): string {
  if (!haveSeeds(conditions)) return "";
  const ended = conditions.some(({ runs }) => new Set(runs.map((run) => run.evaluations.at(-1)?.step)).size > 1);
  const means = `Lines are means over ${seedCounts(conditions)}, bands \u00b11 SD.`;
  return ended ? `${means} Where some seeds ended before others, the mean is of those that went on.` : means;
}

/** The same for curves over points that have their own seeds, each of which is drawn. */
export function curveNote(points: readonly Condition[]): string {
  if (!haveSeeds(points)) return "";
  const counts = new Set(points.map(({ runs }) => runs.length));
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const seeds = counts.size === 1 ? seedCounts(points) : `${fewest} to ${most} seeds`;
  return `Lines are means over ${seeds}, bands \u00b11 SD, small points single seeds.`;
}
