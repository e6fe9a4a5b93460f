import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rateCourse, rateSchedules } from "../../src/training/rate-course.ts";

const runs = fc.record({
  rateSchedule: fc.constantFrom(...rateSchedules),
  rateDecay: fc.double({ min: 0.1, max: 1, noNaN: true }),
  stepsPerEpoch: fc.integer({ min: 1, max: 500 }),
  epochs: fc.integer({ min: 1, max: 8 }),
});

describe("the course of the learning rate", () => {
  it("starts at 1, never rises and never falls below 0", () => {
    fc.assert(
      fc.property(runs, ({ epochs, ...settings }) => {
        const totalSteps = settings.stepsPerEpoch * epochs;
        const factor = rateCourse({ ...settings, totalSteps });
        const factors = Array.from({ length: totalSteps }, (_, step) => factor(step));
        expect(factors[0]).toBe(1);
        expect(factors.filter((each, step) => each > (factors[step - 1] ?? 1))).toEqual([]);
        expect(factors.every((each) => each > 0)).toBe(true);
      }),
    );
  });

  it("falls by the decay from one epoch to the next where the schedule is constant", () => {
    fc.assert(
      fc.property(runs, fc.nat(), ({ epochs, ...settings }, drawn) => {
        const totalSteps = settings.stepsPerEpoch * epochs;
        const step = drawn % totalSteps;
        const factor = rateCourse({ ...settings, rateSchedule: "constant", totalSteps });
        expect(factor(step)).toBe(settings.rateDecay ** Math.floor(step / settings.stepsPerEpoch));
      }),
    );
  });

  it("is linear or half a cosine, 1/2 in the middle, and 0 after the last step", () => {
    const course = (rateSchedule: "linear" | "cosine") =>
      rateCourse({ rateSchedule, rateDecay: 1, stepsPerEpoch: 25, totalSteps: 100 });
    expect(course("linear")(25)).toBeCloseTo(0.75, 12);
    expect(course("cosine")(25)).toBeCloseTo((1 + Math.SQRT1_2) / 2, 12);
    for (const schedule of ["linear", "cosine"] as const) {
      expect(course(schedule)(50)).toBeCloseTo(0.5, 12);
      expect(course(schedule)(100)).toBeCloseTo(0, 12);
    }
  });
});
