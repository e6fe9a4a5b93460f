import { UsageError } from "../kinds/errors.ts";
import type { KindIn, Settings } from "../kinds/kind.ts";
import type { Library } from "../kinds/library.ts";
import type { MeasureContext } from "./measure.ts";
import { type Given, settingsGiven } from "./measure-settings.ts";

/** A measure that a run asks for. */
export interface AskedMeasure {
  readonly kind: KindIn<"measure">;
  readonly settings: Settings;
}

/** The measures that a resolved run description asks for, in the order of the library. */
export function askedMeasures(description: Given, library: Library): AskedMeasure[] {
  return library.list("measure").flatMap((kind) => {
    const value = description[kind.kind];
    if (value === undefined || value === false) return [];
    const settings = settingsGiven(value, kind.shorthand, kind.kind);
    return kind.asked?.(settings) === false ? [] : [{ kind, settings }];
  });
}

/**
 * Lets a run pass only if every measure that it asks for can be taken when it has been trained.
 *
 * @throws UsageError with the measure's reason
 */
export function checkMeasures(context: MeasureContext, library: Library): void {
  for (const { kind, settings } of askedMeasures(context.description, library)) {
    const reason = kind.refuse?.(settings, context, library);
    if (reason !== undefined) throw new UsageError(`${kind.kind}: ${reason}`);
  }
}
