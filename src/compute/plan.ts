import { type Shape, sizeOf } from "./shape.ts";
import { type Step, Trace, type TracedStep } from "./trace.ts";
import type { ValueRange } from "./value-range.ts";

/**
 * A traced orchestration: plain data that any executor can run, and that can tell its cost before it runs.
 */
export interface Plan {
  readonly name: string;
  /** Kernel calls in order; only those that an output or an assignment needs. */
  readonly steps: readonly TracedStep[];
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

/** A plan as an executor runs it: some of its steps may have become one. */
export type ExecutablePlan = Omit<Plan, "steps"> & { readonly steps: readonly Step[] };

/** Plans that share residents: training, evaluation, alignment of one network. */
export interface Program {
  readonly residents: Readonly<Record<string, Shape>>;
  readonly plans: Readonly<Record<string, Plan>>;
}

/** What a plan will cost, known before it runs. */
export interface PlanCost {
  /** Number of calls by kernel name. */
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
  return {
    name,
    steps: liveSteps(trace),
    shapes: trace.shapes,
    inputs: trace.inputs,
    ranges: trace.ranges,
    outputs: new Map([...trace.outputs].map(([output, { id, shape }]) => [output, { id, shape }])),
    residents: trace.residents,
    assignments: trace.assignments,
  };
}

export function costOf(plan: Plan): PlanCost {
  const kernels: Record<string, number> = {};
  let flops = 0;
  let bytes = 0;
  for (const step of plan.steps) {
    kernels[step.kernel.name] = (kernels[step.kernel.name] ?? 0) + 1;
    flops += step.flops;
    for (const shape of [...Object.values(step.inputShapes), ...Object.values(step.outputShapes)])
      bytes += 4 * sizeOf(shape);
  }
  return { kernels, flops, bytes };
}

/** Walks back from outputs and assignments and keeps the steps that something needs. */
function liveSteps(trace: Trace): TracedStep[] {
  const needed = new Set<number>([...trace.assignments.values(), ...[...trace.outputs.values()].map(({ id }) => id)]);
  const kept: TracedStep[] = [];
  for (const step of [...trace.steps].reverse()) {
    if (!Object.values(step.outputs).some((id) => needed.has(id))) continue;
    for (const id of Object.values(step.inputs)) needed.add(id);
    kept.unshift(step);
  }
  return kept;
}
