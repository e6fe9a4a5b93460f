import fc from "fast-check";
import { type Program, tracePlan } from "../../../src/compute/plan.ts";
import type { Shape } from "../../../src/compute/shape.ts";
import type { Trace } from "../../../src/compute/trace.ts";
import type { Called } from "./called.ts";
import { drawnContestedMap, residentsOfContestedMap, traceContestedMap } from "./contested-maps.ts";
import { drawnGatedMap, traceGatedMap } from "./gated-maps.ts";
import { drawnRectifiedMap, traceRectifiedMap } from "./rectified-maps.ts";
import { drawnSteps, residentsOfSteps, traceSteps } from "./steps.ts";
import { drawnUpdate, residentsOfUpdate, traceUpdate } from "./updates.ts";
import { drawnUpsampledMaps, traceUpsampledMaps } from "./upsampled-maps.ts";

/** Part of a plan that some rule has something to do with. */
interface Part {
  residents(called: Called): Readonly<Record<string, Shape>>;
  trace(trace: Trace, called: Called): void;
}

const part = <Drawn>(
  drawn: fc.Arbitrary<Drawn>,
  trace: (trace: Trace, drawn: Drawn, called: Called) => void,
  residents: (drawn: Drawn, called: Called) => Readonly<Record<string, Shape>> = () => ({}),
): fc.Arbitrary<Part> =>
  drawn.map((each) => ({
    residents: (called) => residents(each, called),
    trace: (to, called) => trace(to, each, called),
  }));

const parts: fc.Arbitrary<Part> = fc.oneof(
  part(drawnContestedMap, traceContestedMap, residentsOfContestedMap),
  part(drawnGatedMap, traceGatedMap),
  part(drawnRectifiedMap, traceRectifiedMap),
  part(drawnSteps, traceSteps, residentsOfSteps),
  part(drawnUpdate, traceUpdate, residentsOfUpdate),
  part(drawnUpsampledMaps, traceUpsampledMaps),
);

/** Programs of one plan, "plan", of a few parts that stand beside each other. */
export const fusiblePrograms: fc.Arbitrary<Program> = fc.array(parts, { minLength: 1, maxLength: 3 }).map((drawn) => {
  const named = drawn.map((each, index) => ({ ...each, called: (name: string) => `${name} of part ${index}` }));
  const residents = Object.assign(
    {},
    ...named.map(({ residents, called }) => residents(called)),
  ) as Program["residents"];
  const plan = tracePlan("plan", residents, (trace) => {
    for (const { trace: add, called } of named) add(trace, called);
  });
  return { residents, plans: { plan } };
});
