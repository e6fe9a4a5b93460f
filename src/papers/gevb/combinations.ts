import type { Architecture, GateSharing, UnitKind } from "../../circuits/ready-made/gevb-choices.ts";
import { UsageError } from "../../kinds/errors.ts";
import type { Library } from "../../kinds/library.ts";
import { ruleMisfit } from "../../training/rule-misfit.ts";
import type { Dataset } from "./choices.ts";

/** What one run of the gevb experiment combines. */
export interface Combination {
  readonly dataset: Dataset;
  readonly arch: Architecture;
  readonly units: UnitKind;
  readonly gates: GateSharing;
  readonly rule: string;
  readonly optimiser: string;
  readonly decay?: number | undefined;
}

/** Everything that makes no sense together: what the person set, why it cannot be, and what to do. */
const refusals: readonly ((combination: Combination, library: Library) => string | undefined)[] = [
  ({ rule, units }, library) => ruleMisfit(rule, units, library, "gevb: "),
  ({ gates, units, arch }) => {
    if (gates === "channel") return undefined;
    if (units !== "vector") return `gates "${gates}" with units "${units}", which are not gated; leave gates out`;
    if (arch === "dense") return `gates "${gates}" with arch "dense", whose units have no channels; leave gates out`;
    return undefined;
  },
  ({ decay, optimiser }) =>
    decay !== undefined && optimiser !== "adamw"
      ? `decay ${decay} with optimiser "${optimiser}", which has no weight decay; use optimiser adamw, or leave decay out`
      : undefined,
];

/**
 * Refuses a combination that makes no sense, before any work.
 *
 * @throws UsageError with the reason and what to do, or naming the nearest rule where there is none of that name
 */
export function checkCombination(combination: Combination, library: Library): void {
  for (const refusal of refusals) {
    const reason = refusal(combination, library);
    if (reason !== undefined) throw new UsageError(`gevb: ${reason}`);
  }
}
