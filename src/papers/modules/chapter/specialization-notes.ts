import type { SpecializationRecord } from "../specialization-record.ts";
import { dominanceInWords } from "./decisions.ts";
import type { ModulesRun } from "./density-points.ts";

/** What somebody should know of a record of specialization: that hardly more than one module is asked, and what it lacks. */
export function specializationNotes(record: SpecializationRecord): string[] {
  const dominance = dominanceInWords(record);
  return [...(dominance === undefined ? [] : [dominance]), ...lackingIn(record)];
}

function lackingIn({ notes = [] }: SpecializationRecord): string[] {
  return notes.map(({ measure, step, note }) =>
    step === undefined ? `${measure}: ${note}` : `${measure} at time step ${step}: ${note}`,
  );
}

/** The same of all runs of a report, as sentences: those in which hardly more than one module is asked are one. */
export function specializationWarnings(runs: readonly ModulesRun[]): string[] {
  const records = runs.map(({ label, seed, record }) => ({ name: `${label}, seed ${seed}`, record }));
  const dominated = records.flatMap(({ name, record }) => {
    const words = dominanceInWords(record);
    return words === undefined ? [] : [`${name}: ${words}.`];
  });
  const [first, ...others] = dominated;
  const runsToo = `${others.length} other ${others.length === 1 ? "run" : "runs"}`;
  const more = others.length === 0 ? "" : ` So it is, more or less, in ${runsToo}.`;
  return [
    ...(first === undefined ? [] : [`${first}${more}`]),
    ...records.flatMap(({ name, record }) => lackingIn(record).map((note) => `${name}: ${note}.`)),
  ];
}
