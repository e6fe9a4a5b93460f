import type { UnitKind } from "../../circuits/ready-made/gevb-choices.ts";
import { uniformRules } from "../../plasticity/rules/registry.ts";

/** Units that a rule makes sense with, and why no others. Rules that are not listed take both. */
const unitsOfRules: Readonly<Record<string, { units: UnitKind; because: string }>> = {
  gevb: { units: "vector", because: "broadcasts an error vector, along which only vector units have a rate" },
  fa: { units: "conventional", because: "sends scalar errors back through fixed random weights" },
  dfa: { units: "conventional", because: "sends each scalar unit its own random mixture of the errors" },
  "three-factor": { units: "conventional", because: "multiplies scalar rates by one reward" },
};

/** Why a rule makes no sense with units, and what does; undefined where it makes sense. */
export function unitsMisfit(rule: string, units: UnitKind): string | undefined {
  const fitting = unitsOfRules[rule];
  if (!fitting || fitting.units === units) return undefined;
  const others = Object.keys(uniformRules).filter((name) => (unitsOfRules[name]?.units ?? units) === units);
  return `rule "${rule}" ${fitting.because}, and units are "${units}"; use units ${fitting.units}, or rule ${others.join(", ")}`;
}
