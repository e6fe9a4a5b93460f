import type { KernelDeclaration } from "./kernel-declaration.ts";
import type { Shape } from "./shape.ts";

/** One call as an executor sees it: of a declared kernel, or of several that an accelerator does in one. */
export interface Step {
  readonly kernel: Pick<KernelDeclaration, "name" | "inPlace">;
  /** Ids by input name. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Ids by output name. */
  readonly outputs: Readonly<Record<string, number>>;
  readonly inputShapes: Readonly<Record<string, Shape>>;
  readonly outputShapes: Readonly<Record<string, Shape>>;
  readonly constants: Readonly<Record<string, number>>;
}

/** One recorded kernel call. */
export interface TracedStep extends Step {
  readonly kernel: KernelDeclaration;
  readonly flops: number;
}

/** One call that stands for several recorded ones. They define it: in order, they leave the same values in its outputs. */
export interface FusedStep extends Step {
  readonly parts: readonly TracedStep[];
}

/** A step of a plan: as it was recorded, or as an accelerator may run it. */
export type PlanStep = TracedStep | FusedStep;

export function isFused(step: PlanStep): step is FusedStep {
  return "parts" in step;
}

/** What a step is by definition: the recorded calls that it stands for, or itself. */
export function partsOf(step: PlanStep): readonly TracedStep[] {
  return isFused(step) ? step.parts : [step];
}

/** "max-pool-transport", or "update-sgd-step (matrix-product-left-transposed, sgd-step)" */
export function describeStep(step: PlanStep): string {
  const { name } = step.kernel;
  return isFused(step) ? `${name} (${step.parts.map(({ kernel }) => kernel.name).join(", ")})` : name;
}
