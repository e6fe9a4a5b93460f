import { multiplyTransposed } from "../../kernels/contraction.ts";
import { spreadVector } from "../../kernels/gate.ts";
import { adamStep, momentumStep, sgdStep } from "../../kernels/optimiser.ts";
import type { ExecutablePlan } from "../../plan.ts";
import type { Step } from "../../trace.ts";
import { Uses } from "../uses.ts";

/** Optimiser steps by the name of the fused step that first makes their gradient. */
export const updateSteps: Readonly<Record<string, string>> = Object.fromEntries(
  [sgdStep, momentumStep, adamStep].map(({ declaration: { name } }) => [`update-${name}`, name]),
);
const fusedNames = new Map(Object.entries(updateSteps).map(([fused, optimiser]) => [optimiser, fused]));

/**
 * Replaces [spread vector ->] left-transposed product -> optimiser step by one step, where nothing else needs the values
 * between: a gradient is as large as the weights, and need not be written out to be read once.
 */
export function fuseUpdates(plan: ExecutablePlan): ExecutablePlan {
  const uses = new Uses(plan);
  const replaced = new Set<Step>();
  const fused = new Map<Step, Step>();
  for (const step of plan.steps) {
    const name = fusedNames.get(step.kernel.name);
    const gradient = step.inputs.gradient;
    if (name === undefined || gradient === undefined || !uses.onlyBy(gradient, [step])) continue;
    const product = uses.maker(gradient, multiplyTransposed.declaration.name);
    if (!product) continue;
    const left = product.inputs.left!;
    const spread = uses.onlyBy(left, [product]) ? uses.maker(left, spreadVector.declaration.name) : undefined;
    // The left operand is [batch, dimension * units] only where it is read in the shape that spreading has given it.
    const spreads = spread && spread.inputShapes.vector![0] === product.constants.inner ? spread : undefined;
    replaced.add(product);
    if (spreads) replaced.add(spreads);
    fused.set(step, join(name, step, product, spreads));
  }
  return { ...plan, steps: plan.steps.flatMap((step) => fused.get(step) ?? (replaced.has(step) ? [] : [step])) };
}

function join(name: string, optimiser: Step, product: Step, spread?: Step): Step {
  const inputs = <T>(pick: (step: Step) => Readonly<Record<string, T>>) => {
    const { gradient: _gradient, ...rest } = pick(optimiser);
    const { left, right } = pick(product) as { left: T; right: T };
    return { ...rest, right, ...(spread ? pick(spread) : { left }) };
  };
  return {
    kernel: { name, ...(optimiser.kernel.inPlace ? { inPlace: optimiser.kernel.inPlace } : {}) },
    inputs: inputs((step) => step.inputs),
    inputShapes: inputs((step) => step.inputShapes),
    outputs: optimiser.outputs,
    outputShapes: optimiser.outputShapes,
    constants: {
      ...optimiser.constants,
      ...product.constants,
      ...(spread ? { units: spread.constants.units! } : {}),
    },
  };
}
