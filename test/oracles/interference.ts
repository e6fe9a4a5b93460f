import type { Manipulation } from "../../src/circuits/manipulations/description.ts";
import type { Interference } from "./recurrent-response.ts";

/** Manipulations as they are described, asked unit by unit and step by step; none of them draws units. */
export function interferenceOf(
  manipulations: readonly Manipulation[],
  unitsOf: (part: string) => number,
): Interference {
  const active = (of: string, step: number) =>
    manipulations.filter(({ of: part, steps }) => {
      if (part !== of) return false;
      if (steps === undefined) return true;
      return "from" in steps ? step >= steps.from && step <= (steps.to ?? step) : steps.includes(step);
    });
  /** The value for a unit; undefined where it is not among the chosen ones. */
  const valueFor = (
    given: number | readonly number[],
    units: readonly number[] | undefined,
    part: string,
    component: number,
    unit: number,
  ): number | undefined => {
    const chosen = units ?? Array.from({ length: unitsOf(part) }, (_, index) => index);
    const place = chosen.indexOf(unit);
    if (place < 0) return undefined;
    if (typeof given === "number") return given;
    return given[given.length === chosen.length ? place : component * chosen.length + place];
  };
  return {
    rate(part, step, component, unit) {
      let rate: number | undefined;
      for (const each of active(part, step))
        if (each.kind === "clamp") rate = valueFor(each.rate, each.units, part, component, unit) ?? rate;
      for (const each of active(part, step))
        if (each.kind === "lesion") rate = valueFor(0, each.units, part, component, unit) ?? rate;
      return rate;
    },
    drive: (part, step, component, unit) =>
      active(part, step).reduce(
        (sum, each) =>
          sum + (each.kind === "drive" ? (valueFor(each.amount, each.units, part, component, unit) ?? 0) : 0),
        0,
      ),
    cuts: (projection, step) => active(projection, step).length > 0,
  };
}
