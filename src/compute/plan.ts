import { type Shape, sizeOf } from "./shape.ts";
import { type PlanStep, partsOf, type TracedStep } from "./step.ts";
import { Trace } from "./trace.ts";
import type { ValueRange } from "./value-range.ts";

/**
 * A traced orchestration: plain data that any executor can run, and that can tell its cost before it runs.
 */
export interface Plan {
  readonly name: string;
  /**
   * Kernel calls in order; only those that an output or an assignment needs. As traced each is of a declared kernel; an
   * executor may make one of several.
   */
  readonly steps: readonly PlanStep[];
  /** Shape of every tensor id as created. */
  readonly shapes: readonly Shape[];
  readonly inputs: ReadonlyMap<string, number>;
  /** Values that inputs take, by name; any where nothing is said. */
  readonly ranges: ReadonlyMap<string, ValueRange>;
  readonly outputs: ReadonlyMap<string, { readonly id: number; readonly shape: Shape }>;
  /** Ids under which the plan reads (or only assigns) residents. */
  readonly residents: ReadonlyMap<string, number>;
  /** Ids that become the residents' values when the run ends. */
  readonly assignments: ReadonlyMap<string, number>;
}

/** Plans that share residents: training, evaluation, alignment of one network. */
export interface Program {
  readonly residents: Readonly<Record<string, Shape>>;
  readonly plans: Readonly<Record<string, Plan>>;
}

/** What a plan will cost, known before it runs. */
export interface PlanCost {
  /** Number of calls by kernel name; a fused step is one, under its own. */
  readonly kernels: Readonly<Record<string, number>>;
  /** Floating-point operations of one run. */
  readonly flops: number;
  /** Bytes that the kernels read and write in one run (each input and output of each call once). */
  readonly bytes: number;
}

/** Records an orchestration once. */
export function tracePlan(
  name: string,
  residents: Readonly<Record<string, Shape>>,
  orchestrate: (trace: Trace) => void,
): Plan {
  const trace = new Trace(name, residents);
  orchestrate(trace);
  const recorded: Plan = {
    name,
    steps: trace.steps,
    shapes: trace.shapes,
    inputs: trace.inputs,
    ranges: trace.ranges,
    outputs: new Map([...trace.outputs].map(([output, { id, shape }]) => [output, { id, shape }])),
    residents: trace.residents,
    assignments: trace.assignments,
  };
  return withoutDeadSteps(recorded);
}

/** Ids whose values are needed when a run ends: what is read out, and what residents become. */
export function idsKept({ outputs, assignments }: Plan): Set<number> {
  return new Set([...assignments.values(), ...[...outputs.values()].map(({ id }) => id)]);
}

/** The same plan with only those steps that an output or an assignment needs: walks back from these. */
export function withoutDeadSteps(plan: Plan): Plan {
  const needed = idsKept(plan);
  const kept: PlanStep[] = [];
  for (const step of plan.steps.toReversed()) {
    if (!Object.values(step.outputs).some((id) => needed.has(id))) continue;
    for (const id of Object.values(step.inputs)) needed.add(id);
    kept.push(step);
  }
  return { ...plan, steps: kept.reverse() };
}

/**
 * Every value is made once: steps with those left out that make what a step before them has made. Parts of several fused
 * steps may be the same.
 */
export function withoutRepeats<Any extends PlanStep>(steps: readonly Any[]): Any[] {
  const made = new Set<number>();
  return steps.filter(({ outputs }) => {
    const ids = Object.values(outputs);
    const isNew = ids.some((id) => !made.has(id));
    for (const id of ids) made.add(id);
    return isNew;
  });
}

/** The recorded steps that define a plan: all of them in the place of those that stand for several. */
export const recordedSteps = ({ steps }: Plan): TracedStep[] => withoutRepeats(steps.flatMap(partsOf));

/** What one run of a plan costs. Of a fused step count its parts' operations, and the bytes that it reads and writes itself. */
export function costOf(plan: Plan): PlanCost {
  const kernels: Record<string, number> = {};
  let flops = 0;
  let bytes = 0;
  for (const step of plan.steps) {
    kernels[step.kernel.name] = (kernels[step.kernel.name] ?? 0) + 1;
    for (const part of partsOf(step)) flops += part.flops;
    for (const shape of [...Object.values(step.inputShapes), ...Object.values(step.outputShapes)])
      bytes += 4 * sizeOf(shape);
  }
  return { kernels, flops, bytes };
}
