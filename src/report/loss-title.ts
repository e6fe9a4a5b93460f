import type { Condition } from "./conditions.ts";

/** "loss (nats)"; the unit is left out where runs measured it in several. */
export function lossTitle(name: string, conditions: readonly Condition[]): string {
  const units = new Set(conditions.flatMap(({ runs }) => runs.map(({ lossUnit }) => lossUnit)));
  const [unit] = units;
  return units.size === 1 ? `${name} (${unit})` : name;
}
