import { mean } from "../../../analysis/moments.ts";
import { pairedTTest } from "../../../analysis/two-sample-test.ts";
import type { AttentionRecord, GatingHistogram } from "../attention-record.ts";
import type { SceneGlimpses } from "./scene-glimpses.ts";

/** Attention below this is paid to a pixel; the same threshold marks it for inhibition of return. */
const attendedBelow = 0.5;

/** Pixels of the chosen object that no other object has, and those of others that it does not have. */
export function divideByObject(pixels: readonly Uint8Array[], present: readonly number[], chosen: number) {
  const attended: number[] = [];
  const unattended: number[] = [];
  for (let pixel = 0; pixel < pixels[chosen]!.length; pixel++) {
    const own = pixels[chosen]![pixel] === 1;
    const other = present.some((object) => object !== chosen && pixels[object]![pixel] === 1);
    if (own && !other) attended.push(pixel);
    if (other && !own) unattended.push(pixel);
  }
  return { attended, unattended };
}

/**
 * Counts by how much pixels were gated at the end of each glimpse: the factor 1 - s A, on pixels that the chosen object alone
 * has (attended) and on those that only other objects have (unattended). The factor is between 1 - s and 1 + s; without gating
 * it is 1.
 * The means, and the paired t-test of their difference, are over scenes that have pixels of both kinds, of each the mean over its
 * glimpses; null where there are none.
 *
 * _Agreement of the mask_: a pixel is attended where A < 0.5, as inhibition of return has it. Over the pixels of any object (the
 * background is left out), the share that is attended exactly where the chosen object is; mean over glimpses at scenes
 * with such pixels, null where there are none.
 */
export function gatingCount(strength: number, bins: number) {
  const spread = strength > 0 ? strength : 1;
  const [from, to] = [1 - spread, 1 + spread];
  const counts = { attended: new Array<number>(bins).fill(0), unattended: new Array<number>(bins).fill(0) };
  const means = { attended: [] as number[], unattended: [] as number[] };
  const agreements: number[] = [];
  const binOf = (factor: number) => Math.min(bins - 1, Math.max(0, Math.floor(((factor - from) / (to - from)) * bins)));
  return {
    see({ present, pixels, glimpses }: SceneGlimpses): void {
      const seen = { attended: [] as number[], unattended: [] as number[] };
      for (const { asked, chosen, attention } of glimpses) {
        if (!asked) continue;
        const divided = divideByObject(pixels, present, chosen);
        for (const kind of ["attended", "unattended"] as const)
          for (const pixel of divided[kind]) {
            const factor = 1 - strength * attention[pixel]!;
            counts[kind][binOf(factor)]!++;
            seen[kind].push(factor);
          }
        const found = agreement(pixels, present, chosen, attention);
        if (found !== undefined) agreements.push(found);
      }
      if (seen.attended.length === 0 || seen.unattended.length === 0) return;
      means.attended.push(mean(seen.attended));
      means.unattended.push(mean(seen.unattended));
    },
    result(): Pick<AttentionRecord, "maskAgreement"> & { gating: GatingHistogram } {
      const meanOf = (values: readonly number[]) => (values.length === 0 ? null : mean(values));
      return {
        maskAgreement: meanOf(agreements),
        gating: {
          from,
          to,
          ...counts,
          meanAttended: meanOf(means.attended),
          meanUnattended: meanOf(means.unattended),
          test: pairedTTest(means.attended, means.unattended),
        },
      };
    },
  };
}

function agreement(
  pixels: readonly Uint8Array[],
  present: readonly number[],
  chosen: number,
  attention: Float32Array,
): number | undefined {
  let right = 0;
  let total = 0;
  for (let pixel = 0; pixel < attention.length; pixel++) {
    if (!present.some((object) => pixels[object]![pixel] === 1)) continue;
    total++;
    if (attention[pixel]! < attendedBelow === (pixels[chosen]![pixel] === 1)) right++;
  }
  return total === 0 ? undefined : right / total;
}
