import { multiplyMatrices } from "../../src/compute/kernels/contraction.ts";
import { momentumStep, sgdStep } from "../../src/compute/kernels/optimiser.ts";
import { add, multiply } from "../../src/compute/kernels/pointwise.ts";
import { rowProducts } from "../../src/compute/kernels/reduction.ts";
import { type Plan, type Program, tracePlan } from "../../src/compute/plan.ts";
import type { Shape } from "../../src/compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../../src/compute/trace.ts";
import {
  bound,
  type Computed,
  type Given,
  momentum,
  type PlanModel,
  type ProgramModel,
} from "../oracles/compute-program.ts";

/** Traces a drawn program. */
export function buildProgram({ residents, plans }: ProgramModel): Program {
  const shapes = Object.fromEntries(Object.entries(residents).map(([name, size]) => [name, [size]]));
  return {
    residents: shapes,
    plans: Object.fromEntries(Object.entries(plans).map(([name, model]) => [name, buildPlan(name, shapes, model)])),
  };
}

function buildPlan(name: string, residents: Readonly<Record<string, Shape>>, model: PlanModel): Plan {
  return tracePlan(name, residents, (trace) => {
    const tensors: (Tensor | undefined)[] = [];
    const tensor = (index: number): Tensor => {
      const expression = model.expressions[index]!;
      tensors[index] ??=
        "name" in expression ? given(trace, expression) : applied(expression, expression.operands.map(tensor));
      return tensors[index];
    };
    // All inputs are declared, and every step is traced, needed or not; residents only where something reads them.
    model.expressions.forEach(({ kind }, index) => {
      if (kind !== "resident") tensor(index);
    });
    for (const [output, index] of Object.entries(model.outputs)) trace.output(output, tensor(index));
    for (const [resident, index] of Object.entries(model.assignments)) trace.assign(resident, tensor(index));
  });
}

function given(trace: Trace, { kind, name, size }: Given): Tensor {
  return kind === "input" ? trace.input(name, [size]) : trace.resident(name);
}

function applied({ kind, form }: Computed, operands: readonly Tensor[]): Tensor {
  const bounds = { minimum: -bound, maximum: bound };
  const [a, b, c, d] = operands;
  const formed = (operand: Tensor | undefined) => reshape(operand!, form);
  const rate = (operand: Tensor | undefined) => reshape(operand!, [1]);
  switch (kind) {
    case "add":
      return add({ left: formed(a), right: formed(b) }).result;
    case "multiply":
      return multiply({ left: formed(a), right: formed(b) }).result;
    case "outer":
      return multiplyMatrices({ left: reshape(a!, [3, 1]), right: reshape(b!, [1, 20]) }).product;
    case "row-products":
      return rowProducts({ left: formed(a), right: formed(b) }).sums;
    case "sgd":
      return sgdStep({ weight: formed(a), gradient: formed(b), schedule: rate(c) }, bounds).weight;
    case "momentum-weight":
    case "momentum-velocity": {
      const given = { weight: formed(a), gradient: formed(b), velocity: formed(c), schedule: rate(d) };
      const stepped = momentumStep(given, { ...bounds, momentum });
      return kind === "momentum-weight" ? stepped.weight : stepped.velocity;
    }
  }
}
