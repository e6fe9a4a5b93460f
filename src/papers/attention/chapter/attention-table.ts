import { type Condition, whenMeasured } from "../../../report/conditions.ts";
import type { Table } from "../../../report/html/table.ts";
import { spreadCell, withInterval } from "../../../report/results.ts";
import { haveSeeds } from "../../../report/seeds-in-words.ts";
import { chancesInWords } from "../../../report/test-in-words.ts";
import { type AttendedCondition, attendedConditions, overAttended, recordsOf } from "./attended.ts";
import { type AttentionMeasure, measuresIn } from "./measures.ts";

/** What attention does in each condition, if some run's was analysed. */
export function attentionTable(conditions: readonly Condition[]): Table | undefined {
  const attended = attendedConditions(conditions);
  if (attended.length === 0) return undefined;
  const measures = measuresIn(recordsOf(attended));
  const seeds = haveSeeds(attended) ? "; mean \u00b1 SD over seeds, the largest p of any seed" : "";
  return {
    caption: `Attention ${whenMeasured(attended)}${seeds}. p: paired t-test over scenes, attended against unattended`,
    columns: attended.map(({ name }) => name),
    rows: measures.flatMap((measure) =>
      measure.row === undefined
        ? []
        : [{ name: measure.row, cells: attended.map((condition) => cellOf(condition, measure)) }],
    ),
  };
}

/** "1.08", and below it "p < 0.001". */
function cellOf(condition: AttendedCondition, measure: AttentionMeasure): string {
  const [run, ...others] = condition.runs;
  const over = overAttended(condition, measure.value);
  const value =
    others.length > 0 || !run
      ? spreadCell(condition, over, measure.format)
      : withInterval(measure.text?.(run.attention) ?? measure.format(over.mean), measure.interval?.(run.attention));
  const chance = chancesInWords(condition.runs.flatMap(({ attention }) => measure.test?.(attention) ?? []));
  return chance ? `${value}\n${chance}` : value;
}
