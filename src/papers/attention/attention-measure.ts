import { inputName, reportName, stageNames } from "../../circuits/ready-made/attention/attention-circuit.ts";
import { partOf } from "../../kinds/kind.ts";
import { defineMeasure } from "../../measures/define-measure.ts";
import { AttentionAnalysisSettings } from "./analysis-settings.ts";
import { AttentionRecord } from "./attention-record.ts";
import { attentionChapter } from "./chapter/attention-chapter.ts";
import { measureAttention } from "./measure/attention-analysis.ts";
import { attentionParts } from "./measure/attention-parts.ts";

/** A share in per cent; "-" where there is none. */
const percent = (share: number | null, digits: number) => (share === null ? "-" : (100 * share).toFixed(digits));

/**
 * What attention does in an attention circuit: accuracy at each glimpse, what the first gate lets through, tuning for bars,
 * modulation of activity, and accuracy at other strengths of attention.
 *
 * Source: Lei, Benjamin & Kording 2021.
 */
export const attention = defineMeasure({
  kind: "attention",
  summary: "what attention does: accuracy, gating, tuning, modulation (Lei, Benjamin & Kording 2021)",
  settings: AttentionAnalysisSettings,
  record: AttentionRecord,
  refuse(_, { network, description: { objective, circuit } }) {
    const { kind } = partOf(objective);
    if (kind !== "attended-object")
      return `the analysis is of circuits that choose an object, and the objective is "${kind}"; leave attention out, or use "attended-object"`;
    if (attentionParts(network)) return undefined;
    const { gated, filtered } = stageNames(1);
    return `circuit "${circuit.name}" has not the parts that are analysed, which are "${inputName}", "${gated}", "${filtered}" and "${reportName}"; describe it by attentionCircuit, or leave attention out`;
  },
  take: measureAttention,
  words({ accuracy, scenes, balancedAccuracy, otherObject }) {
    const accuracies = accuracy.map((share) => percent(share, 1)).join(", ");
    const glimpses = accuracy.map((_, index) => index + 1).join(", ");
    const moved = otherObject === null ? "" : `  another object at the second glimpse ${percent(otherObject, 2)} %`;
    return [
      `attention: accuracy ${accuracies} % at glimpse ${glimpses} (${scenes} scenes)  balanced ${percent(balancedAccuracy, 2)} %${moved}`,
    ];
  },
  chapter: attentionChapter,
});
