import { tuningChanges } from "../../../analysis/tuning.ts";
import type { TuningRecord } from "../attention-record.ts";
import type { AttentionObserver } from "./attention-parts.ts";
import { observedParts } from "./attention-parts.ts";
import { type BarScenes, barObject } from "./bar-scenes.ts";
import { observeGlimpses } from "./observe-glimpses.ts";
import { type SceneGlimpse, scenesOf } from "./scene-glimpses.ts";
import { placesOf, positionNear } from "./stage-places.ts";

/** Units are tuned whose rates vary by at least this share of what those of the most varying unit do, in both conditions. */
const tunedFrom = 0.05;

/**
 * Tuning of units for bars, with attention on the bar and on the digit beside it. Each scene is looked at twice: whichever
 * object the first glimpse attends to, inhibition of return sends the second one to the other. A glimpse counts as attended where its
 * gated scene is nearest to the bar, and as unattended where it is nearest to the digit; scenes that were not seen both ways are
 * left out, so that both conditions are of the same scenes.
 *
 * The units are those of each stage, one a channel, whose receptive field is about the middle of the bar; a unit's rate for an
 * angle is the mean over distractors and the two places of the bar. Units whose curve hardly varies, attended or not, count as
 * untuned: a ratio of next to nothing says nothing.
 *
 * @param keep units whose curves are kept: those of the largest range without attention
 * @returns a record a stage; none where for some angle no scene was seen both ways
 */
export async function barTuning(
  observer: AttentionObserver,
  bars: BarScenes,
  angles: number,
  keep: number,
): Promise<TuningRecord[]> {
  const { parts } = observer;
  const places = placesOf(parts.stages);
  const sums = places.map(({ map: { channels } }) => ({
    attended: new Float64Array(channels * angles),
    unattended: new Float64Array(channels * angles),
  }));
  const counts = new Array<number>(angles).fill(0);
  const add = (sum: Float64Array, stage: number, trial: number, { filtered }: SceneGlimpse) => {
    const { channels } = places[stage]!.map;
    const position = positionNear(places[stage]!, bars.middleOf(trial));
    for (let channel = 0; channel < channels; channel++)
      sum[channel * angles + bars.angleOf(trial)]! += filtered[stage]![position * channels + channel]!;
  };
  let trial = 0;
  for await (const batch of observeGlimpses(observer, bars.trials, { glimpses: 2, observed: observedParts(parts) }))
    for (const { glimpses } of scenesOf(batch, parts)) {
      const attended = glimpses.find(({ nearest }) => nearest === barObject);
      const unattended = glimpses.find(({ nearest }) => nearest !== barObject);
      if (attended && unattended) {
        counts[bars.angleOf(trial)]!++;
        for (const [stage, sum] of sums.entries()) {
          add(sum.attended, stage, trial, attended);
          add(sum.unattended, stage, trial, unattended);
        }
      }
      trial++;
    }
  if (counts.some((count) => count === 0)) return [];
  return parts.stages.map(({ name }, stage) => {
    const curvesOf = (sum: Float64Array) => sum.map((value, index) => value / counts[index % angles]!);
    return tuningRecord(name, angles, curvesOf(sums[stage]!.attended), curvesOf(sums[stage]!.unattended), keep);
  });
}

/** @param attended [units, angles], like the other */
function tuningRecord(
  stage: string,
  angles: number,
  attended: Float64Array,
  unattended: Float64Array,
  keep: number,
): TuningRecord {
  const shape = [attended.length / angles, angles] as const;
  const units = Array.from({ length: attended.length / angles }, (_, unit) => unit);
  const curveOf = (curves: Float64Array, unit: number) => [...curves.subarray(unit * angles, (unit + 1) * angles)];
  const rangesOf = (curves: Float64Array) =>
    units.map((unit) => Math.max(...curveOf(curves, unit)) - Math.min(...curveOf(curves, unit)));
  const ranges = { attended: rangesOf(attended), unattended: rangesOf(unattended) };
  const varies = (each: readonly number[], unit: number) => each[unit]! >= tunedFrom * Math.max(...each);
  const tuned = tuningChanges({
    attended: { shape, data: attended },
    unattended: { shape, data: unattended },
  }).tuned.filter(({ unit }) => varies(ranges.attended, unit) && varies(ranges.unattended, unit));
  const byRange = tuned.map(({ unit }) => unit).sort((a, b) => ranges.unattended[b]! - ranges.unattended[a]! || a - b);
  const steady = tuned.filter(({ shift }) => Math.abs(shift) < 180 / angles);
  return {
    stage,
    angles: Array.from({ length: angles }, (_, index) => (180 * index) / angles),
    units: tuned.map(({ unit, gain, shift }) => ({ unit, gain, shift })),
    untuned: units.length - tuned.length,
    steadyShare: tuned.length === 0 ? null : steady.length / tuned.length,
    curves: byRange
      .slice(0, keep)
      .map((unit) => ({ unit, attended: curveOf(attended, unit), unattended: curveOf(unattended, unit) })),
  };
}
