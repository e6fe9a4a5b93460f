import { whenMeasured } from "../../../report/conditions.ts";
import { number, range, whole } from "../../../report/numbers.ts";
import { type AttendedRun, trainedStrength } from "./attended.ts";

/** What attention is and on what it was measured, in words. */
export function attentionInWords(runs: readonly AttendedRun[]): string {
  const strengths = runs.flatMap((run) => trainedStrength(run) ?? []);
  const scenes = runs.map(({ record }) => record.scenes);
  return [
    "Attention is a gate: it multiplies activity by 1 \u2212 s A, where the signal A goes from \u22121 (lets most through) to 1",
    `(least) and s is the strength${strengths.length ? `, ${range(strengths, number)} in training` : ""}.`,
    "At each glimpse the circuit is to settle on an object that it has not chosen before, and to report its class; a report is",
    "accurate if it names the chosen object.",
    `What attention does was measured on ${range(scenes, whole)} scenes ${whenMeasured([{ runs }])}.`,
  ].join(" ");
}
