import { listed, share } from "../../../report/numbers.ts";
import type { SpecializationRecord } from "../specialization-record.ts";
import { meanOf } from "./density-points.ts";

/** Share of all decisions beyond which the specialization of the other modules says little of the task. */
export const DOMINANT = 0.9;

/** What it takes for all modules to be asked. */
export const ASK_ALL = "let each be asked, by decision.module=random or task parity-digits-both";

type Decided = Pick<SpecializationRecord, "modules" | "decisions">;

/** Share of the decisions about all targets that each module has; nothing where no module decides by itself. */
function sharesIn({ modules, decisions }: Decided): number[] | undefined {
  return decisions && modules.map((_, module) => meanOf(decisions.map((shares) => shares[module] ?? Number.NaN)));
}

/** The largest share of the decisions about all targets that a module has; NaN where no module decides by itself. */
export function largestShareIn({ record }: { readonly record: Decided }): number {
  const shares = sharesIn(record);
  return shares ? Math.max(...shares) : Number.NaN;
}

/** That one module decides nearly all trials, and what it means; nothing where none does. */
export function dominanceInWords(record: Decided): string | undefined {
  const { modules } = record;
  const shares = sharesIn(record);
  const largest = Math.max(...(shares ?? []));
  if (!shares || largest <= DOMINANT) return undefined;
  const first = shares.indexOf(largest);
  const others = modules.filter((_, module) => module !== first);
  const what = others.length === 1 ? "that of a module which is" : "that of modules which are";
  return (
    `${modules[first]} decides ${share(largest)} of the test trials; the specialization of ${listed(others)} is ` +
    `${what} hardly asked (${ASK_ALL})`
  );
}
