import type { Alignment } from "../records/learning-record.ts";
import type { Condition } from "./conditions.ts";

/** Whether every measured update of every condition is the gradient itself, as back-propagation's are. */
export function exactlyAligned(conditions: readonly Condition[]): boolean {
  const measured = conditions.flatMap(({ runs }) =>
    runs.flatMap((run) => [...run.evaluations, run.summary].flatMap((each) => Object.values(each.alignment))),
  );
  return measured.some(({ angle }) => angle === 0) && measured.every(isExact);
}

/** What has no direction contradicts nothing. */
function isExact({ angle, signAgreement }: Alignment): boolean {
  return (angle === null || angle === 0) && (signAgreement === null || signAgreement === 1);
}
