import type { Chapter } from "./chapter.ts";
import type { Condition } from "./conditions.ts";
import { exactlyAligned } from "./exact-alignment.ts";
import { alignmentFigure } from "./figures/alignment.ts";
import { signAgreementFigure } from "./figures/sign-agreement.ts";
import { MISSING } from "./numbers.ts";
import { alignmentTable } from "./results.ts";
import { alignedProjections, type RunRecord } from "./run-record.ts";

/** How updates agreed with the gradient. */
export const alignmentChapter: Chapter = {
  figures: ({ conditions }) => [alignmentFigure(conditions), signAgreementFigure(conditions)],
  tables: ({ conditions }) => [alignmentTable(conditions)],
  words: ({ runs, conditions }) => alignment(runs, conditions),
};

function alignment(runs: readonly RunRecord[], conditions: readonly Condition[]): string {
  if (alignedProjections(runs).length === 0) return "";
  if (exactlyAligned(conditions))
    return "Every update that was measured is the gradient itself (angle 0°, all signs equal), so that no figure of alignment is drawn.";
  return [
    "The angle to the gradient compares the weight changes a rule asks for with those of gradient descent:",
    "0° is the same direction, 90° an unrelated one.",
    ...(runs.some(lacksDirection)
      ? [
          "Where a rule's change or the gradient is 0 in every weight of a projection (units that are silent or saturated,",
          "a readout that decides nothing) there is no direction to compare, no angle and no sign: such a measurement is left",
          `out of means and figures, and a table shows ${MISSING}.`,
        ]
      : []),
  ].join(" ");
}

/** Whether some projection of a run had no direction to compare at some evaluation. */
function lacksDirection({ evaluations, summary }: RunRecord): boolean {
  return [...evaluations, summary].some(({ alignment: measured }) =>
    Object.values(measured).some(({ angle }) => angle === null),
  );
}
