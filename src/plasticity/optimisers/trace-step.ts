import { unbounded } from "../../circuits/constraints/constraint.ts";
import type { Parameter } from "../../circuits/parameters.ts";
import type { Tensor, Trace } from "../../compute/trace.ts";
import type { Optimiser } from "./optimiser.ts";

/** Name of the resident that holds an optimiser's memory of a parameter. */
export const memoryName = (parameter: string, memory: string): string => `${parameter}/${memory}`;

const anyNumber = { minimum: -unbounded, maximum: unbounded };

/** Traces one step of an optimiser along an update of a resident, and the sign constraint restored. */
export function traceStep(
  trace: Trace,
  { name, constraint, decays }: Pick<Parameter, "name" | "constraint" | "decays">,
  update: Tensor,
  optimiser: Optimiser,
  schedule: Tensor,
): void {
  const memories = optimiser.memories.map((memory) => [memory, trace.resident(memoryName(name, memory))]);
  const bounds = { ...(constraint?.bounds ?? anyNumber), decays };
  const stepped = optimiser.step(trace.resident(name), update, Object.fromEntries(memories), schedule, bounds);
  const weight = constraint?.restore?.(stepped.parameter) ?? stepped.parameter;
  trace.assign(name, weight);
  for (const [memory, value] of Object.entries(stepped.memories)) trace.assign(memoryName(name, memory), value);
}
