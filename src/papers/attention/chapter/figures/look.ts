import type { AttendedCondition, AttendedRun } from "../attended.ts";

/** Attended and not, in all figures: blue and orange-red, which every common colour-vision deficiency keeps apart. */
export const ATTENDED_LOOK = { domain: ["attended", "unattended"], range: ["#0072B2", "#D55E00"] };

/** Conditions that have figures of their own: more than these nobody compares. */
const SHOWN = 4;

/** The first analysed run of each of the first four conditions; of several seeds it is named with its seed. */
export function firstRuns(attended: readonly AttendedCondition[]): { label: string; run: AttendedRun }[] {
  return attended.slice(0, SHOWN).map(({ name, runs }) => {
    const [run] = runs as [AttendedRun, ...AttendedRun[]];
    return { label: runs.length === 1 ? name : `${name}, seed ${run.seed}`, run };
  });
}

/** Ending of a figure's name where there is one for each condition: numbered, since a label need not make a file name. */
export function ending(index: number, count: number): string {
  return count === 1 ? "" : `-${index + 1}`;
}
