import { whenMeasured } from "../../../report/conditions.ts";
import type { Table } from "../../../report/html/table.ts";
import { spreadCell, withInterval } from "../../../report/results.ts";
import { haveSeeds } from "../../../report/seeds-in-words.ts";
import { chancesInWords } from "../../../report/test-in-words.ts";
import { type AttendedCondition, overAttended, recordsOf } from "./attended.ts";
import { type AttentionMeasure, measuresIn } from "./measures.ts";

/** What attention does in each condition. */
export function attentionTable(attended: readonly AttendedCondition[]): Table {
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
      : withInterval(measure.text?.(run.record) ?? measure.format(over.mean), measure.interval?.(run.record));
  const chance = chancesInWords(condition.runs.flatMap(({ record }) => measure.test?.(record) ?? []));
  return chance ? `${value}\n${chance}` : value;
}
