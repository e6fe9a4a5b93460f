import type { Results } from "../compute/executor.ts";

/** Sums over samples, each counted as often as something is asked of it. */
export interface Tally {
  /** Samples of which something was asked. */
  asked: number;
  /** Sum of their losses, in the unit of the objective. */
  loss: number;
  /** Sum of their wrong decisions. */
  wrong: number;
}

export const emptyTally = (): Tally => ({ asked: 0, loss: 0, wrong: 0 });

export function addTally(total: Tally, part: Readonly<Tally>): void {
  total.asked += part.asked;
  total.loss += part.loss;
  total.wrong += part.wrong;
}

/** Sums over the real samples of a batch, which come before the padding, from what a plan gave of it (`outputVerdict`). */
export function tallyOf({ loss, wrong, asked }: Results, count: number): Tally {
  const total = emptyTally();
  for (let sample = 0; sample < count; sample++)
    addTally(total, { asked: asked?.[sample] ?? 1, loss: loss![sample]!, wrong: wrong![sample]! });
  return total;
}

/** Mean loss and error, the share of wrong decisions, over the samples that were asked; null where none was. */
export function meansOf({ asked, loss, wrong }: Readonly<Tally>): { loss: number | null; error: number | null } {
  return asked === 0 ? { loss: null, error: null } : { loss: loss / asked, error: wrong / asked };
}
