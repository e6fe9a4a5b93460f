import type { AttentionExample } from "../attention-record.ts";
import type { SceneGlimpses } from "./scene-glimpses.ts";

/** Four digits tell a value finer than any figure shows. */
const short = (values: Float32Array) => Array.from(values, (value) => Number(value.toPrecision(4)));

/** Keeps the first scenes with all glimpses at which an object was left to be chosen. */
export function exampleScenes(limit: number, classNames: readonly string[]) {
  const examples: AttentionExample[] = [];
  return {
    see({ map, scene, present, labels, glimpses }: SceneGlimpses): void {
      if (examples.length === limit) return;
      examples.push({
        height: map.height,
        width: map.width,
        channels: map.channels,
        scene: short(scene),
        objects: present.map((object) => classNames[labels[object]!]!),
        glimpses: glimpses
          .filter(({ asked }) => asked)
          .map(({ gated, attention, inhibition, reported, label }) => ({
            gated: short(gated),
            attention: short(attention),
            ...(inhibition ? { inhibition: Array.from(inhibition, (share) => (share >= 0.5 ? 1 : 0)) } : {}),
            report: classNames[reported.at(-1)!]!,
            chosen: classNames[label]!,
          })),
      });
    },
    result: () => examples,
  };
}
