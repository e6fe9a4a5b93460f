import type { KernelDeclaration } from "./kernel-declaration.ts";
import type { Step } from "./step.ts";
import { callKernel, type Tensor } from "./trace.ts";

export type { KernelBody, KernelDeclaration, KernelFamily, KernelThread, KernelValues } from "./kernel-declaration.ts";

/** A declared kernel is called on tensors; the call is recorded in their trace and its outputs come back as tensors. */
export interface Kernel<
  Input extends string,
  Output extends string,
  Attributes extends object,
  Constants extends object = Readonly<Record<string, number>>,
> {
  (
    inputs: Readonly<Record<Input, Tensor>>,
    ...attributes: object extends Attributes ? [] : [attributes: Attributes]
  ): Readonly<Record<Output, Tensor>>;
  readonly declaration: KernelDeclaration<Input, Output, Attributes, Constants>;
  /** The constants of a call of this kernel, as its shape rule gives them. */
  constantsOf(step: Pick<Step, "constants">): Constants;
}

const declared = new Map<string, KernelDeclaration>();

/** Declares a kernel. Its name must be new. */
export function defineKernel<
  Input extends string,
  Output extends string,
  Attributes extends object = object,
  Constants extends object = Readonly<Record<string, number>>,
>(declaration: KernelDeclaration<Input, Output, Attributes, Constants>): Kernel<Input, Output, Attributes, Constants> {
  if (declared.has(declaration.name)) throw new Error(`kernel "${declaration.name}" is declared twice`);
  declared.set(declaration.name, declaration as unknown as KernelDeclaration);
  const call = (inputs: Readonly<Record<Input, Tensor>>, ...[attributes]: readonly Attributes[]) =>
    callKernel(
      declaration as unknown as KernelDeclaration,
      inputs,
      (attributes ?? {}) as object,
    ) as unknown as Readonly<Record<Output, Tensor>>;
  const constantsOf = ({ constants }: Pick<Step, "constants">) => constants as Constants;
  return Object.assign(call, { declaration, constantsOf }) as unknown as Kernel<Input, Output, Attributes, Constants>;
}

/** Every kernel declared so far, by name. */
export function declaredKernels(): ReadonlyMap<string, KernelDeclaration> {
  return declared;
}
