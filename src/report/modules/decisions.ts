import { listed, share } from "../numbers.ts";
import type { RunRecord } from "../report-data.ts";
import type { SpecializationRecord } from "../specialization-record.ts";

/** Share of the decisions about a target beyond which the specialization of the other modules says little of the task. */
export const DOMINANT = 0.9;

/** What it takes for all modules to be asked. */
export const ASK_ALL = "let each be asked, by decision.module=random or task parity-digits-both";

type Decided = Pick<SpecializationRecord, "modules" | "decisions">;

/** The largest share of the decisions about a target that a module has; NaN where no module decides by itself. */
export function largestShareIn({ specialization }: Pick<RunRecord, "specialization">): number {
  const { decisions = [] } = specialization ?? {};
  return decisions.length === 0 ? Number.NaN : Math.max(...decisions.flat());
}

/** That one module decides nearly all trials, and what it means; nothing where none does. */
export function dominanceInWords({ modules, decisions = [] }: Decided): string | undefined {
  const shares = decisions.find((row) => Math.max(...row) > DOMINANT);
  if (shares === undefined) return undefined;
  const first = shares.indexOf(Math.max(...shares));
  const others = modules.filter((_, module) => module !== first);
  const trials = decisions.length === 1 ? "test trials" : `decisions about target ${decisions.indexOf(shares) + 1}`;
  const [have, hardly] =
    others.length === 1 ? ["is that of a module", "which is"] : ["is that of modules", "which are"];
  return (
    `${modules[first]} decides ${share(shares[first]!)} of the ${trials}; the specialization of ${listed(others)} ` +
    `${have} ${hardly} hardly asked (${ASK_ALL})`
  );
}
