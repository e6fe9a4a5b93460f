import type { Condition } from "./conditions.ts";
import type { Table } from "./html/table.ts";
import { MISSING } from "./numbers.ts";
import { haveSeeds } from "./seeds-in-words.ts";

/**
 * The configuration: settings in which conditions differ, a column each, and those that all have in common. What is nested
 * has a row for each value, named by its path: "circuit.projections.v1->v2.sign".
 */
export function settingsTables(conditions: readonly Condition[]): Table[] {
  const columns = conditions.map(({ runs }) => runs.map(({ config }) => new Map(entriesOf(config, ""))));
  const names = [...new Set(columns.flatMap((runs) => runs.flatMap((settings) => [...settings.keys()])))];
  const rows = names.map((name) => ({
    name,
    cells: columns.map((runs) => [...new Set(runs.map((settings) => settings.get(name) ?? MISSING))].join("; ")),
  }));
  const differing = rows.filter(({ cells }) => new Set(cells).size > 1);
  const common = rows.flatMap(({ name, cells: [cell = MISSING, ...others] }) =>
    others.every((other) => other === cell) ? [{ name, cells: [cell] }] : [],
  );
  const who = haveSeeds(conditions) ? "conditions" : "runs";
  const tables: Table[] = [
    { caption: `Settings that differ between ${who}`, columns: conditions.map(({ name }) => name), rows: differing },
    {
      caption: differing.length > 0 ? `Settings that all ${who} have in common` : "Settings",
      columns: ["value"],
      rows: common,
    },
  ];
  return tables.filter((table) => table.rows.length > 0);
}

/** Every value in some plain data with its path. */
function entriesOf(value: unknown, path: string): [string, string][] {
  if (value === undefined) return [];
  const parts = partsOf(value);
  if (parts === undefined) return [[path, textOf(value)]];
  return parts.flatMap(([name, part]) => entriesOf(part, path === "" ? name : `${path}.${name}`));
}

/** What a value holds by names, if it holds more than plain values. */
function partsOf(value: unknown): [string, unknown][] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const parts = Object.entries(value);
  if (!Array.isArray(value)) return parts.length > 0 ? parts : undefined;
  if (value.every((part) => typeof part !== "object" || part === null)) return undefined;
  return value.map((part, index) => [nameOf(part) ?? String(index + 1), part]);
}

/** What a part of a list is called: by its own name, or as a projection without one is. */
function nameOf(part: unknown): string | undefined {
  const { name, pre, post } = (part ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof name === "string") return name;
  return typeof pre === "string" && typeof post === "string" ? `${pre}->${post}` : undefined;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  return JSON.stringify(value) ?? String(value);
}
