import type { Timing } from "./recorder.ts";

/** Adds up the seconds of this sitting and keeps a sample of step times. */
export function sittingClock(before: Timing) {
  const started = performance.now();
  const samples = [...before.stepMilliseconds];
  const largestSample = 1000;
  return {
    note(milliseconds: number) {
      if (samples.length >= largestSample) samples.shift();
      samples.push(milliseconds);
    },
    read: (): Timing => ({
      seconds: before.seconds + (performance.now() - started) / 1000,
      stepMilliseconds: samples,
    }),
  };
}

/** Steps per second of this sitting, evaluations included, and the time that the rest will take. */
export function speedometer(first: number) {
  const started = performance.now();
  return (step: number, totalSteps: number) => {
    const seconds = Math.max(1e-3, (performance.now() - started) / 1000);
    const stepsPerSecond = (step - first) / seconds;
    return { stepsPerSecond, secondsLeft: (totalSteps - step) / stepsPerSecond };
  };
}
