import { buildNetwork } from "../circuits/network.ts";
import { gevbCircuit } from "../circuits/ready-made/gevb.ts";
import type { UnitKind } from "../circuits/ready-made/gevb-choices.ts";
import type { Library } from "../kinds/library.ts";

/**
 * Why a rule makes no sense with units, in the rule's own words, and which rules do; undefined where it makes sense. The rule is
 * asked about the smallest layered circuit of such units, so that it can be refused before any stimuli are loaded.
 *
 * @param within what messages begin with
 * @throws UsageError naming the nearest rule where there is none of that name
 */
export function ruleMisfit(rule: string, units: UnitKind, library: Library, within = ""): string | undefined {
  const reason = library.refuse("rule", rule, smallest(units, library), within);
  if (reason === undefined) return undefined;
  const other = units === "vector" ? "conventional" : "vector";
  const elsewhere = library.refuse("rule", rule, smallest(other, library)) === undefined ? `units ${other}, or ` : "";
  const others = library
    .list("rule")
    .filter(
      ({ settings, kind }) => settings.safeParse({}).success && !library.refuse("rule", kind, smallest(units, library)),
    )
    .map(({ kind }) => kind);
  return `rule "${rule}" cannot train units "${units}": ${reason}; use ${elsewhere}rule ${others.join(", ")}`;
}

const smallest = (units: UnitKind, library: Library) =>
  buildNetwork(
    gevbCircuit({ image: { height: 1, width: 1, channels: 1 }, units, hidden: [2], classes: 2, sign: "mixed" }),
    library,
  );
