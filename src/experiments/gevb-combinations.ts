import { lookUp, UsageError } from "../compute/errors.ts";
import { learningRules } from "../plasticity/rules/registry.ts";
import type { Architecture, Dataset, GateSharing, UnitKind } from "./gevb-choices.ts";

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

/** Units that a rule makes sense with, and why no others. Rules that are not listed take both. */
const unitsOfRules: Readonly<Record<string, { units: UnitKind; because: string }>> = {
  gevb: { units: "vector", because: "broadcasts an error vector, along which only vector units have a rate" },
  fa: { units: "conventional", because: "sends scalar errors back through fixed random weights" },
  dfa: { units: "conventional", because: "sends each scalar unit its own random mixture of the errors" },
  "three-factor": { units: "conventional", because: "multiplies scalar rates by one reward" },
};

/** Everything that makes no sense together: what the person set, why it cannot be, and what to do. */
const refusals: readonly ((combination: Combination) => string | undefined)[] = [
  ({ rule, units }) => {
    const fitting = unitsOfRules[rule];
    if (!fitting || fitting.units === units) return undefined;
    const others = Object.keys(learningRules).filter((name) => (unitsOfRules[name]?.units ?? units) === units);
    return `rule "${rule}" ${fitting.because}, and units are "${units}"; use units ${fitting.units}, or rule ${others.join(", ")}`;
  },
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
export function checkCombination(combination: Combination): void {
  lookUp("learning rule", combination.rule, learningRules);
  for (const refusal of refusals) {
    const reason = refusal(combination);
    if (reason !== undefined) throw new UsageError(`gevb: ${reason}`);
  }
}
