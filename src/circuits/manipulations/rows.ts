import type { Layout } from "../layout.ts";
import type { Manipulation } from "./description.ts";

/** Time steps at which a manipulation acts, in a circuit of so many. */
export function stepsOf({ steps: given }: Manipulation, steps: number): readonly number[] {
  if (given !== undefined && !("from" in given)) return given;
  const { from, to = steps - 1 } = given ?? { from: 0 };
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Manipulations of one part over time: a row for each group of time steps at which the same ones are active. */
export interface RowTable {
  readonly rows: readonly (readonly Manipulation[])[];
  /** Row of each time step; undefined where nothing is active. */
  readonly rowAt: readonly (number | undefined)[];
}

/** Groups time steps by what is active. */
export function rowTable(manipulations: readonly Manipulation[], steps: number): RowTable {
  const when = manipulations.map((manipulation) => new Set(stepsOf(manipulation, steps)));
  const rows = new Map<string, { readonly index: number; readonly active: readonly Manipulation[] }>();
  const rowAt = Array.from({ length: steps }, (_, step) => {
    const indices = [...manipulations.keys()].filter((index) => when[index]!.has(step));
    if (indices.length === 0) return undefined;
    const key = indices.join(",");
    const row = rows.get(key) ?? { index: rows.size, active: indices.map((index) => manipulations[index]!) };
    rows.set(key, row);
    return row.index;
  });
  return { rows: [...rows.values()].map(({ active }) => active), rowAt };
}

/**
 * The units that a manipulation acts on.
 *
 * @param order of all units, of which a share takes the first
 */
export function chosenUnits({ units, share }: Manipulation, order: Uint32Array): readonly number[] {
  if (units) return units;
  const count = share === undefined ? order.length : Math.round(share * order.length);
  return [...order.subarray(0, count)].sort((a, b) => a - b);
}

/**
 * Writes values of chosen units into a row, [dimension, units], over what is kept of the value before.
 *
 * @param given one value for all, one for each chosen unit, or one for each component and chosen unit
 */
export function fill(
  row: Float32Array,
  { units, dimension }: Pick<Layout, "units" | "dimension">,
  chosen: readonly number[],
  given: number | readonly number[],
  kept: (before: number) => number,
): void {
  const valueAt = (component: number, place: number) => {
    if (typeof given === "number") return given;
    return given[given.length === chosen.length ? place : component * chosen.length + place]!;
  };
  for (let component = 0; component < dimension; component++)
    for (const [place, unit] of chosen.entries()) {
      const at = component * units + unit;
      row[at] = kept(row[at]!) + valueAt(component, place);
    }
}
