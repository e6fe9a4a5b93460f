import { modulation } from "../../../analysis/modulation.ts";
import type { AttentionRecord } from "../attention-record.ts";
import type { AttentionParts } from "./attention-parts.ts";
import { divideByObject } from "./gating.ts";
import type { SceneGlimpses } from "./scene-glimpses.ts";
import { placesOf, positionsAt, type StagePlaces } from "./stage-places.ts";

/**
 * By how much attention changes the activity of each stage. Units that respond to an object are those whose receptive field
 * has its middle on a pixel of that object alone. Their mean magnitude of rate while the object is chosen is compared with that of
 * the same units, for the same scene, while another one is: scene by scene, mean over its objects. Stages that are silent, and
 * all where no scene is seen both ways, are left out.
 */
export function modulationCount({ stages }: AttentionParts) {
  const places = placesOf(stages);
  const activities = stages.map(() => ({ attended: [] as number[], unattended: [] as number[] }));
  return {
    see(scene: SceneGlimpses): void {
      for (const [stage, place] of places.entries()) {
        const both = bothWays(scene, stage, place);
        if (!both) continue;
        activities[stage]!.attended.push(both.attended);
        activities[stage]!.unattended.push(both.unattended);
      }
    },
    result: (): AttentionRecord["modulation"] =>
      stages.flatMap(({ name }, stage) => {
        const { attended, unattended } = activities[stage]!;
        if (!unattended.some((activity) => activity > 0)) return [];
        // A row of scenes, so that the test pairs scenes.
        const row = (values: readonly number[]) => ({
          shape: [1, values.length] as const,
          data: Float64Array.from(values),
        });
        const { percent, test } = modulation({ attended: row(attended), unattended: row(unattended) });
        return [{ stage: name, percent, test }];
      }),
  };
}

function bothWays({ map, present, pixels, glimpses }: SceneGlimpses, stage: number, places: StagePlaces) {
  const sums = { attended: 0, unattended: 0, objects: 0 };
  const asked = glimpses.filter(({ asked }) => asked);
  for (const object of present) {
    const positions = positionsAt(places, map, new Set(divideByObject(pixels, present, object).attended));
    const chosen = asked.filter((glimpse) => glimpse.chosen === object);
    const others = asked.filter((glimpse) => glimpse.chosen !== object);
    if (positions.length === 0 || chosen.length === 0 || others.length === 0) continue;
    const activity = (seen: typeof asked) =>
      seen.reduce((sum, { filtered }) => sum + meanActivity(filtered[stage]!, positions, places), 0) / seen.length;
    sums.attended += activity(chosen);
    sums.unattended += activity(others);
    sums.objects++;
  }
  const { attended, unattended, objects } = sums;
  return objects === 0 ? undefined : { attended: attended / objects, unattended: unattended / objects };
}

function meanActivity(rates: Float32Array, positions: readonly number[], { map: { channels } }: StagePlaces): number {
  let sum = 0;
  for (const position of positions)
    for (let channel = 0; channel < channels; channel++) sum += Math.abs(rates[position * channels + channel]!);
  return sum / (positions.length * channels);
}
