/** Where an axis of per cents may start: near what was measured, since shares are often close to all. */
const STARTS = [
  { from: 99, ticks: [99, 99.5, 100] },
  { from: 90, ticks: [90, 95, 100] },
  { from: 50, ticks: [50, 75, 100] },
  { from: 0, ticks: [0, 25, 50, 75, 100] },
] as const;

/** Start and ticks of an axis up to 100 for values in per cent, those that are no number left out. */
export function percentAxis(values: readonly number[]): { from: number; ticks: readonly number[] } {
  const least = Math.min(100, ...values.filter(Number.isFinite));
  return STARTS.find((start) => least >= start.from) ?? STARTS[3];
}
