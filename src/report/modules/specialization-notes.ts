import type { SpecializationRecord } from "../specialization-record.ts";
import { dominanceInWords } from "./decisions.ts";

/** What somebody should know of a record of specialization: that hardly more than one module is asked, and what it lacks. */
export function specializationNotes(record: SpecializationRecord): string[] {
  const dominance = dominanceInWords(record);
  const lacking = (record.notes ?? []).map(({ measure, step, note }) =>
    step === undefined ? `${measure}: ${note}` : `${measure} at time step ${step}: ${note}`,
  );
  return [...(dominance === undefined ? [] : [dominance]), ...lacking];
}
