import { type Limits, limitOf } from "../limits.ts";
import { median } from "../statistics.ts";
import type { ScalingAxis } from "./axes.ts";

/** Time of a step at one size. */
export interface ScalingPoint {
  readonly value: number;
  /** Median of the steps. */
  readonly milliseconds: number;
  /** What its operations and bytes take at the machine's limits. */
  readonly limit: number;
}

/** Median times of a few steps at every value of an axis. */
export async function measureScaling(
  axis: ScalingAxis,
  limits: Limits,
  { provider, quick }: { provider: string; quick: boolean },
): Promise<ScalingPoint[]> {
  const points: ScalingPoint[] = [];
  for (const value of quick ? axis.values.slice(0, 2) : axis.values) {
    const prepared = await axis.prepare(value, provider);
    const times: number[] = [];
    for (let step = quick ? 0 : -2; step < (quick ? 1 : 7); step++) {
      const started = performance.now();
      await prepared.step();
      if (step >= 0) times.push(performance.now() - started);
    }
    await prepared.dispose();
    points.push({ value, milliseconds: median(times), limit: limitOf(prepared.cost, limits) });
  }
  return points;
}
