import type { Part } from "../../kinds/kind.ts";

/** What a rule is called: its kind, and of a rule by pathway what the forward pathway learns by. */
export function ruleInWords({ kind, forward }: Part): string {
  const within = (forward as Partial<Part> | undefined)?.kind;
  return within === undefined ? kind : `${kind} (${within})`;
}
