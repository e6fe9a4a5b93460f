import type { WindowSizes } from "../../kernels/window-layout.ts";
import type { PatchRows } from "./patches.ts";

/** Some positions of one sample. */
interface PositionRun {
  readonly sample: number;
  readonly first: number;
  readonly count: number;
}

/** The patches of runs that lie one after another from `offset` on. */
export function eachRun(
  { patch }: WindowSizes,
  runs: readonly PositionRun[],
  offset: number,
  visit: (sample: number, rows: PatchRows) => void,
): void {
  const rowBytes = 4 * patch;
  let at = offset;
  for (const { sample, first, count } of runs) {
    visit(sample, { offset: at, rowBytes, sampleBytes: count * rowBytes, samples: 1, first, count });
    at += count * rowBytes;
  }
}

/** Positions of all runs together. */
export const lengthOf = (runs: readonly PositionRun[]): number => runs.reduce((sum, { count }) => sum + count, 0);

/** Cuts positions [first, first + count) of samples [from, to) into lists of at most `rows` positions each. */
export function cut(from: number, to: number, first: number, count: number, rows: number): PositionRun[][] {
  const chunks: PositionRun[][] = [];
  let chunk: PositionRun[] = [];
  let room = rows;
  for (let sample = from; sample < to; sample++)
    for (let done = 0; done < count; ) {
      const taken = Math.min(room, count - done);
      chunk.push({ sample, first: first + done, count: taken });
      done += taken;
      room -= taken;
      if (room === 0) {
        chunks.push(chunk);
        chunk = [];
        room = rows;
      }
    }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}
