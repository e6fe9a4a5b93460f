import { type CircuitBuilder, circuit, type PopulationHandle } from "../../circuit.ts";
import type { CircuitDescription } from "../../description.ts";
import { he } from "../../initialisers/he.ts";
import { onOff } from "../../initialisers/on-off.ts";
import { uniform } from "../../initialisers/uniform.ts";
import { componentMean, components } from "../../topologies/components.ts";
import { dense } from "../../topologies/dense.ts";
import { oneToOne } from "../../topologies/one-to-one.ts";
import { averagePool, maxPool } from "../../topologies/pooling.ts";
import { transposedConvolutional } from "../../topologies/transposed.ts";
import { upsample } from "../../topologies/upsample.ts";
import { convolutional } from "../../topologies/windowed.ts";
import {
  type AttentionOptions,
  type AttentionSettings,
  poolSide,
  readAttentionOptions,
  type SizedStage,
  sizeStages,
} from "./attention-options.ts";

/** Names of the populations of stage n, counted from 1; the report is "report", its echo in the last pool's shape "feedback-top". */
export const stageNames = (n: number) => ({
  /** The stage's input, turned down by attention: rate (1 - s A). */
  gated: `gated-${n}`,
  filtered: `v${n}`,
  pooled: `pooled-${n}`,
  /** Of pooled vector units the mean of their components. */
  averaged: `averaged-${n}`,
  /** What comes from above, in the size of the filtered map. */
  descending: `descending-${n}`,
  /** The pooled map, in the size of the filtered one. */
  lateral: `lateral-${n}`,
  /** tanh of both, filtered back to the size of the stage's input. */
  feedback: `feedback-${n}`,
  /** A: the feedback, 1 where return is inhibited. */
  attention: `attention-${n}`,
});

export const inputName = "scene";
export const reportName = "report";
/** The scores of a report of one vector unit, each by a scalar unit. */
const reportComponentsName = "report-components";
export const topFeedbackName = "feedback-top";

/**
 * Object-based attention through internal gating: feedforward stages whose inputs attention turns down, and a way back from
 * the report, stage by stage, that makes the attention signals. With the scene x = pooled-0 and attention A_n, 0 before the
 * first time step ends, at each of them
 *
 *   gated_n = pooled_(n-1) (1 - s A_n),   v_n = gain(conv(gated_n)),   pooled_n = pool(v_n),   report = linear(pooled_N);
 *   feedback_top = tanh(linear(report)),
 *   feedback_n = tanh(convT(up(feedback_(n+1))) + convT(up(pooled_n)) + bias),   A_n <- feedback_n (1 - R_n) + R_n
 *
 * with up to the size of v_n, convT the transposed convolution, and R_n the inhibition of return, which is 0 when a scene is
 * shown for the first time. The way down from stage to stage does not hear of R. Two transposed convolutions that are added
 * are one of both maps' channels together, as the paper says it. Weights start uniform in +-1 / sqrt(inputs of a unit).
 *
 * With vector units v_n and report have rates in R^K, K the classes: each unit of v_n is gated by a vector of its own, pools
 * keep components apart, and attention turns all components of a unit down alike. The way back stays scalar: it hears the
 * components of the report, and of each pooled vector the mean of its components. Weights between vector populations are
 * excitatory and start in ON/OFF pairs unless `sign` is mixed (He); those from the scene are mixed, from ON/OFF pairs too.
 * Pools average then, since what a maximum sends back of an error breaks the sign agreement of `gevb` with the gradient.
 *
 * Each part can be taken away: without `feedback` attention hears of its own stage alone, without `lateral` of what comes
 * from above alone, without both there is none; without `gating` it is made and does nothing; without `inhibitionOfReturn`
 * every glimpse at a scene is alike. With one iteration it has no time to act.
 *
 * Source: Lei, Benjamin & Kording 2021, arXiv 2106.04540, section 2.
 *
 * @throws DescriptionError for options that are unknown, out of range, or lead to an empty map
 */
export function attentionCircuit(options: AttentionOptions): CircuitDescription {
  const settings = readAttentionOptions(options);
  const stages = sizeStages(settings);
  return circuit(settings.name, (c) => {
    const report = describeFeedforward(c, settings, stages);
    if (settings.feedback || settings.lateral) describeAttention(c, settings, stages, report);
    c.readout(report.report);
    c.steps(settings.iterations);
  });
}

interface Feedforward {
  readonly gated: readonly PopulationHandle[];
  readonly pooled: readonly PopulationHandle[];
  readonly report: PopulationHandle;
}

function describeFeedforward(
  c: CircuitBuilder,
  { classes, image, pooling, units, sign }: AttentionSettings,
  stages: readonly SizedStage[],
): Feedforward {
  const vector = units === "vector" ? { dimension: classes } : {};
  const initial = units === "conventional" ? uniform() : sign === "excitatory" ? onOff() : he();
  const beyondFirst = { initial, sign };
  const pool = pooling === "max" ? maxPool : averagePool;
  const gated: PopulationHandle[] = [];
  const pooled: PopulationHandle[] = [];
  let below = c.input(inputName, { map: image });
  for (const { number, kernel, gain, ...maps } of stages) {
    const names = stageNames(number);
    const first = number === 1;
    const entrance = c.population(names.gated, { map: maps.gated, ...(first ? {} : vector), bias: "none" });
    c.project(below, entrance, { topology: oneToOne() });
    const filtered = c.population(names.filtered, { map: maps.filtered, ...vector, gain });
    c.project(entrance, filtered, { topology: convolutional({ kernel }), ...(first ? { initial } : beyondFirst) });
    below = c.population(names.pooled, { map: maps.pooled, ...vector, bias: "none" });
    c.project(filtered, below, { topology: pool({ size: poolSide }) });
    gated.push(entrance);
    pooled.push(below);
  }
  const report = c.population(reportName, units === "vector" ? { units: 1, ...vector } : { units: classes });
  c.project(below, report, { topology: dense(), ...beyondFirst });
  return { gated, pooled, report };
}

function describeAttention(
  c: CircuitBuilder,
  settings: AttentionSettings,
  stages: readonly SizedStage[],
  { gated, pooled, report }: Feedforward,
): void {
  const { classes, units, feedback, lateral, gating, inhibitionOfReturn, iterations, strength, upsampling } = settings;
  const up = upsample({ mode: upsampling });
  let above: PopulationHandle | undefined;
  if (feedback) {
    above = c.population(topFeedbackName, { map: stages.at(-1)!.pooled, gain: "tanh", bias: "unit" });
    let scores = report;
    if (units === "vector") {
      scores = c.population(reportComponentsName, { units: classes, bias: "none" });
      c.project(report, scores, { topology: components() });
    }
    c.project(scores, above, { topology: dense(), initial: uniform() });
  }
  /** The pooled map of a stage as scalar populations hear it. */
  const pooledRates = ({ number, pooled: map }: SizedStage, source: PopulationHandle) => {
    if (units === "conventional") return source;
    const mean = c.population(stageNames(number).averaged, { map, bias: "none" });
    c.project(source, mean, { topology: componentMean() });
    return mean;
  };
  for (const [index, stage] of [...stages.entries()].reverse()) {
    const { number, kernel, ...maps } = stage;
    const names = stageNames(number);
    const back = c.population(names.feedback, { map: maps.gated, gain: "tanh" });
    const bring = (name: string, source: PopulationHandle, channels: number) => {
      const spread = c.population(name, { map: { ...maps.filtered, channels }, bias: "none" });
      c.project(source, spread, { topology: up });
      c.project(spread, back, { topology: transposedConvolutional({ kernel }), initial: uniform() });
    };
    if (above) bring(names.descending, above, maps.pooled.channels);
    if (lateral) bring(names.lateral, pooledRates(stage, pooled[index]!), maps.pooled.channels);
    const attention = c.population(names.attention, {
      map: maps.gated,
      bias: "none",
      ...(inhibitionOfReturn ? { inhibitionOfReturn: {} } : {}),
    });
    c.project(back, attention, { topology: oneToOne() });
    if (gating && iterations > 1)
      c.project(attention, gated[index]!, { topology: oneToOne(), delay: 1, effect: "modulatory", strength });
    if (feedback) above = back;
  }
}
