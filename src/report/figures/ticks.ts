/** Distances of ticks, times a power of ten. */
const STEPS = [1, 2, 2.5, 5, 10];

/**
 * Ticks from 0 to a positive last value, at most so many steps apart: at round numbers and, where some round step leads
 * there, at the last value itself.
 */
export function ticksTo(last: number, most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(last / most));
  const steps = STEPS.map((step) => step * power).filter((step) => last / step <= most + 1e-9);
  const [smallest, ...larger] = steps as [number, ...number[]];
  const divides = (step: number) => Math.abs(last / step - Math.round(last / step)) < 1e-9;
  const step = [smallest, ...larger].find((each) => divides(each) && each <= last) ?? smallest;
  return Array.from({ length: Math.floor(last / step + 1e-9) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
}
